"""Rulebook pages (规则书): what is in force, and one book with everything in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render

from gongdao.app.permissions import Verb, allow
from gongdao.core.rulebook.explain import title_of
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import say
from gongdao.library.shelf import Shelf
from gongdao.web.desk.drawing import draw
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.language import wording
from gongdao.web.desk.rule_text import condition, spoken

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from gongdao.app.permissions import Caller
    from gongdao.core.kernel.findings import Finding
    from gongdao.core.kernel.text import Text
    from gongdao.core.rulebook.model import Row, Rulebook, Table
    from gongdao.core.rulebook.processes import Process


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a table: alternatives of conditions, outputs, clauses."""

    id: str
    title: str
    alternatives: list[list[tuple[str, str]]]
    outputs: list[str]
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table as the page shows it."""

    name: str
    title: str
    hit: str
    outputs: list[str]
    rows: list[RowShown]


@dataclass(frozen=True, slots=True)
class ProcessShown:
    """A process as the page shows it: drawn, and said."""

    process: Process
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class NumberShown:
    """A parameter or formula as the page shows it."""

    name: str
    title: Text
    value: str
    cite: tuple[str, ...]
    house: bool


@for_callers
def rulebook_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show every rulebook, newest version first, by platform."""
    allow(caller, Verb.SEE_RULES)
    shelf = Shelf()
    books: dict[str, list[Rulebook]] = {}
    broken: list[Finding] = []
    for file in shelf.files():
        parsed = shelf.parsed(file)
        if parsed.book is None:
            broken.extend(parsed.findings[:1])
        else:
            books.setdefault(parsed.book.id, []).append(parsed.book)
    platforms = [
        (profile, [books.pop(name) for name in list(books) if name.startswith(f"{profile.name}/")])
        for profile in shelf.platforms()
    ]
    return render(
        request,
        "desk/rulebooks/list.html",
        {"platforms": platforms, "others": list(books.values()), "broken": broken},
    )


@for_callers
def rulebook_page(request: HttpRequest, caller: Caller, ref: str) -> HttpResponse:
    """Show one version of one book, `kuaishou/after-sale@2024-01-03`. NotVisible when unknown."""
    allow(caller, Verb.SEE_RULES)
    shelf = Shelf()
    book = shelf.exact(ref)
    return render(
        request,
        "desk/rulebooks/page.html",
        {
            "book": book,
            "versions": shelf.versions(book.id),
            "tables": [_table(table, book) for table in book.tables.values()],
            "processes": [ProcessShown(p, draw(p)) for p in book.processes.values()],
            "numbers": _numbers(book),
            "sources": list(book.sources.values()),
        },
    )


def _numbers(book: Rulebook) -> list[NumberShown]:
    enums = enums_of(book)
    parameters = [
        NumberShown(p.name, p.title, wording(say(p.value, p.type, enums)), p.cite, p.house)
        for p in book.parameters.values()
    ]
    formulas = [
        NumberShown(f.name, f.title, spoken(f.expression, book, f.type), f.cite, house=False)
        for f in book.formulas.values()
    ]
    return parameters + formulas


def _table(table: Table, book: Rulebook) -> TableShown:
    return TableShown(
        name=table.name,
        title=wording(table.title),
        hit=table.hit.value,
        outputs=list(table.gives),
        rows=[_row(row, table, book) for row in table.rows],
    )


def _row(row: Row, table: Table, book: Rulebook) -> RowShown:
    return RowShown(
        id=row.id,
        title=wording(row.title) if row.title else "",
        alternatives=[
            [(wording(title_of(book, cell.name)), condition(cell, book)) for cell in cells]
            for cells in row.alternatives
        ],
        outputs=[
            spoken(row.then[name], book, kind) if name in row.then else "—"
            for name, kind in table.gives.items()
        ],
        cite=row.cite,
    )
