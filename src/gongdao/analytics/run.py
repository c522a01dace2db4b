"""Running in bulk (批量裁决): a table of a rulebook over a Parquet file, on an existing engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from gongdao.analytics.intake import facts_of, refuse_bad_values
from gongdao.analytics.tables import OWN, Compiler
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.model import Rulebook


class Progress(Protocol):
    """Told how many rows are written; the command line shows it, a test may ignore it."""

    def __call__(self, rows: int) -> None:
        """`rows` rows have been written in all."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """What a bulk run wrote."""

    rows: int
    out: Path


def answers(book: Rulebook, table: str, relation: Any, run: Any) -> Any:  # noqa: ANN401  any engine
    """Return `relation` with the columns `status`, `row`, `clauses`, `out_…` added.

    `run` executes an aggregation and returns its row as a mapping; it is used once, to refuse values
    that no fact may have.
    """
    intake = facts_of(book, relation)
    refuse_bad_values(book, intake, run)
    answered = Compiler(book, intake.relation, intake.facts).answer(table)
    return answered.drop(
        *[c for c in answered.columns if c.startswith((OWN, "_f_")) and c not in relation.columns]
    )


def rule_file(
    book: Rulebook,
    table: str,
    source: Path,
    out: Path,
    *,
    engine: Any,
    progress: Progress,  # noqa: ANN401
) -> Done:
    """Answer `table` for every row of `source` and write them with their answers to `out`.

    Written to a neighbour and moved into place at the end: a run that dies leaves nothing behind.
    `engine` is an Ibis backend that can read Parquet.
    """
    relation = _read(engine, source)

    def one_row(aggregation: Any) -> dict[str, Any]:  # noqa: ANN401  any engine
        return engine.to_pyarrow(aggregation).to_pylist()[0]

    expression = answers(book, table, relation, one_row)
    partial = out.with_name(f".{out.name}.partial")
    try:
        rows = _write(engine, expression, partial, progress)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Done(rows, out)


def _write(engine: Any, expression: Any, partial: Path, progress: Progress) -> int:  # noqa: ANN401
    """Write the answered rows to `partial` and return how many there are."""
    if engine.name == "duckdb":
        engine.to_parquet(expression, partial)
        rows = pq.read_metadata(partial).num_rows
        progress(rows)
        return rows
    written = 0
    with engine.to_pyarrow_batches(expression, chunk_size=200_000) as batches:
        with pq.ParquetWriter(partial, batches.schema) as writer:
            for batch in batches:
                writer.write_table(pa.Table.from_batches([batch]))
                written += batch.num_rows
                progress(written)
    return written


def _read(engine: Any, source: Path) -> Any:  # noqa: ANN401  any engine
    if not source.is_file():
        raise BadInput(
            Finding(
                code="bulk.no_file",
                field="bulk",
                message=Text(f"没有文件 {source}", f"there is no file {source}"),
            )
        )
    if hasattr(engine, "read_parquet"):
        return engine.read_parquet(source)
    return engine.create_table("facts", pq.read_table(source), temp=True)


def duckdb() -> Any:  # noqa: ANN401  an Ibis backend
    """Return the default engine, in memory, with Beijing not assumed anywhere: UTC."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET TimeZone = 'UTC'")
    return engine
