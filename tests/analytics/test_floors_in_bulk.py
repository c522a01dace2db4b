"""Bulk answers are raised to the law exactly as the answer to one case is.

Cases hold the facts of a platform's book and those that only the law asks for, some unknown, values
at every limit. Each is answered alone (`library.ask`) and all together; only cases that are not
refused alone are asked together, since one refused case refuses the whole file.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gongdao.analytics.engines import on_duckdb, on_postgres, on_spark
from gongdao.analytics.engines.asked import Asked, Counts, Told
from gongdao.analytics.run import Engine, rule_file
from gongdao.cli.main import app
from gongdao.core.kernel.findings import BadInput
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Operator, Rulebook, Value
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.library.ask import ask
from gongdao.library.floors import floors_at, floors_of
from gongdao.library.shelf import Shelf
from gongdao.store.postgres import Address
from tests.analytics.expected import difference_from, floor_difference
from tests.analytics.generated import PLACE, Cases, arrow

SHELF = Shelf()
UNKNOWN = (0.0, 0.1, 0.3)


def asked_with_law() -> Iterator[tuple[str, str, datetime]]:
    """Yield every table that has floors, at the beginning of each law that it meets."""
    for book in SHELF.all():
        starts = {
            (table.name, max(book.in_force_from, law.in_force_from))
            for table, law, _ in floors_of(SHELF, book)
        }
        yield from ((book.ref, table, at) for table, at in sorted(starts))


TABLES = list(asked_with_law())
by_table = pytest.mark.parametrize(
    ("ref", "table", "at"), TABLES, ids=[f"{r}/{t}/{a:%Y-%m-%d}" for r, t, a in TABLES]
)


def question(book: Rulebook, table: str, at: datetime) -> Asked:
    floors = tuple((law, f.name) for _, law, f in floors_at(SHELF, book, table, at))
    return Asked(book, table, floors, at)


def written(book: Rulebook, facts: dict[str, Value]) -> dict[str, Any]:
    return {n: plain(v, book.facts[n].type) for n, v in facts.items()}


@lru_cache(8)
def demanding(ref: str, table: str, seed: int) -> list[dict[str, Value]]:
    """Return facts on which a table of law demands something, which few random facts are."""
    law = SHELF.exact(ref)
    cases = Cases(law, seed, 0.05, huge=False)
    words = {
        c.name: [o.value for o in c.operands if isinstance(o, Constant)]
        for row in law.tables[table].rows
        for cells in row.alternatives
        for c in cells
        if c.name in law.facts and c.operator is Operator.NOT_IN
    }
    found: list[dict[str, Value]] = []
    for turn in range(3_000):
        facts = cases.facts()
        facts |= {name: listed[turn % len(listed)] for name, listed in words.items()}
        facts["received"] = True
        if any(v is not None for v in evaluate(law, table, facts).outputs.values()):
            found.append(facts)
    assert found
    return found


def steered(
    book: Rulebook, own: dict[str, Value], law: Rulebook, table: str, seed: int, turn: int
) -> dict[str, Value]:
    """Return the facts that a law asks for, by turns such as it demands something on.

    Then what the platform's book has of them is set likewise.
    """
    pool = demanding(law.ref, table, seed)
    chosen = pool[turn % len(pool)]
    for name, value in chosen.items():
        declared = book.facts.get(name)
        if declared is None:
            continue
        enum = enums_of(book).get(declared.type.enum or "")
        if enum is None or value in enum.members:
            own[name] = value
    return chosen


@lru_cache(2)
def answered(
    ref: str, table: str, at: datetime, seed: int, rows: int
) -> tuple[list[Answer], list[dict[str, Any]], pa.Table]:
    """Return single answers, and the cases as they were given and as the file that bulk reads."""
    book = SHELF.exact(ref)
    laws = list({law.ref: law for _, law, _ in floors_at(SHELF, book, table, at)}.values())
    unknown = UNKNOWN[seed % len(UNKNOWN)]
    made = [Cases(b, seed, unknown, huge=seed % 5 == 0) for b in (book, *laws)]
    answers: list[Answer] = []
    plainly: list[dict[str, Any]] = []
    facts: list[list[dict[str, Value]]] = [[] for _ in made]
    floors = floors_at(SHELF, book, table, at)
    for turn in range(rows):
        own, *of_law = [cases.facts() for cases in made]
        if turn % 3:
            _, law, floor = floors[turn % len(floors)]
            of_law[laws.index(law)] = steered(book, own, law, floor.name, seed, turn)
        data = written(book, own)
        given: list[dict[str, Value]] = [own]
        for law, more in zip(laws, of_law, strict=True):
            alone = {n: v for n, v in more.items() if n not in book.facts and n not in data}
            data |= written(law, alone)
            given.append(alone)
        try:
            found = ask(SHELF, book, table, data, at)
        except BadInput:
            continue  # contradicts itself in the eyes of the law
        answers.append(found.answer)
        plainly.append(data)
        for kept, one in zip(facts, given, strict=True):
            kept.append(one)
    return (
        answers,
        plainly,
        joined([arrow(b, f) for b, f in zip((book, *laws), facts, strict=True)]),
    )


def joined(tables: list[pa.Table]) -> pa.Table:
    """Return the columns of all; of a name that several have, whatever is not null anywhere."""
    found = tables[0]
    for other in tables[1:]:
        for name in other.column_names:
            if name not in found.column_names:
                found = found.append_column(name, other[name])
            elif other[name].null_count < len(other[name]):
                at = found.column_names.index(name)
                merged = pc.coalesce(found[name], other[name])
                found = found.set_column(at, name, merged)
    return found


def disagreements(
    ref: str, table: str, at: datetime, engine: Engine, folder: Path, *, seed: int, rows: int
) -> list[str]:
    answers, _, facts = answered(ref, table, at, seed, rows)
    assert len(answers) > rows // 2
    source, out = folder / "cases.parquet", folder / "answers.parquet"
    pq.write_table(facts, source)
    book = SHELF.exact(ref)
    rule_file(question(book, table, at), source, out, engine=engine, progress=lambda share: None)
    got = ds.dataset(out, format="parquet").to_table().sort_by(PLACE).to_pylist()
    raising = "floor" in question(book, table, at).added
    assert raising or "floor" not in got[0]
    return [
        f"{ref}/{table} {given}: {fault}"
        for given, answer, row in zip(facts.to_pylist(), answers, got, strict=True)
        if (fault := difference_from(book, answer, row) or floor_difference(SHELF, answer, row))
    ][:3]


@pytest.fixture(scope="session")
def postgres(database: Address) -> Engine:
    def rule(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
        with psycopg.connect(database.dsn) as connection:
            return on_postgres.rule(asked, source, partial, progress, connection)

    return rule


@by_table
def test_bulk_is_raised_as_one_case_is(
    ref: str, table: str, at: datetime, tmp_path: Path, postgres: Engine
) -> None:
    book = SHELF.exact(ref)
    if "floor" not in question(book, table, at).added:  # its answers have nothing that is ranked
        assert not disagreements(ref, table, at, on_duckdb.rule, tmp_path, seed=1, rows=50)
        return
    for engine in (on_duckdb.rule, postgres):
        assert not disagreements(ref, table, at, engine, tmp_path, seed=1, rows=400)


@pytest.mark.deep
@pytest.mark.parametrize("seed", [2, 3, 5])
@by_table
def test_deep_bulk_is_raised_as_one_case_is(
    ref: str, table: str, at: datetime, seed: int, tmp_path: Path, postgres: Engine
) -> None:
    for engine in (on_duckdb.rule, postgres):
        assert not disagreements(ref, table, at, engine, tmp_path, seed=seed, rows=2_000)


@pytest.mark.spark
@pytest.mark.filterwarnings("default")  # Spark's own
@pytest.mark.skipif(
    shutil.which("java") is None or find_spec("pyspark") is None, reason="no Java or no pyspark"
)
@by_table
def test_spark_is_raised_as_one_case_is(ref: str, table: str, at: datetime, tmp_path: Path) -> None:
    assert not disagreements(ref, table, at, on_spark.rule, tmp_path, seed=7, rows=200)


def test_cases_meet_every_law() -> None:
    """The comparison is about something: each law raises answers, and leaves others alone."""
    raised: Counter[str | None] = Counter()
    laws = {law.ref for b in SHELF.all() for _, law, _ in floors_of(SHELF, b)}
    for seed in range(1, 7):
        for ref, table, at in TABLES:
            if table == "ruling":
                answers, _, _ = answered(ref, table, at, seed, 300)
                raised.update(None if a.floor is None else a.floor.rulebook for a in answers)
        if laws <= set(raised):
            break
    assert raised[None] > 100
    assert {name for name in raised if name is not None} == laws


AT = datetime(2026, 7, 1, tzinfo=UTC)


def file_of(columns: dict[str, Any], folder: Path) -> Path:
    file = folder / "cases.parquet"
    pq.write_table(pa.table(columns), file)
    return file


def told(asked: Asked, columns: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    source, out = file_of(columns, folder), folder / "answers.parquet"
    rule_file(asked, source, out, engine=on_duckdb.rule, progress=lambda share: None)
    return pq.read_table(out).to_pylist()


def asked_douyin(columns: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    return told(question(SHELF.exact("douyin/dispute@2026-06-13"), "ruling", AT), columns, folder)


def test_what_the_law_alone_asks_for_is_refused_when_it_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        asked_douyin({"claim": ["return_refund"], "goods_class": ["spaceship"]}, tmp_path)
    found = caught.value.findings[0]
    assert (found.code, found.field) == ("bulk.bad_value", "goods_class")
    with pytest.raises(BadInput) as caught:
        asked_douyin({"claim": ["return_refund"], "distance_selling": ["yes"]}, tmp_path)
    found = caught.value.findings[0]
    assert (found.code, found.field) == ("bulk.wrong_column_type", "distance_selling")


def test_a_column_that_the_law_would_add_may_not_be_there_already(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        asked_douyin({"claim": ["return_refund"], "floor_row": ["x"]}, tmp_path)
    assert caught.value.findings[0].code == "bulk.column_taken"


def test_a_word_that_the_law_does_not_know_is_unknown_to_it(tmp_path: Path) -> None:
    """The platform's book accepts `likely`; the law's fact has no such word."""
    book, law = (small("test/book", ("proven", "likely")), small("law/book", ("proven", "refuted")))
    cases = {"shown": ["proven", "likely", None], "extra": ["a", "b", "c"]}
    got = told(Asked(book, "ruling", ((law, "ruling"),)), cases, tmp_path)
    assert [(r["extra"], r["status"], r["out_remedy"], r["floor_row"]) for r in got] == [
        ("a", "decided", "refund_only", "shown"),
        ("b", "decided", "dismiss", None),
        ("c", "decided", "dismiss", None),
    ]
    assert [r["floor_clauses"] for r in got] == ["T-1", None, None]


def test_one_fact_of_two_types_is_refused_rather_than_answered_otherwise(tmp_path: Path) -> None:
    book, law = (small("test/book", ("proven",)), small("law/book", None))
    with pytest.raises(BadInput) as caught:
        told(Asked(book, "ruling", ((law, "ruling"),)), {"shown": ["proven"]}, tmp_path)
    found = caught.value.findings[0]
    assert (found.code, found.field) == ("bulk.other_kind", "shown")


def small(name: str, words: tuple[str, ...] | None) -> Rulebook:
    """Return a book whose table dismisses; one of law gives a refund to what was shown."""
    given = {"zh": "事实", "en": "fact"}
    shown = {**given, "type": "boolean" if words is None else "shown"}
    proven = "!= refuted" if "refuted" in (words or ()) else "proven"
    when: dict[str, Any] = {"shown": True if words is None else proven}
    remedy = "refund_only" if name.startswith("law/") else "dismiss"
    rows: list[dict[str, Any]] = [
        {"id": "shown", "when": when, "then": {"remedy": remedy}, "cite": ["T-1"]},
        {"id": "else", "when": {}, "then": {"remedy": "dismiss"}, "cite": ["T-1"]},
    ]
    parsed = parse_rulebook(
        {
            "rulebook": name,
            "version": "2024-01-01",
            "title": given,
            "in_force": {"from": "2024-01-01T00:00:00+08:00"},
            "governs_by": "act_done",
            "sources": {"T-1": {**given, "ref": "house"}},
            "enums": {} if words is None else {"shown": dict.fromkeys(words, given)},
            "facts": {"shown": shown},
            "tables": {
                "ruling": {
                    "title": given,
                    "hit": "first",
                    "gives": {"remedy": "remedy"},
                    "rows": rows,
                    "order": {"buyer": {"remedy": ["dismiss", "refund_only"]}},
                }
            },
        },
        lambda _: "t:1",
    )
    assert parsed.book is not None, [f.message.en for f in parsed.findings]
    return parsed.book


def test_now_is_said_by_the_caller_where_a_case_does_not(tmp_path: Path) -> None:
    """Each case is as late as `now` says; the case without one is asked at the caller's instant."""
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    instants = pa.timestamp("us", "UTC")
    asked = Asked(SHELF.exact("jd/dispute@2025-07-04"), "contest", (), late)
    advanced = {"advanced_at": pa.array([early] * 3, instants)}
    some, none = (pa.array(v, instants) for v in ([early, late, None], [None, None, None]))
    for columns, expected in (
        ({"now": some}, [True, False, False]),
        ({"now": none}, [False, False, False]),
        ({}, [False, False, False]),
    ):
        got = told(asked, advanced | columns, tmp_path)
        assert [row["out_in_time"] for row in got] == expected


