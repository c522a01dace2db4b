# The solver's own Python face carries no types; this one file is where it is met, so that the rest
# of the room can be checked strictly.
# pyright: basic
"""Logic (逻辑): the solver's words, typed. Nothing else in the project imports the solver."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import z3

#: A formula or value of the solver.
Term: TypeAlias = Any

#: How long the solver may think about one question before it says that it does not know.
PATIENCE_MS = 10_000

TRUE: Term = z3.BoolVal(True)  # noqa: FBT003  the solver takes its literal so
FALSE: Term = z3.BoolVal(False)  # noqa: FBT003  the solver takes its literal so


def all_of(terms: Iterable[Term]) -> Term:
    """Conjunction; true for none."""
    return z3.And(list(terms))


def any_of(terms: Iterable[Term]) -> Term:
    """Disjunction; false for none."""
    return z3.Or(list(terms))


def negated(term: Term) -> Term:
    """Negation."""
    return z3.Not(term)


def either(condition: Term, then: Term, otherwise: Term) -> Term:
    """`then` where the condition holds, `otherwise` elsewhere."""
    return z3.If(condition, then, otherwise)


def boolean(name: str) -> Term:
    """A free truth."""
    return z3.Bool(name)


def integer(name: str) -> Term:
    """A free whole number."""
    return z3.Int(name)


def real(name: str) -> Term:
    """A free number."""
    return z3.Real(name)


def text(name: str) -> Term:
    """A free text."""
    return z3.String(name)


def truth_value(value: bool) -> Term:  # noqa: FBT001  it is the value itself
    """A literal truth."""
    return z3.BoolVal(value)


def integer_value(value: int) -> Term:
    """A literal whole number."""
    return z3.IntVal(value)


def ratio(value: Fraction) -> Term:
    """A literal exact number."""
    return z3.Q(value.numerator, value.denominator)


def text_value(value: str) -> Term:
    """A literal text."""
    return z3.StringVal(value)


def as_real(term: Term) -> Term:
    """The same number, as one that may have a fraction."""
    return term if term.is_real() else z3.ToReal(term)


def floor_of(term: Term) -> Term:
    """The largest whole number not above."""
    return z3.ToInt(term) if term.is_real() else term


def unknown_function(name: str, argument: Term) -> Term:
    """An integer function of which only consistency is known."""
    return z3.Function(name, z3.IntSort(), z3.IntSort())(argument)


def same_sort(one: Term, other: Term) -> bool:
    """Whether two terms are of one kind for the solver."""
    return bool(one.sort() == other.sort())


class Model:
    """One case the solver believes in."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401  untyped in the solver
        self._model = model

    def value(self, term: Term) -> Term:
        """Return the term's value in this case, as a literal term."""
        return self._model.eval(term, model_completion=True)

    def holds(self, term: Term) -> bool:
        """Whether a truth holds in this case."""
        return bool(z3.is_true(self.value(term)))

    def whole(self, term: Term) -> int:
        """Return a whole number."""
        return int(self.value(term).as_long())

    def fraction(self, term: Term) -> Fraction:
        """Return an exact number."""
        value = self.value(term)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())

    def string(self, term: Term) -> str:
        """Return a text."""
        return str(self.value(term).as_string())


class Question:
    """Constraints, and whether any case satisfies them."""

    def __init__(self, constraints: Iterable[Term], *, weighing: bool = False) -> None:
        self._solver: Any = z3.Optimize() if weighing else z3.Solver()
        self._solver.set("timeout", PATIENCE_MS)
        self._solver.add(*constraints)

    def add(self, *constraints: Term) -> None:
        """Demand more."""
        self._solver.add(*constraints)

    def prefer(self, term: Term, weight: int) -> None:
        """Wish for `term`; giving it up costs `weight`. Only for a weighing question."""
        self._solver.add_soft(term, weight)

    def case(self) -> Model | None:
        """Return a case that satisfies all; None when there is none or none was found in time."""
        return Model(self._solver.model()) if self._solver.check() == z3.sat else None

    def impossible(self) -> bool:
        """Whether it is proven that no case satisfies the constraints."""
        return bool(self._solver.check() == z3.unsat)
