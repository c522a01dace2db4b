"""Asking the shelf (询问): one table on plain facts, the floors of law applied as in a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from gongdao.core.adjudication.floor import with_floors
from gongdao.core.kernel.findings import BadInput
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.library.floors import Floor, floors_of
from gongdao.library.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered, and the facts of the book as they were understood."""

    answer: Answer
    facts: Mapping[str, Value]


def ask(shelf: Shelf, book: Rulebook, table: str, data: object, at: datetime) -> Asked:
    """Answer `table` of `book` on facts given as plain data, raised to the law in force at `at`.

    Facts that only the law asks for may be among them. Raises BadInput naming each faulty fact.
    """
    floors = [f for f in floors_of(shelf, book) if f[0].name == table and _in_force(f[1], at)]
    own, of_law = _sorted_out(book, floors, data)
    read = read_facts(book, own)
    faults = list(read.findings)
    demanded: list[tuple[Rulebook, Answer]] = []
    for _, law, floor in floors:
        known = read_facts(law, {n: v for n, v in of_law.items() if n in law.facts})
        # A fact that the platform's book declares was judged above; what the law reads otherwise
        # is unknown to it.
        faults += [f for f in known.findings if (f.field or "").partition(".")[2] not in book.facts]
        demanded.append((law, evaluate(law, floor.name, known.facts)))
    if faults:
        raise BadInput(*dict.fromkeys(faults))
    answer = evaluate(book, table, read.facts)
    return Asked(with_floors(book, answer, demanded), read.facts)


def _sorted_out(
    book: Rulebook, floors: list[Floor], data: object
) -> tuple[object, dict[str, object]]:
    """Return what the book is given to read, and everything the law may read."""
    if not isinstance(data, dict):
        return data, {}
    given = cast("dict[object, object]", data)
    of_law = {n for _, law, _ in floors for n in law.facts}
    own = {n: v for n, v in given.items() if n in book.facts or n not in of_law}
    return own, {n: v for n, v in given.items() if isinstance(n, str)}


def _in_force(book: Rulebook, at: datetime) -> bool:
    until = book.in_force_until
    return book.in_force_from <= at and (until is None or at < until)
