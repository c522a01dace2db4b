"""Terms (项): values and expressions of a rulebook as solver terms.

Truth is three-valued as in evaluation: a condition is a pair (surely true, surely false). A value
is a pair (term, known). Money is an integer of fen, an instant and a span integers of seconds, an
enumeration an integer index into its members. Adding months or working days to an instant is not
linear; it is an unknown function held between 28 and 31 days a month, and between one day and the
longest run of days off a working day, exact enough because every witness is checked against the
real calendar afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TypeAlias

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.literal import BUILT_IN
from gongdao.core.rulebook.model import Kind, Rulebook, TypeOf, Value
from gongdao.prove.logic import (
    FALSE,
    TRUE,
    Term,
    all_of,
    any_of,
    as_real,
    either,
    integer_value,
    negated,
    ratio,
    text_value,
    truth_value,
    unknown_function,
)

DAY_SECONDS = 86_400
_SHORTEST_MONTH_DAYS, _LONGEST_MONTH_DAYS = 28, 31
#: No run of days off was ever longer, in the years since there are such announcements.
_LONGEST_REST_DAYS = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Truth:
    """A three-valued condition: surely true, surely false, or neither."""

    yes: Term
    no: Term


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and whether it is known. `months` and `workdays` are a span's calendar part."""

    term: Term
    known: Term
    months: int = 0
    workdays: int = 0


Meaning: TypeAlias = Truth | Quantity


def conjunction(parts: list[Truth]) -> Truth:
    """All of them."""
    return Truth(
        all_of([p.yes for p in parts]) if parts else TRUE,
        any_of([p.no for p in parts]) if parts else FALSE,
    )


def disjunction(parts: list[Truth]) -> Truth:
    """Any of them."""
    return Truth(any_of([p.yes for p in parts]), all_of([p.no for p in parts]))


def literal(value: Value, type_: TypeOf, book: Rulebook) -> Meaning:
    """Return a constant of the rulebook as a term."""
    if isinstance(value, bool):
        return Truth(truth_value(value), truth_value(not value))
    if isinstance(value, datetime):
        return Quantity(integer_value(int((value - _EPOCH).total_seconds())), TRUE)
    if isinstance(value, Span):
        return Quantity(integer_value(value.seconds), TRUE, value.months, value.workdays)
    if isinstance(value, Fraction):
        return Quantity(ratio(value), TRUE)
    if isinstance(value, int):
        return Quantity(integer_value(value), TRUE)
    if type_.kind is Kind.ENUM and type_.enum is not None:
        return Quantity(integer_value(members(book, type_.enum).index(value)), TRUE)
    return Quantity(text_value(value), TRUE)


def members(book: Rulebook, enum: str) -> tuple[str, ...]:
    """Return the words of an enumeration in declared order."""
    declared = book.enums.get(enum)
    return tuple((declared or BUILT_IN[enum]).members)


def chosen(condition: Truth, then: Meaning, otherwise: Meaning) -> Meaning:
    """Return `then` or `otherwise`; with the condition unknown, what both agree on."""
    if isinstance(then, Truth) and isinstance(otherwise, Truth):
        return disjunction(
            [
                conjunction([condition, then]),
                conjunction([Truth(condition.no, condition.yes), otherwise]),
            ]
        )
    if isinstance(then, Truth) or isinstance(otherwise, Truth):
        raise TypeError("both branches of a choice are of one type")
    known = any_of(
        [
            all_of([condition.yes, then.known]),
            all_of([condition.no, otherwise.known]),
            all_of([then.known, otherwise.known, then.term == otherwise.term]),
        ]
    )
    return Quantity(either(condition.yes, then.term, otherwise.term), known)


def known_truth(meaning: Meaning) -> Truth:
    """Return whether a value was given; that itself is always known."""
    known = any_of([meaning.yes, meaning.no]) if isinstance(meaning, Truth) else meaning.known
    return Truth(known, negated(known))


def compare(operator: str, left: Quantity, right: Quantity) -> Truth:
    """Return a comparison of two values; unknown when either is."""
    known = all_of([left.known, right.known])
    test = _COMPARE[operator](left.term, right.term)
    return Truth(all_of([known, test]), all_of([known, negated(test)]))


def arithmetic(operator: str, left: Quantity, right: Quantity) -> Quantity:
    """Return `left operator right`; division by zero is unknown."""
    known = all_of([left.known, right.known])
    sign = -1 if operator == "-" else 1
    months = left.months + sign * right.months
    workdays = left.workdays + sign * right.workdays
    if operator == "/":
        exact = as_real(left.term) / as_real(right.term)
        return Quantity(exact, all_of([known, right.term != 0]))
    if operator == "*":
        return Quantity(left.term * right.term, known, 0)
    total = left.term + right.term if operator == "+" else left.term - right.term
    here, there = (left.months, left.workdays), (right.months, right.workdays)
    if not any(here) and not any(there):
        return Quantity(total, known)
    if any(here) and any(there):
        return Quantity(total, known, months, workdays)
    return _moved_by_calendar(total, known, months, workdays)


def _moved_by_calendar(total: Term, known: Term, months: int, workdays: int) -> Quantity:
    """An instant moved by months, 28 to 31 days each, and working days, 1 to 1 + days off each."""
    shift = unknown_function(f"months_{months}_workdays_{workdays}", total)
    low, high = (
        (months * of_month + workdays * of_workday) * DAY_SECONDS
        for of_month, of_workday in (
            (_SHORTEST_MONTH_DAYS, 1),
            (_LONGEST_MONTH_DAYS, 1 + _LONGEST_REST_DAYS),
        )
    )
    low, high = min(low, high), max(low, high)
    bounded = either(shift < low, low, either(shift > high, high, shift))
    return Quantity(total + bounded, known)


def same_truth(operator: str, left: Meaning, right: Meaning) -> Truth:
    """Two conditions compared: both sure and alike, or both sure and unlike."""
    if not isinstance(left, Truth) or not isinstance(right, Truth):
        raise TypeError("conditions compare with conditions")
    same = disjunction([conjunction([left, right]), conjunction([opposite(left), opposite(right)])])
    return same if operator == "==" else opposite(same)


def opposite(truth: Truth) -> Truth:
    """The negation of a three-valued condition."""
    return Truth(truth.no, truth.yes)


def extreme(function: str, arguments: list[Quantity]) -> Term:
    """The largest or smallest of the values."""
    best = arguments[0].term
    for other in arguments[1:]:
        better = other.term > best if function == "max" else other.term < best
        best = either(better, other.term, best)
    return best


_COMPARE: dict[str, Callable[[Term, Term], Term]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
