"""Money (金额): integer fen (分), never a float; shares always add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

FEN_PER_YUAN = 100
#: Ten billion yuan. A larger amount in one order is a typing error, not a sale.
LARGEST_FEN = 1_000_000_000_000


def fen_from_yuan(text: str | int | Decimal, *, field: str = "amount") -> int:
    """Read an amount in yuan with at most two decimals and return fen.

    Raises BadInput for anything else: a float would already have lost the exact amount.
    """
    try:
        value = Decimal(str(text).strip().removeprefix("¥").replace(",", ""))
    except InvalidOperation:
        raise _bad_amount(field, text) from None
    if not value.is_finite():
        raise _bad_amount(field, text)
    fen = value * FEN_PER_YUAN
    if fen != fen.to_integral_value() or abs(fen) > LARGEST_FEN:
        raise _bad_amount(field, text)
    return int(fen)


def _bad_amount(field: str, text: object) -> BadInput:
    return BadInput(
        Finding(
            code="money.not_an_amount",
            field=field,
            message=Text(f"“{text}”不是金额", f"`{text}` is not an amount of money"),
            cure=Text(
                "请写人民币元，最多两位小数，例如 12.50",
                "write yuan with at most two decimals, for example 12.50",
            ),
        )
    )


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: 1250 -> '12.50'."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole}.{rest:02d}"


def round_half_up(value: Fraction | int) -> int:
    """Round to the nearest integer, halves away from zero, as shops and courts do."""
    if isinstance(value, int):
        return value
    doubled = 2 * abs(value.numerator) + value.denominator
    rounded = doubled // (2 * value.denominator)
    return rounded if value >= 0 else -rounded


def allocate(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split `total_fen` in proportion to `weights` so that the shares sum to it exactly.

    Largest remainder; ties go to the earlier share. With no positive weight the first share
    takes all, because money may not disappear for want of a key to split it by.
    """
    if not weights:
        raise ValueError("allocate needs at least one weight")
    if any(w < 0 for w in weights):
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        return [total_fen, *([0] * (len(weights) - 1))]
    sign = -1 if total_fen < 0 else 1
    amount = abs(total_fen)
    shares = [amount * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in order[: amount - sum(shares)]:
        shares[i] += 1
    return [sign * s for s in shares]
