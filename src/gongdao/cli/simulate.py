"""`gongdao simulate`: what a platform's rules would have made of orders that really were."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gongdao.cli.ready import ready_database, told
from gongdao.cli.result_tables import show_results

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.app.simulate.results import Results
    from gongdao.app.simulate.run import Simulation

app = typer.Typer(
    help="在导入的订单上模拟 · simulate on imported orders",
    no_args_is_help=True,
    add_completion=False,
)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False)


@app.callback()
def group() -> None:
    """在导入的订单上模拟 · simulate on imported orders"""


@app.command()
def olist(
    platform: Annotated[
        str, typer.Option(help="按哪个平台的规则 · under whose rules")
    ] = "kuaishou",
    source: Annotated[str, typer.Option(help="用哪个市场的订单 · the orders of which")] = "olist",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="另开一个市场重新模拟 · once more, in a new marketplace")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """有理由的订单都开案，推到最后一个时限 · a case for every ground, to the end"""
    from gongdao.app.simulate.results import results
    from gongdao.app.simulate.run import prepare

    with told(as_json=as_json), ready_database():
        simulation = prepare(source, platform, fresh=fresh)
        if simulation.finished and not as_json:
            _out.print(
                "已模拟完毕，再次显示结果；--fresh 重新模拟 · played already; --fresh plays again"
            )
        seconds, refused = _play(simulation)
        found = results(simulation.marketplace_id, simulation.plans)
    if as_json:
        typer.echo(json.dumps(_data(simulation, found, seconds, refused), ensure_ascii=False))
    else:
        _show(simulation, found, seconds, refused)
    if found.ledger_sum_fen or found.open:
        raise typer.Exit(1)


def _play(simulation: Simulation) -> tuple[float | None, dict[str, int]]:
    """Play what is left; returns the seconds it took, and openings refused by code."""
    from gongdao.app.simulate.run import expected_end, run

    if simulation.finished:
        return None, {}
    first = simulation.reached or min(plan.opens_at for plan in simulation.plans)
    total = (expected_end(simulation.plans) - first).total_seconds()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    began = time.monotonic()
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("模拟 · simulating", total=total)

        def show(instant: datetime) -> None:
            done = (instant - first).total_seconds()
            bar.update(task, completed=done, description=f"{instant:%Y-%m-%d}")

        played = run(simulation, show)
    refused: dict[str, int] = {}
    for _, code in played.refused:
        refused[code] = refused.get(code, 0) + 1
    return time.monotonic() - began, refused


def _data(
    simulation: Simulation, found: Results, seconds: float | None, refused: dict[str, int]
) -> dict[str, object]:
    return {
        "marketplace": simulation.marketplace_id,
        "platform": simulation.platform,
        "orders": len(simulation.orders),
        **asdict(found),
        "refused_openings": refused,
        "seconds": None if seconds is None else round(seconds, 3),
        "cases_per_second": None if not seconds else round(_left(simulation) / seconds, 1),
    }


def _show(
    simulation: Simulation, found: Results, seconds: float | None, refused: dict[str, int]
) -> None:
    from gongdao.app.simulate.grounds import GROUND_LABELS

    labels = {ground.value: label for ground, label in GROUND_LABELS.items()}
    _out.print(
        f"[bold]{simulation.marketplace_id}[/]：{len(simulation.orders)} 单 orders → "
        f"{found.cases} 案 cases"
    )
    show_results(_out, found, labels)
    if refused:
        _out.print(f"未受理 · openings not accepted: {refused}", markup=False)
    if found.arrived_after_refund:
        _out.print(
            f"退款后包裹仍送达 · refunded, and the parcel still came: {found.arrived_after_refund}"
        )
    if seconds:
        rate = _left(simulation) / seconds
        _out.print(f"{seconds:.1f} 秒 s，每秒 {rate:.0f} 案 cases per second")


def _left(simulation: Simulation) -> int:
    """Return how many cases this run opened, an interrupted one before it left out."""
    reached = simulation.reached
    return sum(1 for plan in simulation.plans if reached is None or plan.opens_at > reached)
