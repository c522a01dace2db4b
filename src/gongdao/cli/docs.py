"""`gongdao docs`: the pages of the documentation that are written by the code itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(add_completion=False, invoke_without_command=True)
_out = Console(highlight=False, soft_wrap=True)
_DOCS = Path(__file__).parents[3] / "docs"


@app.callback()
def docs(
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不改动 · change nothing, exit 1 when stale")
    ] = False,
) -> None:
    """生成参考文档 · write the generated pages of the reference"""
    from gongdao.store import schema

    schema.boot()
    from gongdao.web.reference import pages

    stale = 0
    for name, content in pages().items():
        path = _DOCS / name
        if path.is_file() and path.read_text(encoding="utf-8") == content:
            continue
        stale += 1
        if check:
            _out.print(f"✗ {name}：与代码不符 · differs from the code: run `gongdao docs`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            _out.print(f"✓ {name}")
    if check and stale:
        raise typer.Exit(1)
    _out.print("文档与代码一致 · the documentation agrees with the code")
