"""Facts in bulk (批量事实): columns of a file as facts of a rulebook, checked before anything is ruled.

A boolean, integer, text or word stands in a column named after its fact. Money is a whole number in
`<fact>_fen`, or yuan as a decimal in `<fact>`; a span is `<fact>_seconds`; an instant is a timestamp
with a time zone. Null is unknown; a fact without a column is unknown in every case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ibis

from gongdao.analytics.meaning import (
    DECIMAL_BITS,
    DECIMAL_DIGITS,
    INTEGER_BITS,
    MONEY_BITS,
    SECOND,
    TIME_BITS,
    Meaning,
    Moment,
    unknown,
)
from gongdao.analytics.number import FALSE, Column, Number, opposite
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook

_SCALE = 10**DECIMAL_DIGITS
_MOST = LARGEST_FEN
_SUFFIX = {Kind.MONEY: "_fen", Kind.SPAN: "_seconds"}


@dataclass(frozen=True, slots=True)
class Intake:
    """A relation whose fact columns are ready, and how each fact is read."""

    relation: Any
    facts: dict[str, Meaning]


def facts_of(book: Rulebook, relation: Any) -> Intake:  # noqa: ANN401  any engine's relation
    """Return the facts of `book` over `relation`. BadInput for a column of an unfit type."""
    readers = {n: _column(relation, d) for n, d in book.facts.items()}
    columns: dict[str, Column] = {}
    for name, found in readers.items():
        if found is not None:
            columns[f"_f_{name}"] = _normal(book, book.facts[name], found)
    staged = relation.mutate(**columns) if columns else relation
    facts: dict[str, Meaning] = {}
    for name, declared in book.facts.items():
        column = staged[f"_f_{name}"] if f"_f_{name}" in columns else None
        facts[name] = unknown(declared.type) if column is None else _meaning(declared, column)
    return Intake(staged, facts)


def refuse_bad_values(book: Rulebook, intake: Intake, run: Callable[[Any], Any]) -> None:
    """Ask the engine for the values that no fact may have; BadInput names each column and one value.

    `run` executes an aggregation and returns its single row as a mapping.
    """
    tests: dict[str, Column] = {}
    for name, declared in book.facts.items():
        column = f"_f_{name}"
        if column not in intake.relation.columns:
            continue
        bad = _bad(book, declared, intake.relation[column])
        if bad is not None:
            raw = intake.relation[_given_name(intake.relation, declared)]
            tests[f"{name}_n"] = bad.cast("int64").sum()
            tests[f"{name}_v"] = ibis.ifelse(bad, raw.cast("string"), ibis.null("string")).min()
    if not tests:
        return
    row = run(intake.relation.aggregate(**tests))
    findings = [
        _finding(book, declared, int(row[f"{name}_n"]), str(row[f"{name}_v"]))
        for name, declared in book.facts.items()
        if row.get(f"{name}_n")
    ]
    if findings:
        raise BadInput(*findings)


def _given_name(relation: Any, declared: FactDeclaration) -> str:  # noqa: ANN401  any relation
    suffixed = declared.name + _SUFFIX.get(declared.type.kind, "")
    return suffixed if suffixed in relation.columns else declared.name


def _column(relation: Any, declared: FactDeclaration) -> Column | None:  # noqa: ANN401  any relation
    name = _given_name(relation, declared)
    return relation[name] if name in relation.columns else None


def _normal(book: Rulebook, declared: FactDeclaration, column: Column) -> Column:
    """Return a column in the form in which facts are computed with."""
    kind, type_ = declared.type.kind, column.type()
    fitting = {
        Kind.BOOLEAN: type_.is_boolean(),
        Kind.INTEGER: type_.is_integer(),
        Kind.DECIMAL: type_.is_numeric(),
        Kind.MONEY: type_.is_numeric(),
        Kind.SPAN: type_.is_integer(),
        Kind.INSTANT: type_.is_timestamp() and bool(type_.timezone),
        Kind.ENUM: type_.is_string(),
        Kind.TEXT: type_.is_string(),
    }[kind]
    if not fitting:
        raise BadInput(_unfit(declared, str(type_)))
    if kind is Kind.DECIMAL:
        return (column.cast("decimal(28, 9)") * _SCALE).cast("int64")
    if kind is Kind.MONEY:
        if column.get_name().endswith("_fen"):
            return column.cast("int64")
        return (column.cast("decimal(28, 2)") * 100).cast("int64")
    if kind is Kind.SPAN:
        return column.cast("int64") * SECOND
    if kind is Kind.INSTANT:
        whole = column.truncate("s").epoch_seconds().cast("int64")
        return whole * SECOND + column.microsecond() % SECOND
    if kind is Kind.ENUM and declared.type.enum is not None:
        synonyms = enums_of(book)[declared.type.enum].synonyms
        if synonyms:
            return column.substitute(dict(synonyms))
    return column


def _meaning(declared: FactDeclaration, column: Column) -> Meaning:
    match declared.type.kind:
        case Kind.INTEGER:
            return Number(column, 1, INTEGER_BITS)
        case Kind.MONEY:
            return Number(column, 1, MONEY_BITS)
        case Kind.DECIMAL:
            return Number(column, _SCALE, DECIMAL_BITS, _SCALE.bit_length())
        case Kind.SPAN | Kind.INSTANT:
            return Moment(Number(column, 1, TIME_BITS))
        case _:
            return column


def _bad(book: Rulebook, declared: FactDeclaration, column: Column) -> Column | None:
    """Return where a value is one that the fact may not have; null is always allowed."""
    kind = declared.type.kind
    if kind is Kind.ENUM and declared.type.enum is not None:
        words = list(enums_of(book)[declared.type.enum].members)
        return column.notnull() & opposite(column.isin(words))
    if kind in (Kind.BOOLEAN, Kind.TEXT):
        return None
    low, high = _bounds(declared)
    return ((column < low) | (column > high)).fill_null(FALSE)


def _bounds(declared: FactDeclaration) -> tuple[int, int]:
    scale = {Kind.DECIMAL: _SCALE, Kind.SPAN: SECOND}.get(declared.type.kind, 1)
    far = {
        Kind.SPAN: 2**TIME_BITS,
        Kind.INSTANT: 2**TIME_BITS,
        Kind.DECIMAL: 2**DECIMAL_BITS,
    }.get(declared.type.kind, _MOST)
    low, high = -far, far
    if declared.minimum is not None:
        low = _scaled(declared.minimum, scale)
    if declared.maximum is not None:
        high = _scaled(declared.maximum, scale)
    return low, high


def _scaled(limit: object, scale: int) -> int:
    if isinstance(limit, Span):
        return limit.seconds * scale
    if isinstance(limit, int | Fraction):
        return int(limit * scale)
    raise TypeError("limits are numbers or spans")


def _unfit(declared: FactDeclaration, given: str) -> Finding:
    suffix = _SUFFIX.get(declared.type.kind, "")
    wanted = {
        Kind.INSTANT: "timestamp with time zone",
        Kind.SPAN: "integer (…_seconds)",
        Kind.MONEY: "integer (…_fen) / decimal yuan",
    }.get(declared.type.kind, declared.type.kind.value)
    return Finding(
        code="bulk.wrong_column_type",
        field=declared.name + suffix,
        message=Text(
            f"列“{declared.title.zh}”的类型是 {given}",
            f"column `{declared.name}` is of type {given}",
        ),
        cure=Text(f"应为 {wanted}", f"it should be {wanted}"),
    )


def _finding(book: Rulebook, declared: FactDeclaration, count: int, example: str) -> Finding:
    if declared.type.kind is Kind.ENUM and declared.type.enum is not None:
        words = ", ".join(enums_of(book)[declared.type.enum].members)
        cure = Text(f"可用：{words}", f"use one of: {words}")
    else:
        low, high = (declared.minimum, declared.maximum)
        cure = Text(f"允许范围 {low} … {high}", f"allowed: {low} … {high}")
    return Finding(
        code="bulk.bad_value",
        field=declared.name,
        message=Text(
            f"“{declared.title.zh}”有 {count} 个值不可用，例如 {example}",
            f"`{declared.name}` has {count} values that cannot be, for example {example}",
        ),
        cure=cure,
    )
