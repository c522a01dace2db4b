"""Three-valued operations (三值运算): None is unknown, and unknown in gives unknown out.

Differences of instants stay exact timedeltas until they become a value of the book, so that a
microsecond past a limit is past it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.money import round_half_up
from gongdao.core.kernel.time import Span, next_midnight

#: What a computation handles: a Value, a timedelta on the way to one, or None for unknown. The
#: typed check has already refused every pairing that Python would not understand.
Loose: TypeAlias = Any

#: Calendars further away mean that spans were added up without sense; the answer is unknown.
_FIRST_YEAR, _LAST_YEAR = 1000, 5000
_MOST_WORKDAYS = 25_000


def add(left: Loose, right: Loose, calendar: Calendar = NO_CALENDAR) -> Loose:
    """Add numbers, money, spans; or move an instant by a span, working days by `calendar`."""
    if left is None or right is None:
        return None
    if isinstance(left, datetime):
        return _moved(left, right, 1, calendar)
    if isinstance(right, datetime):
        return _moved(right, left, 1, calendar)
    if isinstance(left, (Span, timedelta)):
        return _sum_of_spans(left, right, 1)
    return left + right


def subtract(left: Loose, right: Loose, calendar: Calendar = NO_CALENDAR) -> Loose:
    """Subtract numbers, money, spans; an instant from an instant; a span from an instant."""
    if left is None or right is None:
        return None
    if isinstance(left, datetime):
        if isinstance(right, datetime):
            return left - right
        return _moved(left, right, -1, calendar)
    if isinstance(left, (Span, timedelta)):
        return _sum_of_spans(left, right, -1)
    return left - right


def multiply(left: Loose, right: Loose) -> Loose:
    """Multiply numbers, money by a number, a span by a whole number."""
    if left is None or right is None:
        return None
    if isinstance(right, (Span, timedelta)):
        left, right = right, left
    if isinstance(left, Span):
        by = int(right)
        return Span(left.months * by, left.seconds * by, left.workdays * by)
    try:
        return left * int(right) if isinstance(left, timedelta) else left * right
    except OverflowError:
        return None


def divide(left: Loose, right: Loose) -> Loose:
    """Divide exactly; division by zero is unknown."""
    if left is None or right is None:
        return None
    if isinstance(left, (Span, timedelta)):
        if any(_of_calendar(left)) or any(_of_calendar(right)):
            return None
        left, right = _microseconds(left), _microseconds(right)
    return Fraction(left) / Fraction(right) if right else None


def negate(value: Loose) -> Loose:
    """Return the opposite."""
    if isinstance(value, Span):
        return Span(-value.months, -value.seconds, -value.workdays)
    return None if value is None else -value


def _moved(
    instant: datetime, span: Span | timedelta, sign: int, calendar: Calendar
) -> datetime | None:
    """Move an instant. By working days of years whose holidays are not known, it is unknown."""
    if not _FIRST_YEAR < instant.year < _LAST_YEAR:
        return None
    try:
        if isinstance(span, timedelta):
            return instant + sign * span
        if not span.months and not span.workdays:
            return moved_by(instant, timedelta(seconds=sign * span.seconds))
        by = Span(sign * span.months, sign * span.seconds, sign * span.workdays)
        if not by.workdays:
            return by.after(instant)
        if abs(by.workdays) > _MOST_WORKDAYS:
            return None
        moved = by.after(instant, calendar=calendar)
    except OverflowError:
        return None
    return None if calendar.uncovered(min(instant, moved), max(instant, moved)) else moved


def moved_by(instant: datetime | None, by: timedelta) -> datetime | None:
    """Move an instant by a span that has no months and no working days."""
    if instant is None or not _FIRST_YEAR < instant.year < _LAST_YEAR:
        return None
    moved = instant + by  # a rulebook's spans are a century at most: no calendar ends here
    return moved if moved.tzinfo is UTC else moved.astimezone(UTC)


def _sum_of_spans(left: Span | timedelta, right: Span | timedelta, sign: int) -> Loose:
    if isinstance(left, Span) and isinstance(right, Span):
        return Span(
            left.months + sign * right.months,
            left.seconds + sign * right.seconds,
            left.workdays + sign * right.workdays,
        )
    try:
        return as_delta(left) + sign * as_delta(right)
    except OverflowError:
        return None


def as_delta(span: Span | timedelta) -> timedelta:
    """Return a span without months and working days as a timedelta."""
    return span if isinstance(span, timedelta) else timedelta(seconds=span.seconds)


def _of_calendar(span: Span | timedelta) -> tuple[int, int]:
    return span.of_calendar if isinstance(span, Span) else (0, 0)


def _microseconds(span: Span | timedelta) -> int:
    if isinstance(span, Span):
        return span.seconds * 1_000_000
    return span // timedelta(microseconds=1)


def comparing(test: Callable[[Loose, Loose], bool]) -> Callable[[Loose, Loose], bool | None]:
    """Return the three-valued form of a comparison."""

    def compared(left: Loose, right: Loose) -> bool | None:
        if left is None or right is None:
            return None
        if isinstance(left, (Span, timedelta)):
            if _of_calendar(left) != _of_calendar(right):
                return None  # a month or a working day has no fixed length
            return test(_microseconds(left), _microseconds(right))
        return test(left, right)

    return compared


def largest(*values: Loose) -> Loose:
    """Return the largest; unknown when any is."""
    return _extreme(operator.gt, values)


def smallest(*values: Loose) -> Loose:
    """Return the smallest; unknown when any is."""
    return _extreme(operator.lt, values)


def _extreme(better: Callable[[Loose, Loose], bool], values: tuple[Loose, ...]) -> Loose:
    test = comparing(better)
    best = values[0]
    for value in values:
        if value is None:
            return None
        if test(value, best):
            best = value
    return best


def _known(function: Callable[[Loose], Loose]) -> Callable[[Loose], Loose]:
    return lambda value: None if value is None else function(value)


def _absolute(value: Loose) -> Loose:
    if isinstance(value, Span):
        return replace(value, seconds=abs(value.seconds))
    return abs(value)


BINARY: dict[str, Callable[[Loose, Loose], Loose]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "==": comparing(operator.eq),
    "!=": comparing(operator.ne),
    "<": comparing(operator.lt),
    "<=": comparing(operator.le),
    ">": comparing(operator.gt),
    ">=": comparing(operator.ge),
}

CALLS: dict[str, Callable[..., Loose]] = {
    "min": smallest,
    "max": largest,
    "round": _known(round_half_up),
    "floor": _known(floor),
    "ceil": _known(ceil),
    "abs": _known(_absolute),
    "next_midnight": _known(next_midnight),
}
