"""Expressions in bulk (批量表达式): a rulebook's expressions as columns over many cases.

SQL's null is the rulebook's unknown, and SQL's `and`, `or`, `not` treat it as evaluation does.
Instants and spans are integer microseconds, enumerations are their words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TypeAlias

import ibis

from gongdao.analytics import number
from gongdao.analytics.number import Column, Number, opposite
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Kind, Parameter, TypeOf, Value

SECOND = 1_000_000
_DAY = 86_400 * SECOND
_BEIJING = 8 * 3600 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONEY_BITS = 41
INTEGER_BITS = 41
TIME_BITS = 52
#: Decimals are given with at most this many digits after the point, and below a million.
DECIMAL_DIGITS = 9
DECIMAL_BITS = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant or a span in microseconds; a span may also hold calendar months."""

    micros: Number
    months: int = 0


class CalendarSpan(Exception):
    """Months or working days would have to become a number of seconds, which they are not."""


#: A truth, a word or text column; a number; an instant or span.
Meaning: TypeAlias = Column | Number | Moment


def literal(value: Value) -> Meaning:
    """Return a constant of the rulebook."""
    if isinstance(value, bool):
        return ibis.literal(value)
    if isinstance(value, datetime):
        micros = (value - _EPOCH) // _EPOCH.resolution
        return Moment(Number(ibis.literal(micros, "int64"), 1, TIME_BITS))
    if isinstance(value, Span):
        if value.workdays:
            raise CalendarSpan
        return Moment(number.constant(value.seconds * SECOND), value.months)
    if isinstance(value, int | Fraction):
        return number.constant(value)
    return ibis.literal(value)


@dataclass(slots=True)
class Writer:
    """Writes expressions of one rulebook as columns; `named` answers for every name."""

    named: Callable[[str], Meaning]
    held: Callable[[Expression], Meaning | None]
    """Answers for an expression that already stands in a column."""

    def of(self, node: Expression) -> Meaning:
        """Return the column of an expression."""
        found = self.held(node)
        if found is not None:
            return found
        match node:
            case Constant():
                return literal(node.value)
            case Name():
                return self.named(node.name)
            case Unary():
                return self._unary(node)
            case Binary("and"):
                return self._truth(node.left) & self._truth(node.right)
            case Binary("or"):
                return self._truth(node.left) | self._truth(node.right)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Choice():
                return self._choice(node)

    def _truth(self, node: Expression) -> Column:
        return self.of(node)

    def _unary(self, node: Unary) -> Meaning:
        inner = node.operand
        if node.operator == "not" and isinstance(inner, Unary) and inner.operator == "known":
            return missing(self.of(inner.operand))
        operand = self.of(inner)
        if node.operator == "known":
            return given(operand)
        if node.operator == "not":
            return opposite(operand)
        if isinstance(operand, Moment):
            return Moment(number.negated(operand.micros), -operand.months)
        return number.negated(_number(operand))

    def _binary(self, node: Binary) -> Meaning:
        left, right = self.of(node.left), self.of(node.right)
        if node.operator in ("+", "-", "*", "/"):
            return _arithmetic(node.operator, left, right)
        return compared(node.operator, left, right)

    def _call(self, node: Call) -> Meaning:
        arguments = [self.of(a) for a in node.arguments]
        first = arguments[0]
        if node.function == "next_midnight":
            return _next_midnight(_moment(first))
        if node.function in ("round", "floor", "ceil"):
            return number.rounded(_number(first), node.function)
        if isinstance(first, Moment):
            moments = [_moment(a) for a in arguments]
            months = _one_count_of_months(moments)
            return Moment(_folded(node.function, [m.micros for m in moments]), months)
        return _folded(node.function, [_number(a) for a in arguments])

    def _choice(self, node: Choice) -> Meaning:
        condition = self.of(node.condition)
        then, otherwise = self.of(node.then), self.of(node.otherwise)
        if isinstance(then, Moment):
            other = _moment(otherwise)
            months = _one_count_of_months([then, other])
            return Moment(number.chosen(condition, then.micros, other.micros), months)
        if isinstance(then, Number):
            return number.chosen(condition, then, _number(otherwise))
        agreed = ibis.ifelse(then == otherwise, then, ibis.null(then.type()))
        return ibis.cases((condition, then), (opposite(condition), otherwise), else_=agreed)


