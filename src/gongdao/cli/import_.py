"""`gongdao import`: files of orders, parcels, requests, messages; every bad row reported."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gongdao.cli.findings import print_findings
from gongdao.cli.ready import ready_database, told
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from gongdao.connectors.canonical import Subject
    from gongdao.connectors.import_run import ImportReport
    from gongdao.store.imports import Progress as Done

app = typer.Typer(help="导入文件 · import files", no_args_is_help=True, add_completion=False)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False)

Marketplace = Annotated[str, typer.Option(help="导入到哪个市场 · into which marketplace")]
Report = Annotated[
    Path | None,
    typer.Option("--errors", help="逐行错误清单 .csv 或 .jsonl · a report of every bad row"),
]
File = Annotated[Path, typer.Argument(help="CSV(.gz)、Excel、Parquet 或 JSON Lines · the file")]
Into = Annotated[str, typer.Option("--marketplace", help="已有的市场 · a marketplace that exists")]
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
    from gongdao.app.import_batch import ImportTarget, take_orders
    from gongdao.connectors.batch import fingerprint
    from gongdao.connectors.import_run import run_import
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
            with _progress(total) as show:
                report = run_import(
                    target,
                    lambda skip: read_olist(folder, to, skip_rows=skip),
                    take=take_orders,
                    again=again,
                    batch_done=show,
                )
    _tell(report, errors or _default_report(marketplace), as_json=as_json)


@app.command("online-retail")
def online_retail(
    file: Annotated[Path, typer.Argument(help="Parquet 文件 · the Parquet file")],
    marketplace: Marketplace = "online-retail",
    platform: Annotated[str, typer.Option(help="适用哪个平台的规则 · whose rules")] = "tmall",
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入 Online Retail：发票为订单，取消单为部分退货 · invoices, and cancellations as returns"""
    from gongdao.app.found_marketplace import found_marketplace
    from gongdao.app.import_batch import ImportTarget, take_orders
    from gongdao.app.intake_requests import take_requests
    from gongdao.app.permissions import Verb
    from gongdao.connectors.batch import fingerprint
    from gongdao.connectors.import_run import run_import
    from gongdao.connectors.online_retail import read_invoices, read_returns
    from gongdao.store.marketplaces import MarketplaceRow

    with told(as_json=as_json), ready_database():
        title = Text("Online Retail 公开订单", "Online Retail, public orders")
        found_marketplace(MarketplaceRow(id=marketplace, platform=platform, title=title))
        digest = fingerprint(file) if file.is_file() else ""
        sold = ImportTarget(marketplace_id=marketplace, source=f"online-retail-orders:{digest}")
        sent_back = ImportTarget(
            marketplace_id=marketplace,
            source=f"online-retail-returns:{digest}",
            verb=Verb.IMPORT_REQUESTS,
        )
        with _progress(None) as show:
            bought = run_import(
                sold,
                lambda skip: read_invoices(file, marketplace, platform, skip_rows=skip),
                take=take_orders,
                again=again,
                batch_done=show,
            )
        with _progress(None) as show:
            returned = run_import(
                sent_back,
                lambda skip: read_returns(file, marketplace, platform, skip_rows=skip),
                take=take_requests,
                again=again,
                batch_done=show,
            )
    _tell(bought, errors or _default_report(marketplace), as_json=as_json)
    _tell(returned, _returns_report(errors, marketplace), as_json=as_json)


@app.command()
def orders(
    file: File,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="映射文件或自带映射名；不写则为标准列 · mapping file, or a shipped name;"
            " without it the columns are the canonical ones"
        ),
    ] = None,
    marketplace: Marketplace = "imported",
    platform: Annotated[
        str, typer.Option(help="没有映射时新市场的平台 · platform of a new one, without a mapping")
    ] = "",
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入订单：标准列，或按映射 · orders, by the canonical columns or by a mapping"""
    with told(as_json=as_json):
        if mapping is not None:
            report = _mapped(file, mapping, marketplace, again=again, as_json=as_json)
        else:
            report = _canonical(
                "orders", file, marketplace, platform=platform, again=again, as_json=as_json
            )
    _tell(report, errors or _default_report(marketplace), as_json=as_json)


@app.command()
def parcels(
    file: File,
    marketplace: Into,
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入包裹与物流节点 · parcels of orders and what carriers tell of them"""
    _import_canonical("parcels", file, marketplace, errors, again=again, as_json=as_json)


