"""Outputs in bulk (批量结果): what the row that applies gives, as columns that people can read."""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from gongdao.analytics.meaning import SECOND, CalendarSpan, Meaning, Moment
from gongdao.analytics.number import WIDE, WORD_BITS, Column, Number, literal, remainder, rounded
from gongdao.core.rulebook.expression import Constant, Expression
from gongdao.core.rulebook.model import Kind, Row, TypeOf


def given_by(row: Row, output: str, type_: TypeOf, value: Meaning) -> Meaning:
    """Return what a row gives: spans become whole seconds, as in every ruling."""
    computed = not isinstance(row.then[output], Constant)
    if computed and type_.kind is Kind.SPAN and isinstance(value, Moment):
        return Moment(_whole_seconds(value.micros), value.months)
    return value


def picked(
    type_: TypeOf,
    row: Column,
    written: Sequence[Expression | None],
    values: Sequence[Meaning | None],
) -> Meaning:
    """Return the output of the row whose index is `row`, unknown where that is null.

    Rows that write the same share a branch.
    """
    groups: dict[Expression, list[int]] = {}
    for index, expression in enumerate(written):
        if expression is not None:
            groups.setdefault(expression, []).append(index)
    branches = [(_among(row, rows), values[rows[0]]) for rows in groups.values()]
    if type_.kind in (Kind.BOOLEAN, Kind.ENUM, Kind.TEXT):
        nothing = ibis.null("boolean" if type_.kind is Kind.BOOLEAN else "string")
        return _cases(branches, nothing)
    found = _picked_number([(when, _number(value)) for when, value in branches])
    return Moment(found) if type_.kind in (Kind.SPAN, Kind.INSTANT) else found


def _among(first: Column, rows: list[int]) -> Column:
    return first == rows[0] if len(rows) == 1 else first.isin(rows)


def _cases(branches: Sequence[tuple[Column, object]], nothing: Column) -> Column:
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def _number(value: Meaning | None) -> Number:
    if isinstance(value, Moment):
        if value.months:
            raise CalendarSpan
        return value.micros
    if not isinstance(value, Number):
        raise TypeError("a number is expected here")
    return value


def _picked_number(branches: list[tuple[Column, Number]]) -> Number:
    numbers = [n for _, n in branches]
    narrow = all(n.numerator.type().is_integer() for n in numbers)
    nothing = ibis.null("int64" if narrow else "decimal(38, 0)")
    numerator = _cases([(when, n.numerator) for when, n in branches], nothing)
    bits = max((n.bits for n in numbers), default=1)
    below = {n.denominator for n in numbers if isinstance(n.denominator, int)}
    if len(below) <= 1 and all(isinstance(n.denominator, int) for n in numbers):
        shared = below.pop() if below else 1
        return Number(numerator, shared, bits, shared.bit_length())
    narrow = all(_below(n).type().is_integer() for n in numbers)
    nothing = ibis.null("int64" if narrow else "decimal(38, 0)")
    denominator = _cases([(when, _below(n)) for when, n in branches], nothing)
    return Number(numerator, denominator, bits, max(n.denominator_bits for n in numbers))


def _below(number: Number) -> Column:
    below = number.denominator
    return literal(below, below.bit_length()) if isinstance(below, int) else below


def _whole_seconds(micros: Number) -> Number:
    seconds = rounded(Number(micros.numerator, SECOND, micros.bits, SECOND.bit_length()), "floor")
    return Number(seconds.numerator * SECOND, 1, micros.bits)


def shown(name: str, type_: TypeOf, value: Meaning) -> dict[str, Column]:
    """Return an output as a column: fen, seconds, a timestamp, a rate, a truth or a word.

    Money is whole fen in `<name>_fen`, a span whole seconds in `<name>_seconds`; where the facts
    are so large that 64 bits might not hold the result, it is a decimal of 38 digits. A rate is
    the nearest double: it is exact while it is compared, and no money.
    """
    if isinstance(value, Moment):
        micros = value.micros.numerator
        if type_.kind is Kind.INSTANT:
            return {name: _instant(micros)}
        return {f"{name}_seconds": (micros / SECOND).cast("int64")}
    if not isinstance(value, Number):
        return {name: value}
    if type_.kind is Kind.DECIMAL:
        if value.whole:
            return {name: value.numerator.cast("float64")}
        return {name: value.numerator.cast("float64") / _below(value).cast("float64")}
    if not value.whole:
        raise TypeError("formulas of money and counts are rounded to whole units")
    unit = f"{name}_fen" if type_.kind is Kind.MONEY else name
    return {unit: value.numerator.cast("int64" if value.bits <= WORD_BITS else WIDE)}


def _instant(micros: Column) -> Column:
    rest = remainder(micros, SECOND)
    whole = ((micros - rest) / SECOND).cast("int64")
    start = ibis.timestamp("1970-01-01 00:00:00", timezone="UTC")
    return start + whole.as_interval("s") + rest.as_interval("us")
