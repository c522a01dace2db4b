"""Ranking (优劣): the place of an outcome in the order that a table declares for a party."""

from __future__ import annotations

from gongdao.core.rulebook.model import Rulebook, Table
from gongdao.prove.logic import Term, all_of, either, integer_value
from gongdao.prove.terms import Meaning, Truth, members


def rank(
    given: Meaning, book: Rulebook, table: Table, output: str, ranked: tuple[str, ...]
) -> Term:
    """Return the place of an outcome in the declared order, worst 0; -1 for one not ranked."""
    found: Term = integer_value(-1)
    enum = table.gives[output].enum
    if isinstance(given, Truth) or enum is None:
        return found
    words = members(book, enum)
    for place, word in enumerate(ranked):
        if word in words:
            here = all_of([given.known, given.term == words.index(word)])
            found = either(here, integer_value(place), found)
    return found
