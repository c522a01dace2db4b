"""`gongdao doctor`: is this installation fit to serve?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gongdao.app.examine_installation import examine_installation
from gongdao.store.config import current

if TYPE_CHECKING:
    from gongdao.app.examine_installation import Check

_MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "refused": "[bold red]✗[/]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")] = False,
) -> None:
    """体检；有不可接受之处退出码为 1 · check this installation; exit 1 on a refusal"""
    checks = examine_installation(current())
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        _print(checks)
    if any(check.verdict == "refused" for check in checks):
        raise typer.Exit(1)


def _print(checks: tuple[Check, ...]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(no_wrap=True)
    for check in checks:
        table.add_row(
            _MARKS[check.verdict],
            check.name,
            f"{check.title.zh} · {check.title.en}",
            check.seen.zh
            if check.seen.zh == check.seen.en
            else f"{check.seen.zh}\n{check.seen.en}",
        )
        if check.cure:
            table.add_row("", "", "", f"[green]→ {check.cure.zh}\n→ {check.cure.en}[/]")
    Console(highlight=False).print(table)
