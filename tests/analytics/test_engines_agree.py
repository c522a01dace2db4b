"""One table, several engines, one answer: plain Python, DuckDB, PostgreSQL and Spark.

Rows are generated at, just below and just above every limit of a rulebook, some facts unknown. The
default run asks 200 cases of every table on DuckDB and of each fifth table on PostgreSQL; the deep
run (`-m deep`) thousands of each on both, the Spark run (`-m spark`) wherever Java and pyspark are.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

import psycopg
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from gongdao.analytics.engines import on_duckdb, on_postgres, on_spark
from gongdao.analytics.engines.asked import Asked, Counts, Told
from gongdao.analytics.run import Engine, rule_file
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.library.shelf import Shelf
from gongdao.store.postgres import Address
from tests.analytics.expected import difference
from tests.analytics.generated import PLACE, Cases, arrow

SHELF = Shelf()
FILES = {f.ref: f for f in SHELF.files()}
UNKNOWN = (0.0, 0.05, 0.3)
"""Shares of facts unknown, by turns: with none the query leaves out every question of doubt."""

by_book = pytest.mark.parametrize("ref", FILES)


def silent(share: float) -> None:
    """Tell nobody how far the work is."""


@lru_cache(6)
def generated(ref: str, seed: int, unknown: float, huge: bool, rows: int) -> list[dict[str, Value]]:
    cases = Cases(SHELF.read(FILES[ref]), seed, unknown, huge=huge)
    return [cases.facts() for _ in range(rows)]


def disagreements(
    book: Rulebook, table: str, engine: Engine, folder: Path, *, seed: int, rows: int
) -> list[str]:
    """Answer generated cases by an engine, and say where plain Python answers otherwise."""
    turn = crc32(f"{table} {seed}".encode())
    facts = generated(book.ref, seed, UNKNOWN[turn % 3], turn % 5 == 0, rows)
    source, out = folder / "cases.parquet", folder / "answers.parquet"
    pq.write_table(arrow(book, facts), source)
    counts = rule_file(Asked(book, table), source, out, engine=engine, progress=silent)
    answers = ds.dataset(out, format="parquet").to_table().sort_by(PLACE).to_pylist()
    assert counts.rows == len(answers) == rows
    assert counts.undecided == sum(a["status"] == "undecided" for a in answers)
    found = [
        f"{book.ref}/{table} {fact}: {fault}"
        for fact, answer in zip(facts, answers, strict=True)
        if (fault := difference(book, table, fact, answer))
    ]
    return found[:3]


@by_book
def test_duckdb_answers_as_plain_python(ref: str, tmp_path: Path) -> None:
    book = SHELF.read(FILES[ref])
    for table in book.tables:
        assert not disagreements(book, table, on_duckdb.rule, tmp_path, seed=1, rows=200)


@pytest.fixture(scope="session")
def postgres(database: Address) -> Engine:
    def rule(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
        with psycopg.connect(database.dsn) as connection:
            return on_postgres.rule(asked, source, partial, progress, connection)

    return rule


@by_book
def test_postgres_answers_as_plain_python(ref: str, tmp_path: Path, postgres: Engine) -> None:
    book = SHELF.read(FILES[ref])
    for table in book.tables:
        if crc32(f"{ref} {table}".encode()) % 5 == 0:
            assert not disagreements(book, table, postgres, tmp_path, seed=2, rows=200)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3, 6))
@by_book
def test_deep_on_duckdb_and_postgres(ref: str, seed: int, tmp_path: Path, postgres: Engine) -> None:
    book = SHELF.read(FILES[ref])
    for table in book.tables:
        for engine in (on_duckdb.rule, postgres):
            assert not disagreements(book, table, engine, tmp_path, seed=seed, rows=2_000)


@pytest.mark.spark
@pytest.mark.filterwarnings("default")  # Spark's own
@pytest.mark.skipif(
    shutil.which("java") is None or find_spec("pyspark") is None, reason="no Java or no pyspark"
)
@by_book
def test_spark_answers_as_plain_python(ref: str, tmp_path: Path) -> None:
    book = SHELF.read(FILES[ref])
    for table in book.tables:
        assert not disagreements(book, table, on_spark.rule, tmp_path, seed=7, rows=200)


def test_a_wrong_answer_is_seen(tmp_path: Path) -> None:
    """The comparison itself can fail."""
    book = SHELF.read(FILES["kuaishou/after-sale@2024-01-03"])

    def wrong(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
        counts = on_duckdb.rule(asked, source, partial, progress)
        table = pq.read_table(partial)
        at = table.column_names.index("row")
        other = pa.array(["no-such-row"] * table.num_rows)
        pq.write_table(table.set_column(at, "row", other), partial)
        return counts

    assert disagreements(book, next(iter(book.tables)), wrong, tmp_path, seed=1, rows=50)
