"""`gongdao decide … --bulk` (批量裁决): a Parquet file of cases in, the same with answers out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from gongdao.cli.subject import Subject, named
from gongdao.cli.telling import Tongue, console, print_json, say
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.library.floors import floors_at
from gongdao.library.shelf import Shelf

if TYPE_CHECKING:
    from gongdao.analytics.engines.asked import Asked, Counts, Told
    from gongdao.analytics.run import Engine


class EngineName(StrEnum):
    """Where a bulk run is computed."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


def decide_bulk(
    asked: Subject,
    instant: datetime,
    source: Path,
    out: Path | None,
    engine: EngineName,
) -> dict[str, object]:
    """Answer every row of `source` into `out`; return what was written. BadInput `bulk.…`."""
    if out is None:
        raise _no_out()
    shelf = Shelf()
    book = asked.find(shelf, instant)
    table = asked.part or book.asks
    if table is None:
        raise named(Text("判定表", "table"), list(book.tables))
    _require(engine)
    from gongdao.analytics.engines.asked import Asked
    from gongdao.analytics.run import rule_file

    floors = tuple((law, f.name) for _, law, f in floors_at(shelf, book, table, instant))
    question = Asked(book, table, floors, instant.replace(microsecond=0))

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("裁决 · deciding", total=1.0)
        counts = rule_file(
            question,
            source,
            out,
            engine=_engine(engine),
            progress=lambda share: bar.update(task, completed=share),
        )
    return {
        "rulebook": book.ref,
        "digest": book.digest,
        "table": table,
        "floors": [law.ref for law, _ in floors],
        "rows": counts.rows,
        "decided": counts.rows - counts.undecided,
        "undecided": counts.undecided,
        "out": str(out),
    }


def tell_bulk(written: dict[str, object], lang: Tongue, *, as_json: bool) -> None:
    """Say what a bulk run wrote."""
    if as_json:
        print_json(written)
        return
    zh = "{rulebook} {table}：{rows} 行，已裁定 {decided}，未决 {undecided} → {out}"
    en = "{rulebook} {table}: {rows} rows, {decided} decided, {undecided} undecided → {out}"
    console().print(say(Text(zh.format_map(written), en.format_map(written)), lang))


def _no_out() -> BadInput:
    return BadInput(
        Finding(
            code="bulk.no_out",
            field="out",
            message=Text("没有写明输出文件", "no output file is named"),
            cure=Text("请加 --out OUT.parquet", "add --out OUT.parquet"),
        )
    )


def _require(engine: EngineName) -> None:
    """Refuse when the extra that an engine needs is not installed."""
    module, extra = ("pyspark", "spark") if engine is EngineName.SPARK else ("ibis", "analytics")
    if find_spec(module) is None:
        raise BadInput(
            Finding(
                code="bulk.not_installed",
                field="engine",
                message=Text(f"没有安装 {module}", f"{module} is not installed"),
                cure=Text(f"请安装 gongdao[{extra}]", f"install gongdao[{extra}]"),
            )
        )


def _engine(name: EngineName) -> Engine:
    if name is EngineName.DUCKDB:
        from gongdao.analytics.engines.on_duckdb import rule

        return rule
    if name is EngineName.SPARK:
        from gongdao.analytics.engines.on_spark import rule as rule_on_spark

        return rule_on_spark
    return _on_postgres


def _on_postgres(asked: Asked, source: Path, partial: Path, progress: Told) -> Counts:
    import psycopg

    from gongdao.analytics.engines.on_postgres import rule
    from gongdao.store.postgres import database

    with database() as address, psycopg.connect(address.dsn) as connection:
        return rule(asked, source, partial, progress, connection)
