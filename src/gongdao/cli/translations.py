"""`gongdao translations`: what pages say, in both languages; kept without the gettext programs."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(add_completion=False, invoke_without_command=True)
_out = Console(highlight=False, soft_wrap=True)


@app.callback()
def translations(
    check: Annotated[
        bool,
        typer.Option("--check", help="只检查，不改动 · change nothing, exit 1 when incomplete"),
    ] = False,
) -> None:
    """收集文案并编译译文 · collect what pages say and compile the translations"""
    from gongdao.web import catalogue

    if check:
        troubles = catalogue.check()
        for trouble in troubles:
            _out.print(f"✗ {trouble}")
        if troubles:
            raise typer.Exit(1)
        _out.print("译文完整 · the translation is complete")
        return
    left = catalogue.update()
    _out.print(f"已更新，{left} 条待译 · up to date, {left} left to translate")
