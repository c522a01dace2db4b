"""Every shipped rulebook answers its golden cases, and every clause has one."""

from __future__ import annotations

import pytest

from gongdao.library.golden import Golden, read_goldens
from gongdao.library.inspect import inspect_book, inspect_platform
from gongdao.library.run_golden import run_golden, run_goldens
from gongdao.library.shelf import BookFile, Shelf

SHELF = Shelf()
FILES = SHELF.files()


def goldens() -> list[tuple[BookFile, Golden]]:
    found: list[tuple[BookFile, Golden]] = []
    for file in FILES:
        book = SHELF.parsed(file).book
        if book is not None:
            found += [(file, g) for g in read_goldens(file, book).goldens]
    return found


@pytest.mark.parametrize(
    ("file", "golden"), [pytest.param(f, g, id=f"{f.ref}:{g.line}") for f, g in goldens()]
)
def test_golden(file: BookFile, golden: Golden) -> None:
    assert run_golden(SHELF.read(file), golden).differences == []


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.ref)
def test_no_errors(file: BookFile) -> None:
    errors = [
        f"{f.where} {f.code}: {f.message.en}"
        for f in inspect_book(SHELF, file)
        if f.severity == "error"
    ]
    assert errors == []


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.ref)
def test_every_row_and_clause_has_a_case(file: BookFile) -> None:
    book = SHELF.read(file)
    unreached = run_goldens(book, read_goldens(file, book).goldens).unreached
    assert (unreached["rows"], unreached["clauses"]) == ((), ())


@pytest.mark.parametrize("name", SHELF.platform_names())
def test_platform_names_what_is_there(name: str) -> None:
    assert [f.message.en for f in inspect_platform(SHELF, name)] == []
