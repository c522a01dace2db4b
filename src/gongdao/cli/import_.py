"""`gongdao import`: orders from files, with progress, resumable, every bad row reported."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gongdao.cli.findings import print_findings
from gongdao.cli.ready import ready_database, told
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gongdao.app.import_batch import ImportTarget
    from gongdao.connectors.batch import Batch
    from gongdao.connectors.import_run import ImportReport
    from gongdao.store.imports import Progress as Done

app = typer.Typer(help="导入订单 · import orders", no_args_is_help=True, add_completion=False)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False)

Marketplace = Annotated[str, typer.Option(help="导入到哪个市场 · into which marketplace")]
Report = Annotated[
    Path | None,
    typer.Option("--errors", help="逐行错误清单 .csv 或 .jsonl · a report of every bad row"),
]
Again = Annotated[bool, typer.Option("--again", help="从第一行重新导入 · from the first row again")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]


@app.command()
def olist(
    folder: Annotated[Path, typer.Argument(help="Olist 的 Parquet 文件夹 · its folder")],
    marketplace: Marketplace = "olist",
    platform: Annotated[str, typer.Option(help="适用哪个平台的规则 · whose rules")] = "kuaishou",
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入 Olist 订单（巴西分按 1:1 记作分）· the Olist orders, Brazilian cents taken as fen"""
    from gongdao.app.found_marketplace import found_marketplace
    from gongdao.app.import_batch import ImportTarget
    from gongdao.connectors.batch import fingerprint
    from gongdao.connectors.olist import ORDERS, Destination, count_orders, read_olist
    from gongdao.store.marketplaces import MarketplaceRow

    with told(as_json=as_json):
        total = count_orders(folder)
        with ready_database():
            found_marketplace(
                MarketplaceRow(
                    id=marketplace,
                    platform=platform,
                    title=Text("Olist 公开订单", "Olist public orders"),
                )
            )
            target = ImportTarget(
                marketplace_id=marketplace, source=f"olist:{fingerprint(folder / ORDERS)}"
            )
            to = Destination(marketplace_id=marketplace, platform=platform)
            report = _run(
                target, lambda skip: read_olist(folder, to, skip_rows=skip), total, again=again
            )
    _tell(report, errors or _default_report(marketplace), as_json=as_json)


@app.command()
def orders(
    file: Annotated[Path, typer.Argument(help="CSV(.gz)、Excel 或 Parquet 文件 · the file")],
    mapping: Annotated[
        Path, typer.Option(help="映射文件或自带映射名 · mapping file, or a shipped name")
    ],
    marketplace: Marketplace = "imported",
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """按映射导入任意订单表 · any order export, by a mapping"""
    from gongdao.app.found_marketplace import found_marketplace
    from gongdao.app.import_batch import ImportTarget
    from gongdao.connectors.batch import fingerprint
    from gongdao.connectors.mapped_orders import read_mapped_file
    from gongdao.connectors.mapping import find_mapping, read_mapping
    from gongdao.connectors.tabular import check_columns
    from gongdao.store.marketplaces import MarketplaceRow

    with told(as_json=as_json):
        read_as = read_mapping(find_mapping(mapping))
        if (unread := check_columns(file, read_as)) and not as_json:
            print_findings(unread)
        with ready_database():
            found_marketplace(
                MarketplaceRow(
                    id=marketplace,
                    platform=read_as.platform,
                    title=Text(read_as.title.zh, read_as.title.en),
                )
            )
            target = ImportTarget(
                marketplace_id=marketplace, source=f"{read_as.mapping}:{fingerprint(file)}"
            )
            report = _run(
                target,
                lambda skip: read_mapped_file(file, read_as, marketplace, skip_rows=skip),
                None,
                again=again,
            )
    _tell(report, errors or _default_report(marketplace), as_json=as_json)


def _run(
    target: ImportTarget,
    read: Callable[[int], Iterator[Batch]],
    total: int | None,
    *,
    again: bool,
) -> ImportReport:
    from gongdao.connectors.import_run import run_import

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("导入 · importing", total=total)

        def show(done: Done) -> None:
            bar.update(task, completed=done.position)

        return run_import(target, read, again=again, batch_done=show)


def _default_report(marketplace: str) -> Path:
    from gongdao.store.config import current

    return current().var / "reports" / f"import-{marketplace}.csv"


def _tell(report: ImportReport, path: Path, *, as_json: bool) -> None:
    from gongdao.connectors.error_report import write_error_report

    done = report.progress
    counts = Counter(error.code for error in report.errors)
    if report.errors:
        write_error_report(path, report.errors)
    if as_json:
        data = {
            "rows": done.position,
            "orders": done.orders,
            "resumed_at": report.resumed_at,
            "findings": dict(sorted(counts.items())),
            "report": str(path) if report.errors else None,
        }
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    if report.resumed_at:
        _out.print(f"从第 {report.resumed_at} 行之后继续 · went on after row {report.resumed_at}")
    _out.print(
        f"[bold]{done.position}[/] 行 rows → [bold]{done.orders}[/] 单 orders，"
        f"{len(report.errors)} 条问题 findings"
    )
    for code, count in sorted(counts.items()):
        _out.print(f"  {count:>6}  {code}")
    if report.errors:
        _out.print(f"清单 · report: {path}", markup=False)