def test_the_command_gives_the_answer_of_the_command_for_one_case(tmp_path: Path) -> None:
    """A case that the law raises, asked alone and in a file: the same answer, both clauses."""
    ref, table, at = "taobao/dispute@2024-03-01", "ruling", datetime(2024, 7, 2, tzinfo=UTC)
    answers, given, facts = answered(ref, table, at, 1, 400)
    place = next(i for i, a in enumerate(answers) if a.floor is not None)
    pq.write_table(facts.slice(place, 1), tmp_path / "case.parquet")
    (tmp_path / "case.json").write_text(json.dumps(given[place]), "utf-8")
    words = ["decide", f"{ref}/{table}", "--at", at.isoformat(), "--json"]
    one = CliRunner().invoke(app, [*words, "--facts", str(tmp_path / "case.json")])
    out = tmp_path / "answer.parquet"
    many = CliRunner().invoke(
        app, [*words, "--bulk", str(tmp_path / "case.parquet"), "--out", str(out)]
    )
    assert (one.exit_code, many.exit_code) == (0, 0), one.output + many.output
    single, (bulk,) = json.loads(one.stdout), pq.read_table(out).to_pylist()
    assert bulk["floor"] == single["floor"]["rulebook"]
    assert bulk["floor_row"] == single["floor"]["row"]
    assert bulk["floor_clauses"].split(",") == single["floor"]["cite"]
    assert bulk["clauses"].split(",") == single["rows"][-1]["cite"]
    assert bulk["out_remedy"] == single["outputs"]["remedy"]
    assert single["floor"]["rulebook"] in json.loads(many.stdout)["floors"]
