"""`gongdao demo`: from nothing to a marketplace whose clocks run, then its pages."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gongdao.cli.ready import ready_database, told
from gongdao.cli.result_tables import show_results

if TYPE_CHECKING:
    from gongdao.app.simulate.demo import DemoReport

app = typer.Typer(add_completion=False)
_out = Console(highlight=False, soft_wrap=True)


@app.command()
def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="之后启动网页与后台 · then serve the pages")
    ] = True,
    port: Annotated[int | None, typer.Option(help="端口 · port, or the next free one")] = None,
) -> None:
    """演示：生成两个市场，推演至今，核对账本，打开网页 · generate, play up to now, verify, serve"""
    # Before anything reads the settings: the demo has its accounts and its public secret.
    os.environ.setdefault("GONGDAO_DEMO", "1")
    began = time.monotonic()
    with told(), ExitStack() as held:
        with _out.status("启动数据库 · starting the database"):
            held.enter_context(ready_database())
        sound = _make()
        _out.print(f"{time.monotonic() - began:.1f} 秒 s")
        if not sound:
            raise typer.Exit(1)
        if serve:
            from gongdao.cli.serve import serve as serve_pages

            serve_pages(port=port, with_worker=True)


def _make() -> bool:
    """Make the demo and print what it holds; returns whether everything verified holds."""
    with _out.status("生成 · generating") as status:
        from gongdao.app.queries.verify import verify
        from gongdao.app.simulate.demo import PLATFORMS, make_demo

        def tell(platform: str) -> None:
            title = PLATFORMS[platform]
            status.update(f"生成并推演 {title.zh} · playing {title.en}")

        report = make_demo(datetime.now(UTC).replace(microsecond=0), told=tell)
        status.update("核验 · verifying")
        _create_accounts(report)
        found = verify()
        _show(report)
    _out.print(
        f"核验 verified：{found.cases} 案 cases，{found.events} 事件 events，"
        f"账本合计 ledger sum {found.ledger_sum_fen} 分 fen，"
        + ("[green]全部一致 everything holds[/]" if not found.problems else "")
    )
    for problem in found.problems:
        _out.print(f"[bold red]{problem}[/]")
    return not found.problems and found.ledger_sum_fen == 0


def _create_accounts(report: DemoReport) -> None:
    """Give the demo accounts the shop and the buyer with the most cases of each marketplace."""
    from gongdao.web.demo_accounts import DemoPlace, create_demo_accounts

    create_demo_accounts(
        DemoPlace(
            marketplace_id=made.marketplace_id,
            shop_id=Counter(t.order.shop_id for t in made.told).most_common(1)[0][0],
            buyer_id=report.buyer_id,
        )
        for made in report.marketplaces
    )


def _show(report: DemoReport) -> None:
    from gongdao.app.simulate.demo import PLATFORMS
    from gongdao.app.simulate.results import results

    for made in report.marketplaces:
        title = PLATFORMS[made.platform]
        _out.rule(f"{title.zh} · {title.en}：{len(made.orders)} 单 orders")
        show_results(_out, results(made.marketplace_id), {})
    for refused, count in sorted(Counter(report.refused).items()):
        _out.print(f"规则未准 · not allowed by the rules: {refused} × {count}", markup=False)
