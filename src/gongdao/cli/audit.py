"""`gongdao audit`: does everything recorded still hold together?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)
_SHOWN = 20


@app.callback()
def group() -> None:
    """核验 · verify."""


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """核验事件链、重放与账本 · event chains, replay against rows, ledger; exit 1 when wrong."""
    from rich.console import Console
    from rich.progress import Progress

    from gongdao.core.kernel.money import yuan
    from gongdao.store import schema

    schema.boot()

    from gongdao.app.queries.verify import verify as run_verify

    with Progress(console=Console(stderr=True), disable=as_json) as bar:
        task = bar.add_task("核验 · verifying", total=None)
        found = run_verify(lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        out = Console(highlight=False, soft_wrap=True)
        out.print(f"案件 · cases          {found.cases}")
        out.print(f"事件 · events         {found.events}  (链完整并重放一致 · chained, replayed)")
        out.print(f"分录 · ledger entries {found.entries}")
        out.print(f"账本合计 · ledger sum {yuan(found.ledger_sum_fen)} 元 · yuan")
        for problem in found.problems[:_SHOWN]:
            out.print(f"✗ {problem.code}  {problem.shop_id} {problem.subject}: {problem.detail}")
        if not found.problems:
            out.print("全部一致 · everything holds")
        elif len(found.problems) > _SHOWN:
            out.print(f"… 共 · in all {len(found.problems)}")
    if found.problems:
        raise typer.Exit(1)
