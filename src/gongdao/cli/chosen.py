"""Which rulebooks a command is about (所指规则书), and the options the rule commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from gongdao.cli.subject import read_subject
from gongdao.cli.telling import Tongue
from gongdao.library.shelf import BookFile, Shelf

Lang = Annotated[Tongue, typer.Option(help="语言 · language")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]
OptionalId = Annotated[
    str | None, typer.Argument(help="平台/主题[@版本] · platform/subject[@version]")
]
BookId = Annotated[str, typer.Argument(help="平台/主题[@版本] · platform/subject[@version]")]


def chosen(shelf: Shelf, book_id: str | None) -> list[BookFile]:
    """Return the files meant: one version, all versions of one book, or all. Raises NotVisible."""
    if book_id is None:
        return shelf.files()
    subject = read_subject(book_id)
    found = [
        f for f in shelf.files() if f.id == subject.book and subject.version in (None, f.version)
    ]
    if not found:
        shelf.exact(book_id)  # raises, naming what there is
    return found
