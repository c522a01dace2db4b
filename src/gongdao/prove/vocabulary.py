"""Vocabulary (变量): the facts of one copy of a rulebook as free values of the solver."""

from __future__ import annotations

from gongdao.core.rulebook.model import Kind, Rulebook, TypeOf
from gongdao.prove.logic import Term, all_of, any_of, boolean, integer, negated, real, text
from gongdao.prove.terms import Meaning, Quantity, Truth, literal, members

#: Instants outside these years are not those of orders.
_FIRST_SECOND, _LAST_SECOND = 1_262_304_000, 2_208_988_800


class Vocabulary:
    """The variables of one copy of a rulebook's facts. Two copies differ by their prefix."""

    def __init__(self, book: Rulebook, prefix: str = "") -> None:
        self.book = book
        self.prefix = prefix
        self.values: dict[str, Meaning] = {}
        self.domain: list[Term] = []
        """What every case satisfies: ranges, members, declared limits."""

    def fact(self, name: str) -> Meaning:
        """Return the variable of a fact, declaring it at first use."""
        found = self.values.get(name)
        if found is None:
            found = self.values[name] = self._declare(name, self.book.facts[name].type)
            self._limit(name, found)
        return found

    def open_parameter(self, name: str) -> Meaning:
        """Return a variable for a parameter that no source sets: the operator may choose any."""
        key = f"parameter {name}"
        found = self.values.get(key)
        if found is None:
            found = self.values[key] = self._declare(key, self.book.parameters[name].type)
            if isinstance(found, Quantity):
                self.domain.append(found.known)
            else:
                self.domain.append(any_of([found.yes, found.no]))
        return found

    def _declare(self, name: str, type_: TypeOf) -> Meaning:
        label = f"{self.prefix}{name}"
        known = boolean(f"{label}?")
        if type_.kind is Kind.BOOLEAN:
            value = boolean(label)
            return Truth(all_of([known, value]), all_of([known, negated(value)]))
        if type_.kind is Kind.DECIMAL:
            return Quantity(real(label), known)
        if type_.kind is Kind.TEXT:
            return Quantity(text(label), known)
        term = integer(label)
        if type_.kind is Kind.ENUM and type_.enum is not None:
            self.domain += [term >= 0, term < len(members(self.book, type_.enum))]
        if type_.kind is Kind.INSTANT:
            self.domain += [term >= _FIRST_SECOND, term <= _LAST_SECOND]
        return Quantity(term, known)

    def _limit(self, name: str, meaning: Meaning) -> None:
        declared = self.book.facts[name]
        if isinstance(meaning, Truth):
            return
        for limit, test in ((declared.minimum, _at_least), (declared.maximum, _at_most)):
            if limit is not None:
                bound = literal(limit, declared.type, self.book)
                if isinstance(bound, Quantity):
                    self.domain.append(test(meaning.term, bound.term))


def _at_least(left: Term, right: Term) -> Term:
    return left >= right


def _at_most(left: Term, right: Term) -> Term:
    return left <= right
