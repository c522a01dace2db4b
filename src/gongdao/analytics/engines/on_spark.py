"""Spark (集群): for a lake too large for one machine; the output is a folder of Parquet parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow.dataset as ds

from gongdao.analytics.engines.asked import Asked, Counts, Told, layered


def spark() -> Any:  # noqa: ANN401  an Ibis backend
    """Return the session that `spark-submit` gave, or one on this machine; times are UTC."""
    engine = ibis.pyspark.connect()
    engine.raw_sql("SET spark.sql.session.timeZone = UTC")
    return engine


def rule(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
    """Answer every row of `source` into the folder `partial`."""
    engine = spark()
    relation = engine.read_parquet(str(source))
    names = tuple(relation.columns)
    asked.columns(names)
    with layered():
        answered = asked.compiled(relation, engine.to_pyarrow, names)
        engine.to_parquet(answered, partial)
    progress(1)
    written = ds.dataset(partial, format="parquet")
    undecided = written.count_rows(filter=ds.field("status") == "undecided")
    return Counts(written.count_rows(), undecided)
