"""Generated cases (生成的案件): values at, just below and just above every limit of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pyarrow as pa

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.dependencies import facts_behind, names_in
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook, Value

PLACE = "place"
_MICROSECOND = timedelta(microseconds=1)
_STARTS = (
    datetime(2023, 8, 31, 15, 59, 59, tzinfo=UTC),  # one second before September in Beijing
    datetime(2024, 1, 31, 3, 0, tzinfo=UTC),  # six months on, July has a 31st; one month on, no
    datetime(2024, 2, 28, 16, 0, tzinfo=UTC),  # 29 February 2024, 00:00 in Beijing
    datetime(2023, 12, 31, 16, 0, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)
_FAR = (timedelta(0), timedelta(hours=24), timedelta(days=15), timedelta(days=183))


class Cases:
    """Random facts of one rulebook."""

    def __init__(self, book: Rulebook, seed: int, unknown: float, *, huge: bool) -> None:
        self._book = book
        self._random = Random(f"{book.ref} {seed}")
        self._unknown = unknown
        self._huge = huge
        limits = set(_limits(book))
        self._spans = sorted(v for v in limits if isinstance(v, Span))
        numbers = sorted(v for v in limits if isinstance(v, int | Fraction))
        self._whole = [int(n) for n in numbers]
        self._fractions = [n for n in numbers if (n * 10**9) % 1 == 0 and abs(n) < 10**6]

    def facts(self) -> dict[str, Value]:
        """Return one case; a fact that is missing is unknown."""
        found: dict[str, Value] = {}
        for name, declared in self._book.facts.items():
            if self._random.random() >= self._unknown:
                found[name] = _within(declared, self._value(declared))
        for required in self._book.require:
            if holds(self._book, required.that, found).answer is False:
                for each in names_in(required.that):
                    for name in facts_behind(self._book, each):
                        found.pop(name, None)
        return found

    def _value(self, declared: FactDeclaration) -> Value:
        chance = self._random
        match declared.type.kind:
            case Kind.BOOLEAN:
                return chance.random() < 0.5
            case Kind.ENUM:
                return chance.choice(list(enums_of(self._book)[declared.type.enum or ""].members))
            case Kind.TEXT:
                return chance.choice(["", "甲", 'it\'s "quoted", yes\n'])
            case Kind.INSTANT:
                near = chance.choice(_STARTS[-1:] if chance.random() < 0.02 else _STARTS[:-1])
                moved = chance.choice([*_FAR, *self._spans])
                step = chance.choice((-1, 0, 0, 1)) * _MICROSECOND
                if isinstance(moved, Span):
                    return moved.after(near) + step
                return near + moved + step
            case Kind.SPAN:
                spans = [s.seconds for s in self._spans]
                seconds = chance.choice([0, 3600, 86400 * 90, *spans]) + chance.choice((-1, 0, 1))
                return Span(0, max(0, seconds))
            case kind:
                return self._number(kind)

    def _number(self, kind: Kind) -> int | Fraction:
        chance = self._random
        if kind is Kind.DECIMAL:
            if self._huge and chance.random() < 0.1:
                return Fraction(999_999_999_999_999, 10**9)
            step = chance.choice((-1, 0, 0, 1)) * Fraction(1, chance.choice((10**4, 10**9)))
            return Fraction(chance.choice([0, 1, *self._fractions])) + step
        if self._huge and chance.random() < 0.1:
            return 10**12 if kind is Kind.MONEY else 10**9
        return abs(chance.choice([0, 1, 7, 123_457, *self._whole]) + chance.choice((-1, 0, 0, 1)))


def _limits(node: object) -> Iterator[Value]:
    """Yield every number and span that a rulebook's tables, formulas and parameters name."""
    if isinstance(node, Rulebook):
        for part in (node.tables, node.formulas, node.parameters):
            yield from _limits(part)
    elif isinstance(node, Constant):
        if isinstance(node.value, int | Fraction | Span) and not isinstance(node.value, bool):
            yield node.value
    elif isinstance(node, Span | Fraction):
        yield node
    elif is_dataclass(node):
        for field in fields(node):
            yield from _limits(getattr(node, field.name))
    elif isinstance(node, tuple):
        for inner in node:
            yield from _limits(inner)
    elif hasattr(node, "values"):
        for inner in node.values():
            yield from _limits(inner)


def _within(declared: FactDeclaration, value: Any) -> Value:
    low: Any = declared.minimum
    high: Any = declared.maximum
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def arrow(book: Rulebook, rows: list[dict[str, Value]]) -> pa.Table:
    """Return cases as the table that a file of them would hold, with the place of each."""
    columns: dict[str, pa.Array] = {PLACE: pa.array(range(len(rows)), pa.int64())}
    for name, declared in book.facts.items():
        column, type_ = _column(declared)
        columns[column] = pa.array([_stored(row.get(name)) for row in rows], type_)
    return pa.table(columns)


def _column(declared: FactDeclaration) -> tuple[str, pa.DataType]:
    name = declared.name
    return {
        Kind.BOOLEAN: (name, pa.bool_()),
        Kind.INTEGER: (name, pa.int64()),
        Kind.DECIMAL: (name, pa.decimal128(20, 9)),
        Kind.MONEY: (f"{name}_fen", pa.int64()),
        Kind.SPAN: (f"{name}_seconds", pa.int64()),
        Kind.INSTANT: (name, pa.timestamp("us", "UTC")),
        Kind.ENUM: (name, pa.string()),
        Kind.TEXT: (name, pa.string()),
    }[declared.type.kind]


def _stored(value: Value | None) -> Any:
    if isinstance(value, Span):
        return value.seconds
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value
