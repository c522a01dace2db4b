"""Floors of a book (适用的底线): the tables of law that the platforms using a book list."""

from __future__ import annotations

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
                if law is None or demanded is None or not _overlap(book, law):
                    continue
                for table in tables & set(book.tables):
                    key = (str(table), law.ref, demanded.name)
                    found[key] = (book.tables[str(table)], law, demanded)
    return tuple(found[key] for key in sorted(found))


def _overlap(one: Rulebook, other: Rulebook) -> bool:
    ends = [b.in_force_until for b in (one, other) if b.in_force_until is not None]
    start = max(one.in_force_from, other.in_force_from)
    return all(start < end for end in ends)
