"""Proving a rulebook (全书证明): every check of this room, over every table and guard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongdao.core.kernel.findings import Finding
from gongdao.core.rulebook.model import Rulebook, Table
from gongdao.prove.checks import check_table
from gongdao.prove.fairness import check_fairness
from gongdao.prove.floor import below_floor, exempt_by_house
from gongdao.prove.guards import check_guards

#: A table of the book, and a table of law that it may not fall below.
Floor = tuple[Table, Rulebook, Table]


def check_book(book: Rulebook, floors: Sequence[Floor] = ()) -> Iterator[Finding]:
    """Yield everything the solver finds wrong in a rulebook, each with a case that shows it."""
    for table in book.tables.values():
        yield from check_table(book, table)
        yield from check_fairness(book, table)
    yield from check_guards(book)
    for name in dict.fromkeys(table.name for table, _, _ in floors):
        yield from exempt_by_house(book, book.tables[name])
    for table, law, floor in floors:
        yield from below_floor(book, table, law, floor)
