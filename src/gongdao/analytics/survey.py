"""The survey (普查): one pass over the facts before any ruling.

It refuses values that no fact may have, and learns what makes the query short: which facts no case
lacks, and how large their values are, so that most arithmetic fits machine integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, cast

import pyarrow as pa

from gongdao.analytics.meaning import DECIMAL_BITS, DECIMAL_DIGITS, SECOND, TIME_BITS
from gongdao.analytics.number import FALSE, Column
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import Enumeration, FactDeclaration, Kind, Rulebook

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGED = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.SPAN, Kind.INSTANT)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the survey learned of one fact."""

    nulls: bool
    """Whether a case lacks it."""
    nothing: bool
    """Whether every case lacks it."""
    bits: int
    """Bits that the largest magnitude needs, in the unit that is computed with."""


def survey(
    book: Rulebook,
    relation: Any,  # noqa: ANN401  any engine\'s relation
    given: Mapping[str, str],
    run: Callable[[Any], pa.Table],
) -> dict[str, Seen]:
    """Look at every fact column once. BadInput names each column with an impossible value."""
    if not given:
        return {}
    asked: dict[str, Column] = {"all_rows": relation.count()}
    for fact, name in given.items():
        asked |= _questions(book, book.facts[fact], relation[name])
    answers = _answers(run(relation.aggregate(**asked)))
    findings: list[Finding] = []
    seen: dict[str, Seen] = {}
    total = int(cast("int", answers["all_rows"]))
    for fact, name in given.items():
        declared = book.facts[fact]
        told = {q: answers.get(f"{fact}_{q}") for q in ("known", "low", "high", "bad", "fine")}
        fault = _fault(book, declared, name, told)
        if fault is not None:
            findings.append(fault)
            continue
        known = int(cast("int", told["known"]))
        bits = _bits(declared, name, told) if known and declared.type.kind in _RANGED else 1
        seen[fact] = Seen(nulls=known < total, nothing=not known, bits=bits)
    if findings:
        raise BadInput(*findings)
    return seen


def _questions(book: Rulebook, declared: FactDeclaration, column: Column) -> dict[str, Column]:
    name, kind = declared.name, declared.type.kind
    asked = {f"{name}_known": column.count()}
    if kind is Kind.ENUM:
        enum = _enum(book, declared)
        bad = column.notin([*enum.members, *enum.synonyms])
        asked[f"{name}_bad"] = bad.ifelse(column, None).min()
    elif kind in _RANGED:
        asked[f"{name}_low"], asked[f"{name}_high"] = column.min(), column.max()
    type_ = column.type()
    digits = 2 if kind is Kind.MONEY else DECIMAL_DIGITS
    if kind in (Kind.DECIMAL, Kind.MONEY) and type_.is_decimal() and (type_.scale or 0) > digits:
        fine = column != column.cast(f"decimal({type_.precision}, {digits})").cast(type_)
        asked[f"{name}_fine"] = fine.fill_null(FALSE).ifelse(column, None).max()
    return asked


def _answers(table: pa.Table) -> dict[str, object]:
    """Return the row of an aggregation; instants as microseconds, which no calendar bounds."""
    found: dict[str, object] = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
        found[name] = column[0].as_py()
    return found


def _enum(book: Rulebook, declared: FactDeclaration) -> Enumeration:
    return enums_of(book)[declared.type.enum or ""]


def _fault(
    book: Rulebook, declared: FactDeclaration, column: str, told: Mapping[str, object]
) -> Finding | None:
    if told["bad"] is not None:
        words = ", ".join(_enum(book, declared).members)
        return _finding(declared, column, str(told["bad"]), Text(f"可用：{words}", f"use {words}"))
    if told["fine"] is not None:
        digits = 2 if declared.type.kind is Kind.MONEY else DECIMAL_DIGITS
        cure = Text(f"小数最多 {digits} 位", f"at most {digits} digits after the point")
        return _finding(declared, column, str(told["fine"]), cure)
    low, high = _limits(declared)
    for value in (told["low"], told["high"]):
        if value is None:
            continue
        exact = _exact(declared, column, value)
        if exact is None or not low <= exact <= high:
            cure = Text(
                f"允许范围 {_said(declared, low)} … {_said(declared, high)}",
                f"allowed: {_said(declared, low)} … {_said(declared, high)}",
            )
            shown = value if exact is None else _said(declared, exact)
            return _finding(declared, column, str(shown), cure)
    return None


def _exact(declared: FactDeclaration, column: str, value: object) -> Fraction | None:
    """Return a surveyed value in the unit of the fact: fen, seconds, microseconds; None for NaN."""
    if isinstance(value, float) and not isfinite(value):
        return None
    exact = Fraction(cast("int | float | Decimal", value))
    return exact * 100 if declared.type.kind is Kind.MONEY and column == declared.name else exact


def _limits(declared: FactDeclaration) -> tuple[Fraction, Fraction]:
    """Return the least and greatest value, in the unit of the fact, that can be computed with."""
    most = {
        Kind.SPAN: 2**TIME_BITS // SECOND,
        Kind.INSTANT: 2**TIME_BITS,
        Kind.DECIMAL: 2**DECIMAL_BITS // 10**DECIMAL_DIGITS,
    }.get(declared.type.kind, LARGEST_FEN)
    low, high = Fraction(-most), Fraction(most)
    if isinstance(declared.minimum, int | Fraction | Span):
        low = max(low, _limit(declared.minimum))
    if isinstance(declared.maximum, int | Fraction | Span):
        high = min(high, _limit(declared.maximum))
    return low, high


def _limit(limit: int | Fraction | Span) -> Fraction:
    return Fraction(limit.seconds if isinstance(limit, Span) else limit)


def _bits(declared: FactDeclaration, column: str, told: Mapping[str, object]) -> int:
    scale = {Kind.DECIMAL: 10**DECIMAL_DIGITS, Kind.SPAN: SECOND}.get(declared.type.kind, 1)
    ends = [_exact(declared, column, told[end]) or Fraction(0) for end in ("low", "high")]
    return max(1, *(int(abs(end * scale) + 1).bit_length() for end in ends))


def _said(declared: FactDeclaration, value: Fraction) -> str:
    match declared.type.kind:
        case Kind.INSTANT:
            try:
                return (_EPOCH + timedelta(microseconds=int(value))).isoformat()
            except OverflowError:
                return f"{int(value)} µs"
        case Kind.SPAN:
            return f"{int(value)} s"
        case Kind.MONEY:
            return f"{Decimal(value.numerator) / (value.denominator * 100)} yuan"
        case _:
            return str(Decimal(value.numerator) / value.denominator)


def _finding(declared: FactDeclaration, column: str, example: str, cure: Text) -> Finding:
    return Finding(
        code="bulk.bad_value",
        field=column,
        message=Text(
            f"列 {column}（{declared.title.zh}）有不可用的值，例如 {example}",
            f"column `{column}` ({declared.title.en}) holds impossible values, such as {example}",
        ),
        cure=cure,
    )
