"""PostgreSQL: the facts are copied into a temporary table and answered there."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from gongdao.analytics.engines.asked import Asked, Counts, Progress, layered

_PLACE = "gongdao_place"
_BATCH_ROWS = 100_000
_LOADING = 0.4
"""Share of the work that loading is, for the progress shown."""


def rule(asked: Asked, source: Path, partial: Path, progress: Progress, connection: Any) -> Counts:  # noqa: ANN401  psycopg stays in store
    """Answer every row of `source` into the file `partial`; `connection` is psycopg's."""
    engine = ibis.postgres.from_connection(connection)
    with pq.ParquetFile(source) as file:
        columns = asked.columns(tuple(file.schema_arrow.names))
        total = file.metadata.num_rows or 1
        relation = loaded(
            engine,
            file.schema_arrow,
            columns,
            file.iter_batches(_BATCH_ROWS, columns=columns),
            lambda rows: progress(_LOADING * rows / total),
        )
        with layered():
            answered = asked.compiled(relation, engine.to_pyarrow, (_PLACE,)).order_by(_PLACE)
            batches = engine.to_pyarrow_batches(answered, chunk_size=_BATCH_ROWS)
            return _joined(
                file,
                batches,
                partial,
                lambda rows: progress(_LOADING + (1 - _LOADING) * rows / total),
            )


def loaded(
    engine: Any,
    schema: pa.Schema,
    columns: tuple[str, ...],
    batches: Any,
    told: Callable[[int], None],
) -> Any:  # noqa: ANN401  Ibis is untyped
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


def _plain(field: pa.Field) -> pa.Field:
    """Return a field as PostgreSQL has it: no dictionaries, instants in UTC microseconds."""
    type_ = field.type
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if pa.types.is_timestamp(type_):
        type_ = pa.timestamp("us", type_.tz and "UTC")
    return pa.field(field.name, type_)


def _joined(
    file: pq.ParquetFile, answers: pa.RecordBatchReader, partial: Path, told: Callable[[int], None]
) -> Counts:
    """Write each row of the file beside its answer."""
    rows = undecided = 0
    schema = pa.schema([*file.schema_arrow, *[f for f in answers.schema if f.name != _PLACE]])
    with pq.ParquetWriter(partial, schema) as writer:
        given = file.iter_batches(_BATCH_ROWS)
        for answer in answers:
            batch = next(given)
            added = [answer.column(f.name) for f in answer.schema if f.name != _PLACE]
            writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema))
            rows += batch.num_rows
            undecided += pc.sum(pc.equal(answer.column("status"), "undecided")).as_py() or 0
            told(rows)
    return Counts(rows, undecided)
