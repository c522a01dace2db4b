"""`gongdao docs`: the pages of the documentation that are written by the code itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gongdao.cli.findings import print_findings

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
    from gongdao.library import reference
    from gongdao.library.coverage import coverage
    from gongdao.library.shelf import Shelf
    from gongdao.web.reference import pages

    shelf = Shelf()
    covered = coverage(shelf)
    stale = 0
    written = {**pages(), **reference.pages(shelf, covered)}
    for path in _left_over(written):
        stale += 1
        _out.print(f"✗ {path.name}：没有对应的规则书 · belongs to no rulebook")
        if not check:
            path.unlink()
    for name, content in written.items():
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
    print_findings(covered.findings)
    if covered.findings or (check and stale):
        raise typer.Exit(1)
    _out.print("文档与代码一致 · the documentation agrees with the code")


def _left_over(written: Mapping[str, str]) -> list[Path]:
    """Return the pages of rulebooks that are no longer there."""
    kept = {_DOCS / name for name in written}
    return [p for p in sorted((_DOCS / "reference" / "rulebooks").glob("*.md")) if p not in kept]
