"""PostgreSQL: the facts are copied into a temporary table and answered there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
from sqlglot.expressions import Select, Subquery

from gongdao.analytics.engines.asked import Asked, Counts, Told, layered

_PLACE = "gongdao_place"
_BATCH_ROWS = 100_000
_LOADING = 0.4
"""Share of the work that loading is, for the progress shown."""


def rule(asked: Asked, source: Path, partial: Path, progress: Told, connection: Any) -> Counts:  # noqa: ANN401  psycopg stays in store
    """Answer every row of `source` into the file `partial`; `connection` is psycopg's."""
    engine = ibis.postgres.from_connection(connection)
    with pq.ParquetFile(source) as file:
        columns = asked.columns(tuple(file.schema_arrow.names))
        total = file.metadata.num_rows or 1
        relation = loaded(
            engine,
            file.schema_arrow,
            columns,
            file.iter_batches(_BATCH_ROWS, columns=list(columns)),
            lambda rows: progress(_LOADING * rows / total),
        )
        with layered():
            answered = asked.compiled(relation, engine.to_pyarrow, (_PLACE,)).order_by(_PLACE)
            statement = _statement(engine, answered)
        added = pa.schema([f for f in answered.schema().to_pyarrow() if f.name != _PLACE])
        with connection.cursor(name="gongdao_answers") as cursor:
            cursor.execute(statement)
            return _joined(
                file,
                cursor,
                added,
                partial,
                lambda rows: progress(_LOADING + (1 - _LOADING) * rows / total),
            )


def loaded(
    engine: Any,  # noqa: ANN401  Ibis is untyped
    schema: pa.Schema,
    columns: tuple[str, ...],
    batches: Iterator[pa.RecordBatch],
    told: Callable[[int], None],
) -> Any:  # noqa: ANN401  as above
    """Return a temporary table of `columns` and the place of each row, filled by COPY."""
    fields = [pa.field(_PLACE, pa.int64()), *(_plain(schema.field(c)) for c in columns)]
    own = pa.schema(fields)
    relation = engine.create_table("gongdao_facts", schema=ibis.Schema.from_pyarrow(own), temp=True)
    listed = ", ".join(f'"{name}"' for name in own.names)
    statement = f"COPY gongdao_facts ({listed}) FROM STDIN (FORMAT csv)"
    rows = 0
    with engine.con.cursor() as cursor, cursor.copy(statement) as copy:
        for batch in batches:
            places = pa.array(range(rows, rows + batch.num_rows), pa.int64())
            table = pa.Table.from_arrays([places, *batch.columns], names=own.names).cast(own)
            sink = BytesIO()
            pc_csv.write_csv(table, sink, pc_csv.WriteOptions(include_header=False))
            copy.write(sink.getvalue())
            rows += batch.num_rows
            told(rows)
    engine.con.execute("ANALYZE gongdao_facts")
    return relation


def _statement(engine: Any, answered: Any) -> str:  # noqa: ANN401  as above
    """Write the query so that each stage is computed once.

    PostgreSQL would merge a subquery into the query around it, and compute every stage again
    wherever it is read; it leaves alone a subquery with `OFFSET 0`.
    """
    query = engine.compiler.to_sqlglot(answered)
    for stage in query.find_all(Subquery):
        if isinstance(stage.this, Select):
            stage.this.offset(0, copy=False)
    return str(query.sql("postgres"))


def _plain(field: pa.Field[Any]) -> pa.Field[Any]:
    """Return a field as PostgreSQL has it: no dictionaries, instants in UTC microseconds."""
    type_ = field.type
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if pa.types.is_timestamp(type_):
        type_ = pa.timestamp("us", type_.tz and "UTC")
    return pa.field(field.name, type_)


def _joined(
    file: pq.ParquetFile,
    cursor: Any,  # noqa: ANN401  psycopg stays in store
    added: pa.Schema,
    partial: Path,
    told: Callable[[int], None],
) -> Counts:
    """Write each row of the file beside its answer; both come in the order of the file."""
    rows = undecided = 0
    schema = pa.schema([*file.schema_arrow, *added])
    with pq.ParquetWriter(partial, schema) as writer:
        for batch in file.iter_batches(_BATCH_ROWS):
            answers = list(zip(*cursor.fetchmany(batch.num_rows), strict=True))[1:]
            arrays = [pa.array(a, f.type) for a, f in zip(answers, added, strict=True)]
            columns = [*batch.columns, *arrays]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += batch.num_rows
            undecided += answers[0].count("undecided")
            told(rows)
    return Counts(rows, undecided)