def missing(meaning: Meaning) -> Column:
    """Return whether a value is unknown."""
    if isinstance(meaning, Moment):
        return meaning.micros.missing()
    if isinstance(meaning, Number):
        return meaning.missing()
    return meaning.isnull()


def given(meaning: Meaning) -> Column:
    """Return whether a value is known."""
    if isinstance(meaning, Moment):
        return meaning.micros.numerator.notnull()
    if isinstance(meaning, Number):
        return meaning.numerator.notnull()
    return meaning.notnull()


def compared(operator: str, left: Meaning, right: Meaning) -> Column:
    """Compare two values of one type; unknown when either is."""
    if isinstance(left, Moment) or isinstance(right, Moment):
        one, two = _moment(left), _moment(right)
        if one.months != two.months:
            return ibis.null("boolean")  # a month has no fixed length
        return number.compared(operator, one.micros, two.micros)
    if isinstance(left, Number) or isinstance(right, Number):
        return number.compared(operator, _number(left), _number(right))
    return left == right if operator == "==" else left != right


def _arithmetic(operator: str, left: Meaning, right: Meaning) -> Meaning:
    sign = -1 if operator == "-" else 1
    if isinstance(left, Moment) and isinstance(right, Moment):
        if operator == "/":
            if left.months or right.months:
                return Number(ibis.null("int64"), 1, 1)
            return number.divided(left.micros, right.micros)
        total = number.added(left.micros, right.micros, sign)
        total = Number(total.numerator, total.denominator, TIME_BITS)
        months = left.months + sign * right.months
        if months and not (left.months and right.months):
            return Moment(_by_months(total, months))
        return Moment(total, months)
    if isinstance(left, Moment) or isinstance(right, Moment):
        span, factor = (left, right) if isinstance(left, Moment) else (right, left)
        if _moment(span).months:
            raise CalendarSpan
        return Moment(number.multiplied(_moment(span).micros, _number(factor)))
    one, two = _number(left), _number(right)
    if operator == "*":
        return number.multiplied(one, two)
    if operator == "/":
        return number.divided(one, two)
    return number.added(one, two, sign)


def _one_count_of_months(moments: list[Moment]) -> int:
    """Return the months that all have; CalendarSpan when they differ from case to case."""
    if len({m.months for m in moments}) > 1:
        raise CalendarSpan
    return moments[0].months


def _by_months(instant: Number, months: int) -> Number:
    """Move an instant by calendar months in Beijing; the 31st becomes the last of a short month."""
    step = ibis.interval(months=abs(months))
    local = _timestamp(instant)
    moved = local + step if months > 0 else local - step
    rest = number.remainder(instant.numerator, SECOND)
    micros = moved.epoch_seconds().cast("int64") * SECOND + rest - _BEIJING
    return Number(micros, 1, TIME_BITS)


def _timestamp(instant: Number) -> Column:
    """Return Beijing wall time as a timestamp without zone, whole seconds."""
    shifted = instant.numerator + _BEIJING
    seconds = ((shifted - number.remainder(shifted, SECOND)) / SECOND).cast("int64")
    return ibis.timestamp("1970-01-01 00:00:00") + seconds.as_interval("s")


def _next_midnight(instant: Moment) -> Moment:
    shifted = instant.micros.numerator + _BEIJING
    into_day = number.remainder(shifted, _DAY)
    return Moment(Number(shifted - into_day + (_DAY - _BEIJING), 1, TIME_BITS))


def _folded(function: str, values: list[Number]) -> Number:
    if function == "abs":
        return number.absolute(values[0])
    return number.extreme(values, largest=function == "max")


def _number(meaning: Meaning) -> Number:
    if not isinstance(meaning, Number):
        raise TypeError("a number is expected here")
    return meaning


def _moment(meaning: Meaning) -> Moment:
    if not isinstance(meaning, Moment):
        raise TypeError("an instant or a span is expected here")
    return meaning


def parameter(declared: Parameter) -> Meaning:
    """Return a parameter; one that is not set is unknown."""
    if declared.value is not None:
        return literal(declared.value)
    return unknown(declared.type)


def unknown(type_: TypeOf) -> Meaning:
    """Return an unknown value of a type."""
    nothing = ibis.null("int64")
    match type_.kind:
        case Kind.BOOLEAN:
            return ibis.null("boolean")
        case Kind.ENUM | Kind.TEXT:
            return ibis.null("string")
        case Kind.SPAN | Kind.INSTANT:
            return Moment(Number(nothing, 1, 1))
        case _:
            return Number(nothing, 1, 1)
