"""Floors of a book (适用的底线): the tables of law that the platforms using a book list."""

from __future__ import annotations

from datetime import datetime

from gongdao.core.rulebook.covers import claims_of
from gongdao.core.rulebook.model import Rulebook, Table
from gongdao.library.shelf import Shelf

#: A table of the book, and a table of law that it may not fall below.
Floor = tuple[Table, Rulebook, Table]


def floors_of(shelf: Shelf, book: Rulebook) -> tuple[Floor, ...]:
    """Return the floors of every table of `book` that a platform asks for a ruling.

    Only versions of the law that are in force at some time together with the book count. Faulty
    profiles and books of law are passed over: they have findings of their own.
    """
    found: dict[tuple[str, str, str], Floor] = {}
    for name in shelf.platform_names():
        platform = shelf.parsed_platform(name).platform
        if platform is None:
            continue
        asked = [q for questions in platform.questions.values() for q in questions]
        tables = {q.table or book.asks for q in asked if q.subject == book.id}
        for floor in platform.floor:
            for file in shelf.files(floor.subject):
                law = shelf.parsed(file).book
                demanded = law and law.tables.get(floor.table or law.asks or "")
                if law is None or demanded is None or not _meet(book, law):
                    continue
                for table in tables & set(book.tables):
                    key = (str(table), law.ref, demanded.name)
                    found[key] = (book.tables[str(table)], law, demanded)
    return tuple(found[key] for key in sorted(found))


def floors_at(shelf: Shelf, book: Rulebook, table: str, at: datetime) -> tuple[Floor, ...]:
    """Return the floors of one table by the law in force at `at`, in the order they are tried."""
    return tuple(f for f in floors_of(shelf, book) if f[0].name == table and _in_force(f[1], at))


def _in_force(law: Rulebook, at: datetime) -> bool:
    until = law.in_force_until
    return law.in_force_from <= at and (until is None or at < until)


def _meet(book: Rulebook, law: Rulebook) -> bool:
    """Whether both may be asked in one case: at some time, for some claim."""
    return bool(claims_of(book) & claims_of(law)) and _overlap(book, law)


def _overlap(one: Rulebook, other: Rulebook) -> bool:
    ends = [b.in_force_until for b in (one, other) if b.in_force_until is not None]
    start = max(one.in_force_from, other.in_force_from)
    return all(start < end for end in ends)
