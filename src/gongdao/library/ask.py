"""Asking the shelf (询问): one table on plain facts, the floors of law applied as in a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, cast

from gongdao.core.adjudication.floor import with_floors
from gongdao.core.kernel.findings import BadInput
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.model import Kind, Rulebook, Table, Value
from gongdao.library.floors import Floor, floors_at
from gongdao.library.shelf import Shelf

#: Who said at which instant the question is asked: the caller (`at`), or nobody (`clock`).
SaidBy: TypeAlias = Literal["at", "clock"]
_NOW = "now"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered, and the facts of the book as they were understood."""

    answer: Answer
    facts: Mapping[str, Value]
    again: Callable[[Mapping[str, Value]], Answer]
    """Answers other facts of the book, by the same law; what only the law reads stays."""


def ask(
    shelf: Shelf, book: Rulebook, table: str, data: object, at: datetime, said_by: SaidBy = "clock"
) -> Asked:
    """Answer `table` of `book` on facts given as plain data, raised to the law in force at `at`.

    Facts that only the law asks for may be among them. A fact `now` that the book declares and the
    data do not give is `at` in whole seconds, its origin `said_by`. Raises BadInput naming each
    faulty fact.
    """
    floors = floors_at(shelf, book, table, at)
    own, of_law = _sorted_out(book, floors, data)
    read = read_facts(book, _at(book, own, at))
    faults = list(read.findings)
    for _, law, _ in floors:
        known = read_facts(law, _at(law, {n: v for n, v in of_law.items() if n in law.facts}, at))
        # A fact that the platform's book declares was judged above; what the law reads otherwise
        # is unknown to it.
        faults += [f for f in known.findings if (f.field or "").partition(".")[2] not in book.facts]
    if faults:
        raise BadInput(*dict.fromkeys(faults))
    origins: dict[str, str] = {} if of_law.get(_NOW) is not None else {_NOW: said_by}

    def again(facts: Mapping[str, Value]) -> Answer:
        told = _told_anew(book, read.facts, facts, of_law)
        demanded = [(law, _demanded(law, floor, told, at)) for _, law, floor in floors]
        return with_floors(book, evaluate(book, table, facts, origins), demanded)

    return Asked(again(read.facts), read.facts, again)


def _demanded(law: Rulebook, floor: Table, told: Mapping[str, object], at: datetime) -> Answer:
    known = read_facts(law, _at(law, {n: v for n, v in told.items() if n in law.facts}, at))
    return evaluate(law, floor.name, known.facts)


def _told_anew(
    book: Rulebook,
    before: Mapping[str, Value],
    facts: Mapping[str, Value],
    told: Mapping[str, object],
) -> dict[str, object]:
    """Return what the law is told when facts of the book are otherwise than `before`."""
    found = dict(told)
    for name, declared in book.facts.items():
        value = facts.get(name)
        if value != before.get(name):
            found[name] = plain(value, declared.type)
    return found


def _at(book: Rulebook, data: object, at: datetime) -> object:
    """Return the data with the instant of the question, in whole seconds as people say it."""
    declared = book.facts.get(_NOW)
    if declared is None or declared.type.kind is not Kind.INSTANT or _says_now(data):
        return data
    given = cast("dict[object, object]", data)
    return {**given, _NOW: at.replace(microsecond=0)}


def _says_now(data: object) -> bool:
    """Tell whether nothing is to be added: `now` is given, or the data are no facts at all."""
    if not isinstance(data, dict):
        return True
    return cast("dict[object, object]", data).get(_NOW) is not None


def _sorted_out(
    book: Rulebook, floors: tuple[Floor, ...], data: object
) -> tuple[object, dict[str, object]]:
    """Return what the book is given to read, and everything the law may read."""
    if not isinstance(data, dict):
        return data, {}
    given = cast("dict[object, object]", data)
    of_law = {n for _, law, _ in floors for n in law.facts}
    own = {n: v for n, v in given.items() if n in book.facts or n not in of_law}
    return own, {n: v for n, v in given.items() if isinstance(n, str)}
