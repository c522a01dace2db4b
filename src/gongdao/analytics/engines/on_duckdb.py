"""DuckDB (默认引擎): in memory, straight from Parquet to Parquet."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import ibis
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gongdao.analytics.engines.asked import Asked, Counts, Told, layered

_POLLED_EVERY_SECONDS = 0.2


def duckdb() -> Any:  # noqa: ANN401  an Ibis backend
    """Return DuckDB in memory, with no time zone of the machine's: UTC."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET TimeZone = 'UTC'")
    engine.raw_sql("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # as Ibis 12 writes lambdas
    return engine


def rule(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
    """Answer every row of `source` into the file `partial`."""
    engine = duckdb()
    relation = engine.read_parquet(source)
    names = tuple(relation.columns)
    asked.columns(names)
    with layered():
        answered = asked.compiled(relation, engine.to_pyarrow, names)
        _watched(engine, lambda: engine.to_parquet(answered, partial), progress)
    return counted(partial)


def _watched(engine: Any, work: Any, progress: Told) -> None:  # noqa: ANN401  Ibis is untyped
    """Run `work`, telling meanwhile how far DuckDB says it is."""
    done = Event()

    def watch() -> None:
        while not done.wait(_POLLED_EVERY_SECONDS):
            percent = engine.con.query_progress()
            if percent > 0:
                progress(percent / 100)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    progress(1)


def counted(written: Path) -> Counts:
    """Count the answers of a Parquet file."""
    with pq.ParquetFile(written) as file:
        rows, undecided = file.metadata.num_rows, 0
        for batch in file.iter_batches(columns=["status"]):
            undecided += batch.filter(pc.field("status") == "undecided").num_rows
        return Counts(rows, undecided)
