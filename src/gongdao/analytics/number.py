"""Numbers in bulk (批量数值): exact fractions as pairs of integer columns.

A rate is kept as numerator and denominator and compared by cross-multiplication, so that a million
rows are judged as exactly as one: no float decides whether 0.35 % was reached. Each pair carries
how many bits it may need; past 62 bits the columns become 38-digit decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any, TypeAlias

import ibis

#: A column expression. Ibis types them by shape only at run time.
Column: TypeAlias = Any

WORD_BITS = 62
#: Engines divide in doubles, which are exact only for integers of this many bits.
_EXACT_DIVISION_BITS = 52
_DECIMAL_BITS = 125
WIDE = "decimal(38, 0)"


FALSE: Column = ibis.literal(False)  # noqa: FBT003  a literal column
TRUE: Column = ibis.literal(True)  # noqa: FBT003  a literal column


def opposite(truth: Column) -> Column:
    """Return the negation of a truth column, null for null.

    Written as a comparison: `NOT (x) IS NULL`, which the SQL writer may produce when it merges two
    stages, would be read as `NOT ((x) IS NULL)`.
    """
    return truth == FALSE


class TooWide(Exception):
    """An intermediate result may not fit 38 digits; the table cannot be compiled exactly."""


@dataclass(frozen=True, slots=True)
class Number:
    """numerator / denominator; the denominator is positive, a Python int when it is constant."""

    numerator: Column
    denominator: Column | int
    bits: int
    """Bits the numerator may need."""
    denominator_bits: int = 1
    exact: int | None = None
    """The numerator when it is a literal: then it is multiplied here, not by the engine."""

    @property
    def whole(self) -> bool:
        """Whether it is an integer column."""
        return self.denominator == 1 if isinstance(self.denominator, int) else False

    def missing(self) -> Column:
        """Return whether the value is unknown."""
        return self.numerator.isnull()


def constant(value: Fraction | int) -> Number:
    """Return a literal."""
    exact = Fraction(value)
    return Number(
        ibis.literal(exact.numerator, "int64"),
        exact.denominator,
        exact.numerator.bit_length() or 1,
        exact.denominator.bit_length(),
        exact.numerator,
    )


def column(expression: Column, bits: int) -> Number:
    """Return an integer column whose values need at most `bits` bits."""
    return Number(expression, 1, bits)


def product(left: Column | int, left_bits: int, right: Column | int, right_bits: int) -> Column:
    """Multiply two integers, in wide decimals where a word might not hold the result."""
    if isinstance(right, int) and right == 1:
        return left
    if isinstance(left, int) and left == 1:
        return right
    if left_bits + right_bits > _DECIMAL_BITS:
        raise TooWide
    if left_bits + right_bits > WORD_BITS:
        return _wide(left) * _wide(right)
    return left * right


def _wide(value: Column | int) -> Column:
    return ibis.literal(Decimal(value), WIDE) if isinstance(value, int) else value.cast(WIDE)


def _scaled(value: Number, factor: int) -> Column:
    """Return the numerator times a constant."""
    bits = value.bits + factor.bit_length()
    if value.exact is not None:
        return literal(value.exact * factor, bits)
    return product(value.numerator, value.bits, factor, factor.bit_length())


def literal(value: int, bits: int) -> Column:
    """Return an integer literal, as a wide decimal where a word cannot hold `bits` bits."""
    if bits > _DECIMAL_BITS:
        raise TooWide
    return ibis.literal(value, "int64") if bits <= WORD_BITS else _wide(value)


def common(left: Number, right: Number) -> tuple[Column, Column, Column | int, int, int]:
    """Bring two numbers to one denominator: numerators, denominator, and their bits."""
    if isinstance(left.denominator, int) and isinstance(right.denominator, int):
        shared = lcm(left.denominator, right.denominator)
        a, b = shared // left.denominator, shared // right.denominator
        bits = max(left.bits + a.bit_length() - 1, right.bits + b.bit_length() - 1) + 1
        return _scaled(left, a), _scaled(right, b), shared, bits, shared.bit_length()
    one = product(left.numerator, left.bits, right.denominator, right.denominator_bits)
    two = product(right.numerator, right.bits, left.denominator, left.denominator_bits)
    shared = product(
        left.denominator, left.denominator_bits, right.denominator, right.denominator_bits
    )
    bits = max(left.bits + right.denominator_bits, right.bits + left.denominator_bits)
    return one, two, shared, bits, left.denominator_bits + right.denominator_bits


def compared(operator: str, left: Number, right: Number) -> Column:
    """Compare two numbers exactly; unknown when either is."""
    one, two, *_ = common(left, right)
    match operator:
        case "==":
            return one == two
        case "!=":
            return one != two
        case "<":
            return one < two
        case "<=":
            return one <= two
        case ">":
            return one > two
        case _:
            return one >= two


def added(left: Number, right: Number, sign: int) -> Number:
    """Add or subtract."""
    one, two, shared, bits, shared_bits = common(left, right)
    total = one + two if sign > 0 else one - two
    return Number(total, shared, bits + 1, shared_bits)


def multiplied(left: Number, right: Number) -> Number:
    """Multiply."""
    if left.exact is not None:
        left, right = right, left
    numerator = (
        _scaled(left, right.exact)
        if right.exact is not None
        else product(left.numerator, left.bits, right.numerator, right.bits)
    )
    return Number(
        numerator,
        _times(left.denominator, left.denominator_bits, right.denominator, right.denominator_bits),
        left.bits + right.bits,
        left.denominator_bits + right.denominator_bits,
    )


def _times(a: Column | int, a_bits: int, b: Column | int, b_bits: int) -> Column | int:
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    return product(a, a_bits, b, b_bits)


def divided(left: Number, right: Number) -> Number:
    """Divide; by zero is unknown. The sign of the divisor moves to the numerator."""
    if right.exact and isinstance(right.denominator, int):
        return multiplied(left, constant(1 / Fraction(right.exact, right.denominator)))
    left, right = _reduced(left, right)
    divisor = right.numerator.nullif(0)
    upright = ibis.ifelse(divisor > 0, left.numerator, -left.numerator)
    numerator = product(upright, left.bits, right.denominator, right.denominator_bits)
    denominator = product(divisor.abs(), right.bits, left.denominator, left.denominator_bits)
    known = divisor.notnull()
    return Number(
        ibis.ifelse(known, numerator, ibis.null(numerator.type())),
        denominator,
        left.bits + _factor_bits(right),
        right.bits + _factor_bits(left),
    )


def _reduced(left: Number, right: Number) -> tuple[Number, Number]:
    """Cancel what two constant denominators share: it would only be multiplied on both sides."""
    if not isinstance(left.denominator, int) or not isinstance(right.denominator, int):
        return left, right
    shared = gcd(left.denominator, right.denominator)
    return (_over(left, left.denominator // shared), _over(right, right.denominator // shared))


def _over(value: Number, denominator: int) -> Number:
    return Number(value.numerator, denominator, value.bits, denominator.bit_length(), value.exact)


def _factor_bits(value: Number) -> int:
    """Bits that multiplying by the denominator adds; none for one."""
    return 0 if value.denominator_bits == 1 else value.denominator_bits


def remainder(value: Column, divisor: int) -> Column:
    """Return the rest of a division that rounds down, from 0 to `divisor` - 1.

    Engines round towards zero and leave a negative rest before 1970.
    """
    return (value % divisor + divisor) % divisor


def negated(value: Number) -> Number:
    """Return the opposite."""
    return Number(-value.numerator, value.denominator, value.bits, value.denominator_bits)


def absolute(value: Number) -> Number:
    """Return the magnitude."""
    return Number(value.numerator.abs(), value.denominator, value.bits, value.denominator_bits)


def rounded(value: Number, how: str) -> Number:
    """Round to whole: `round` half away from zero, `floor`, `ceil`."""
    if value.whole:
        return value
    n, d, bits = value.numerator, value.denominator, value.bits
    above = max(bits, value.denominator_bits)
    fits = bits - (d.bit_length() - 1 if isinstance(d, int) else 0) <= WORD_BITS
    magnitude = n.abs()
    if how == "round":
        half = _quotient(magnitude * 2 + d, d * 2, above + 2, fits=fits)
        result = ibis.ifelse(n < 0, -half, half)
    else:
        down = _quotient(magnitude, d, bits, fits=fits)
        up = _quotient(magnitude + (d - 1), d, above + 1, fits=fits)
        below, over = (up, down) if how == "floor" else (down, up)
        result = ibis.ifelse(n < 0, -below, over)
    return Number(result, 1, min(bits, WORD_BITS) if fits else bits)


def _quotient(dividend: Column, divisor: Column | int, bits: int, *, fits: bool) -> Column:
    """Return the whole part of a division of integers that are not negative, exactly.

    Engines divide in doubles. A wide dividend is divided twice: once roughly, then what the rough
    quotient left over, which is small enough for a double. `fits` says that a word holds it.
    """
    if bits <= _EXACT_DIVISION_BITS:
        return ((dividend - dividend % divisor) / divisor).cast("int64")
    whole = "int64" if fits else WIDE
    rough = dividend.cast("float64") / _as_double(divisor)
    rough = rough.floor().cast(whole) if fits else rough.cast(whole)
    left = dividend.cast(WIDE) - rough.cast(WIDE) * _wide(divisor)
    shift = (left.cast("float64") / _as_double(divisor)).floor().cast(whole)
    return rough + shift


def _as_double(value: Column | int) -> Column:
    return ibis.literal(float(value)) if isinstance(value, int) else value.cast("float64")


def extreme(values: list[Number], *, largest: bool) -> Number:
    """Return the largest or smallest; unknown when any is."""
    best = values[0]
    for other in values[1:]:
        one, two, shared, bits, shared_bits = common(best, other)
        better = two > one if largest else two < one
        chosen = ibis.cases((better, two), (opposite(better), one), else_=ibis.null(one.type()))
        best = Number(chosen, shared, bits, shared_bits)
    return best


def chosen(condition: Column, then: Number, otherwise: Number) -> Number:
    """Return `then` or `otherwise`; with the condition unknown, what both agree on.

    The branches keep their own denominators: one that is unknown must not make the other so.
    """
    if isinstance(then.denominator, int) and isinstance(otherwise.denominator, int):
        one, two, shared, bits, shared_bits = common(then, otherwise)
        agreed = ibis.ifelse(one == two, one, ibis.null(one.type()))
        picked = ibis.cases((condition, one), (opposite(condition), two), else_=agreed)
        return Number(picked, shared, bits, shared_bits)
    nothing = ibis.null(then.numerator.type())
    agreed = ibis.ifelse(compared("==", then, otherwise), then.numerator, nothing)
    top = ibis.cases(
        (condition, then.numerator), (opposite(condition), otherwise.numerator), else_=agreed
    )
    below = [
        ibis.literal(d, "int64") if isinstance(d, int) else d
        for d in (then.denominator, otherwise.denominator)
    ]
    bottom = ibis.ifelse(opposite(condition).fill_null(FALSE), below[1], below[0])
    bits = max(then.bits, otherwise.bits)
    return Number(top, bottom, bits, max(then.denominator_bits, otherwise.denominator_bits))
