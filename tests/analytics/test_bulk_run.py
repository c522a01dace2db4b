"""Bulk runs: exact answers, bad values refused, nothing half-written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gongdao.analytics.engines import on_duckdb
from gongdao.analytics.engines.asked import Asked
from gongdao.analytics.run import rule_file
from gongdao.cli.main import app
from gongdao.core.kernel.findings import BadInput
from gongdao.library.shelf import Shelf
from tests.core.rulebook.books import row, ruling

SHELF = Shelf()
BOOK = SHELF.exact("tmall/after-sale@2023-04-01")
WAGES = SHELF.exact("jd/customer-service@2023-04-20")
RESPONSE = {"answered_in_30s": [1, 0, None], "conversations": [3, 0, 9]}


def run(book: Any, table: str, columns: dict[str, Any], folder: Path) -> pa.Table:
    source, out = folder / "in.parquet", folder / "out.parquet"
    pq.write_table(pa.table(columns), source)
    rule_file(Asked(book, table), source, out, engine=on_duckdb.rule, progress=lambda share: None)
    return pq.read_table(out)


def refused(book: Any, table: str, columns: dict[str, Any], folder: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        run(book, table, columns, folder)
    assert sorted(p.name for p in folder.iterdir()) == ["in.parquet"]
    return caught.value


def test_input_columns_are_kept_and_answers_stand_beside(tmp_path: Path) -> None:
    got = run(WAGES, "response_rate", {"agent": ["a", "b", "c"], **RESPONSE}, tmp_path)
    assert got.column_names == [
        "agent", "answered_in_30s", "conversations", "status", "row", "clauses", "out_rate",
    ]  # fmt: skip
    assert got.to_pylist() == [
        {"agent": "a", "answered_in_30s": 1, "conversations": 3, "status": "decided",
         "row": "rate", "clauses": "JD-CS-01", "out_rate": 1 / 3},
        {"agent": "b", "answered_in_30s": 0, "conversations": 0, "status": "decided",
         "row": "no-conversations", "clauses": "JD-CS-01", "out_rate": None},
        {"agent": "c", "answered_in_30s": None, "conversations": 9, "status": "undecided",
         "row": None, "clauses": None, "out_rate": None},
    ]  # fmt: skip


def test_amounts_are_whole_fen(tmp_path: Path) -> None:
    """10 yuan a head, conversion a third above the team's: 10 + 3.333… is 13.33 yuan."""
    columns = {
        "people_received": [1],
        "bonus_base_fen": [1000],
        "conversion": [Decimal("0.4")],
        "team_conversion": [Decimal("0.3")],
        "own_basket_fen": [100],
        "team_basket_fen": [100],
    }
    got = run(WAGES, "performance", columns, tmp_path)
    assert got.schema.field("out_total_fen").type == pa.int64()
    assert got["out_total_fen"].to_pylist() == [1333]


def test_collected_rows_are_lists(tmp_path: Path) -> None:
    columns = {
        "response_time_seconds": [60, 1],
        "substance_time_seconds": [1, 1],
        "wrong_answer": [True, False],
        "unresolved": [False, False],
        "bad_attitude": [False, False],
        "resolves_too_little": [False, None],
    }
    first, second = run(WAGES, "deductions", columns, tmp_path).to_pylist()
    assert first["row"] == ["slow-response", "inaccurate"]
    assert first["clauses"] == ["JD-CS-09", "JD-CS-11", "JD-CS-12"]
    assert first["out_effect"] == ["deduct", "deduct"]
    assert (second["status"], second["row"]) == ("undecided", None)


@pytest.mark.parametrize(
    ("columns", "code", "field"),
    [
        ({**RESPONSE, "conversations": [3, -1, 9]}, "bulk.bad_value", "conversations"),
        ({**RESPONSE, "conversations": ["3", "x", "9"]}, "bulk.wrong_column_type", "conversations"),
        ({**RESPONSE, "job": ["pre_sales", "postman", None]}, "bulk.bad_value", "job"),
        ({**RESPONSE, "reply_rate": [0.5, 1.5, 0.1]}, "bulk.bad_value", "reply_rate"),
        ({**RESPONSE, "reply_rate": [0.5, float("nan"), 0.1]}, "bulk.bad_value", "reply_rate"),
        ({**RESPONSE, "base_salary_fen": [1, -1, 1]}, "bulk.bad_value", "base_salary_fen"),
        ({**RESPONSE, "base_salary": [1.0, 1e30, 1.0]}, "bulk.bad_value", "base_salary"),
        ({**RESPONSE, "status": ["x", "y", "z"]}, "bulk.column_taken", "status"),
        ({"weather": ["fine"]}, "bulk.no_fact_column", "bulk"),
    ],
)
def test_bad_values_are_refused_and_nothing_is_written(
    columns: dict[str, Any], code: str, field: str, tmp_path: Path
) -> None:
    found = refused(WAGES, "response_rate", columns, tmp_path).findings[0]
    assert (found.code, found.field) == (code, field)


