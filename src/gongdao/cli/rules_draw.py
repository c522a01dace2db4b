"""`gongdao rules draw` (画图): the processes of a rulebook as SVG or Mermaid."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gongdao.cli.chosen import BookId, Lang, chosen
from gongdao.cli.subject import named, read_subject
from gongdao.cli.telling import Tongue, language, refusing
from gongdao.core.kernel.text import Text
from gongdao.core.process.draw import draw as draw_mermaid
from gongdao.core.process.svg import draw_svg
from gongdao.library.shelf import Shelf


class Format(StrEnum):
    """Form of the picture."""

    SVG = "svg"
    MERMAID = "mermaid"


def draw(
    book_id: BookId,
    form: Annotated[Format, typer.Option("--format", help="svg | mermaid")] = Format.SVG,
    out: Annotated[
        Path | None, typer.Option(help="文件夹，每个流程一个文件 · folder, one file a process")
    ] = None,
    lang: Lang = Tongue.ZH,
) -> None:
    """Draw the processes of a rulebook; ID may end in /process for one of them."""
    with refusing(lang, as_json=False):
        shelf, subject = Shelf(), read_subject(book_id)
        version = f"@{subject.version}" if subject.version else ""
        book = shelf.read(chosen(shelf, f"{subject.book}{version}")[-1])
        if not book.processes or (subject.part is not None and subject.part not in book.processes):
            raise named(Text("流程", "process"), list(book.processes))
    paint, ending = (draw_svg, "svg") if form is Format.SVG else (draw_mermaid, "mmd")
    for process in book.processes.values():
        if subject.part not in (None, process.name):
            continue
        picture = paint(process, language(lang))
        if out is None:
            typer.echo(picture, nl=False)
            continue
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"{process.name}.{ending}"
        path.write_text(picture, encoding="utf-8")
        typer.echo(path)
