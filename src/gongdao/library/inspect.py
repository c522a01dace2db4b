"""Inspecting the shelf (核查): all that can be said about files without running a case."""

from __future__ import annotations

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.process.check import check_processes
from gongdao.core.rulebook.check import Place, check_book
from gongdao.core.rulebook.parse import nowhere
from gongdao.core.rulebook.reading import Where
from gongdao.library.golden import read_goldens
from gongdao.library.shelf import BookFile, Shelf
from gongdao.library.strict_yaml import read_yaml


def inspect_book(shelf: Shelf, file: BookFile) -> tuple[Finding, ...]:
    """Return every finding about one version and its golden cases, each with file and line."""
    parsed = shelf.parsed(file)
    if parsed.book is None:
        return parsed.findings
    place = place_in(shelf, file)
    goldens = read_goldens(file, parsed.book)
    return (
        *parsed.findings,
        *check_book(parsed.book, place),
        *check_processes(parsed.book, place),
        *goldens.findings,
    )


def place_in(shelf: Shelf, file: BookFile) -> Place:
    """Return what turns a dotted field of a book into `file:line`."""
    where = _where(shelf, file)
    return lambda field: where(tuple(int(p) if p.isdigit() else p for p in field.split(".")))


def _where(shelf: Shelf, file: BookFile) -> Where:
    try:
        return read_yaml(file.path.read_bytes(), shelf.shown(file.path)).where
    except BadInput:
        return nowhere


def inspect_platform(shelf: Shelf, name: str) -> tuple[Finding, ...]:
    """Return every finding about a platform's profile: faults, and subjects that are not there."""
    parsed = shelf.parsed_platform(name)
    if parsed.platform is None:
        return parsed.findings
    known = shelf.ids()
    found = [
        _missing(name, f"{subject}") for subject in parsed.platform.subjects if subject not in known
    ]
    asked_of = {**parsed.platform.questions, "floor": parsed.platform.floor}
    for question, asked in asked_of.items():
        for each in asked:
            for file in shelf.files(each.subject) if each.subject in known else ():
                book = shelf.parsed(file).book
                table = each.table or (book.asks if book else None)
                if book is not None and table not in book.tables:
                    found.append(_missing(name, f"{file.ref}/{table or question}"))
    return tuple(found)


def _missing(platform: str, what: str) -> Finding:
    return Finding(
        code="platform.missing",
        field=platform,
        message=Text(
            f"{platform} 引用的 {what} 不存在", f"{platform} names {what}, which is not there"
        ),
        cure=Text("请补上规则书或改正名称", "add the rulebook, or correct the name"),
        where=f"rulebooks/{platform}/platform.yaml:1",
    )