def test_facts_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    columns = {"answered_in_30s": [4, 4, 5], "conversations": [3, 4, 3]}
    found = refused(WAGES, "response_rate", columns, tmp_path).findings[0]
    assert found.code == "facts.contradictory"
    assert found.message.en.endswith("(2 rows)")


def test_a_fraction_of_a_fen_is_no_amount(tmp_path: Path) -> None:
    columns = {**RESPONSE, "base_salary": [Decimal("1.000"), Decimal("1.005"), None]}
    found = refused(WAGES, "response_rate", columns, tmp_path).findings[0]
    assert (found.code, found.field) == ("bulk.bad_value", "base_salary")
    assert "1.005" in found.message.en


def test_an_instant_needs_a_time_zone(tmp_path: Path) -> None:
    name = next(n for n, d in BOOK.facts.items() if d.type.kind == "instant")
    naive = pa.array([datetime(2024, 1, 1)], pa.timestamp("us"))  # noqa: DTZ001  the point
    found = refused(BOOK, BOOK.asks or next(iter(BOOK.tables)), {name: naive}, tmp_path)
    assert found.code == "bulk.wrong_column_type"
    aware = pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    with pytest.raises(BadInput) as other:
        run(BOOK, "no-such-table", {name: aware}, tmp_path)
    assert other.value.code == "rules.no_such_table"


def test_what_was_there_stays_when_a_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.parquet").write_bytes(b"before")
    with pytest.raises(BadInput):
        run(WAGES, "response_rate", {**RESPONSE, "conversations": [3, -1, 9]}, tmp_path)
    assert (tmp_path / "out.parquet").read_bytes() == b"before"


def test_an_empty_file_gives_an_empty_file(tmp_path: Path) -> None:
    columns = {"conversations": pa.array([], pa.int64())}
    assert run(WAGES, "response_rate", columns, tmp_path).num_rows == 0


def command(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["decide", "jd/customer-service/response_rate", *arguments])
    return result.exit_code, result.output


def test_command_writes_and_counts(tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table(RESPONSE), source)
    code, said = command("--bulk", str(source), "--out", str(out), "--json")
    assert code == 0
    told = json.loads(said[said.index("{") :])
    assert (told["rows"], told["decided"], told["undecided"]) == (3, 2, 1)
    assert pq.read_table(out)["status"].to_pylist() == ["decided", "decided", "undecided"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("absent", None, "bulk.unreadable"), ("text", b"not parquet", "bulk.unreadable")],
)
def test_command_refuses_what_is_no_parquet(
    name: str, content: bytes | None, code: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    status, said = command("--bulk", str(source), "--out", str(tmp_path / "out.parquet"))
    assert status == 2
    assert code in said
    assert not (tmp_path / "out.parquet").exists()


def test_command_needs_a_place_for_the_answers(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table(RESPONSE), source)
    status, said = command("--bulk", str(source))
    assert (status, "bulk.no_out" in said) == (2, True)
    status, said = command("--bulk", str(source), "--out", str(tmp_path / "no" / "out.parquet"))
    assert (status, "bulk.unwritable" in said) == (2, True)


def test_a_table_that_counts_working_days_is_refused(tmp_path: Path) -> None:
    book = ruling(
        [
            row("in-time", {"now": "<= paid_at + 5 workdays"}, liable="buyer"),
            row("late", {}, liable="merchant"),
        ]
    )
    columns = {
        "paid_at": pa.array([None], pa.timestamp("us", "UTC")),
        "now": pa.array([None], pa.timestamp("us", "UTC")),
    }
    assert [f.code for f in refused(book, "ruling", columns, tmp_path).findings] == [
        "bulk.calendar_span"
    ]