@app.command()
def requests(
    file: File,
    marketplace: Into,
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入售后申请，每件成为一个案件 · after-sale requests, each becomes a case"""
    _import_canonical("requests", file, marketplace, errors, again=again, as_json=as_json)


@app.command()
def messages(
    file: File,
    marketplace: Into,
    errors: Report = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """导入会话消息 · messages of conversations"""
    _import_canonical("messages", file, marketplace, errors, again=again, as_json=as_json)


def _import_canonical(
    subject: Subject,
    file: Path,
    marketplace: str,
    errors: Path | None,
    *,
    again: bool,
    as_json: bool,
) -> None:
    with told(as_json=as_json):
        report = _canonical(subject, file, marketplace, again=again, as_json=as_json)
    _tell(report, errors or _default_report(marketplace, subject), as_json=as_json)


def _canonical(
    subject: Subject,
    file: Path,
    marketplace: str,
    *,
    again: bool,
    as_json: bool,
    platform: str = "",
) -> ImportReport:
    from gongdao.app.found_marketplace import found_marketplace
    from gongdao.app.permissions import MARKETPLACE, not_visible
    from gongdao.connectors.canonical import import_canonical, open_canonical
    from gongdao.store.connection import transaction
    from gongdao.store.marketplaces import MarketplaceRow, find_marketplace

    with ready_database():
        if platform:
            title = Text(marketplace, marketplace)
            found_marketplace(MarketplaceRow(id=marketplace, platform=platform, title=title))
        with transaction() as on:
            market = find_marketplace(on, marketplace)
        if market is None:
            raise not_visible(MARKETPLACE, "marketplace")
        opened = open_canonical(subject, file, marketplace, market.platform)
        if opened.unread and not as_json:
            print_findings(opened.unread)
        with _progress(None) as show:
            return import_canonical(opened, marketplace, again=again, batch_done=show)


def _mapped(
    file: Path, mapping: Path, marketplace: str, *, again: bool, as_json: bool
) -> ImportReport:
    from gongdao.app.found_marketplace import found_marketplace
    from gongdao.app.import_batch import ImportTarget, take_orders
    from gongdao.connectors.batch import fingerprint
    from gongdao.connectors.import_run import run_import
    from gongdao.connectors.mapped_orders import read_mapped_file
    from gongdao.connectors.mapping import find_mapping, read_mapping
    from gongdao.connectors.tabular import check_columns
    from gongdao.store.marketplaces import MarketplaceRow

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
        with _progress(None) as show:
            return run_import(
                target,
                lambda skip: read_mapped_file(file, read_as, marketplace, skip_rows=skip),
                take=take_orders,
                again=again,
                batch_done=show,
            )


@contextmanager
def _progress(total: int | None) -> Generator[Callable[[Done], None]]:
    """Show how far an import has come while the block runs."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("导入 · importing", total=total)
        yield lambda done: bar.update(task, completed=done.position)


def _returns_report(errors: Path | None, marketplace: str) -> Path:
    """Return where the report of the returns goes: beside that of the orders."""
    if errors is None:
        return _default_report(marketplace, "requests")
    return errors.with_name(f"{errors.stem}-returns{errors.suffix}")


def _default_report(marketplace: str, subject: str = "orders") -> Path:
    from gongdao.store.config import current

    name = f"import-{marketplace}" if subject == "orders" else f"import-{marketplace}-{subject}"
    return current().var / "reports" / f"{name}.csv"


def _tell(report: ImportReport, path: Path, *, as_json: bool) -> None:
    from gongdao.connectors.error_report import write_error_report

    done = report.progress
    counts = Counter(error.code for error in report.errors)
    if report.errors:
        write_error_report(path, report.errors)
    if as_json:
        data = {
            "rows": done.position,
            "taken": done.taken,
            "resumed_at": report.resumed_at,
            "findings": dict(sorted(counts.items())),
            "report": str(path) if report.errors else None,
        }
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    if report.resumed_at:
        _out.print(f"从第 {report.resumed_at} 行之后继续 · went on after row {report.resumed_at}")
    _out.print(
        f"[bold]{done.position}[/] 行 rows → [bold]{done.taken}[/] 条已接入 taken，"
        f"{len(report.errors)} 条问题 findings"
    )
    for code, count in sorted(counts.items()):
        _out.print(f"  {count:>6}  {code}")
    if report.errors:
        _out.print(f"清单 · report: {path}", markup=False)
