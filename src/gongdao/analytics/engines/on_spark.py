"""Spark (集群): for a lake too large for one machine; the output is a folder of Parquet parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from gongdao.analytics.engines.asked import Asked, Counts, Told, layered


@ibis.udf.scalar.builtin(signature=((dt.Timestamp(timezone="UTC"),), dt.int64))
def unix_micros(instant: Any) -> Any:  # noqa: ANN401  Ibis reads the types from the signature
    """Spark's own function: an instant as microseconds since 1970."""


def spark() -> Any:  # noqa: ANN401  an Ibis backend
    """Return the session that `spark-submit` gave, or one on this machine; times are UTC."""
    engine = ibis.pyspark.connect()
    engine.raw_sql("SET spark.sql.session.timeZone = UTC")
    # Spark would write instants in its own old form of 96 bits, which says no time zone.
    engine.raw_sql("SET spark.sql.parquet.outputTimestampType = TIMESTAMP_MICROS")
    return engine


def rule(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
    """Answer every row of `source` into the folder `partial`."""
    engine = spark()
    relation = _in_utc(engine.read_parquet(str(source)), pq.read_schema(source))
    names = tuple(relation.columns)
    asked.columns(names)
    with layered():
        answered = asked.compiled(relation, engine.to_pyarrow, names, unix_micros)
        engine.to_parquet(answered, partial)
    progress(1)
    written = ds.dataset(partial, format="parquet")
    undecided = written.count_rows(filter=ds.field("status") == "undecided")
    return Counts(written.count_rows(), undecided)


def _in_utc(relation: Any, schema: pa.Schema) -> Any:  # noqa: ANN401  Ibis is untyped
    """Say of instants that they are: Ibis takes Spark's timestamps for wall-clock times."""
    instants = [f.name for f in schema if pa.types.is_timestamp(f.type) and f.type.tz]
    return relation.mutate(**{n: relation[n].cast("timestamp('UTC')") for n in instants})
