"""Facts in bulk (批量事实): columns of a relation as facts of a rulebook, checked before ruling.

A boolean, integer, text or word stands in a column named after its fact. Money is a whole number
in `<fact>_fen`, or yuan as a decimal in `<fact>`; a span is `<fact>_seconds`; an instant is a
timestamp with a time zone. Null is unknown; a fact without a column is unknown in every case.
The instant of the ruling alone (`now`) is what the caller says wherever a case does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import ibis
import pyarrow as pa

from gongdao.analytics.meaning import (
    DECIMAL_DIGITS,
    SECOND,
    TIME_BITS,
    Meaning,
    Moment,
    literal,
    unknown,
)
from gongdao.analytics.number import Column, Number
from gongdao.analytics.survey import Seen, survey
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook, Value

_SCALE = 10**DECIMAL_DIGITS
_SUFFIX = {Kind.MONEY: "_fen", Kind.SPAN: "_seconds"}
#: Columns that the query adds start so; facts of a rulebook start with a letter.
PREFIX = "_f_"
#: The fact that is the instant of the ruling.
NOW = "now"


@dataclass(frozen=True, slots=True)
class Intake:
    """A relation whose fact columns are ready, and how each fact is read."""

    relation: Any
    facts: Mapping[str, Meaning]
    known: frozenset[str]
    """The facts that no case lacks."""
    seen: Mapping[str, Seen]
    """What the survey learned of each column given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What reading facts needs of an engine and of who asks."""

    run: Callable[[Any], pa.Table]
    """Executes an aggregation and returns it as an Arrow table."""
    micros: Callable[[Column], Column]
    """Writes an instant as microseconds since 1970."""
    now: datetime | None = None
    """The instant of the ruling, for cases that do not say it; None: unknown there."""


def column_name(declared: FactDeclaration) -> str:
    """Return the name under which a fact's column is first looked for."""
    return declared.name + _SUFFIX.get(declared.type.kind, "")


def given_columns(book: Rulebook, names: tuple[str, ...]) -> dict[str, str]:
    """Return which column of `names` holds which fact."""
    found: dict[str, str] = {}
    for fact, declared in book.facts.items():
        for name in (column_name(declared), fact):
            if name in names:
                found[fact] = name
                break
    return found


def intake_of(
    book: Rulebook,
    relation: Any,  # noqa: ANN401  any engine's relation
    wanted: frozenset[str],
    access: Access,
) -> Intake:
    """Check every fact column of `relation` and make those of `wanted` ready.

    BadInput for a column of an unfit type or with a value that no fact may have.
    """
    given = given_columns(book, tuple(relation.columns))
    require_types(book, relation, given)
    seen = survey(book, relation, given, access.run)
    return made_ready(book, relation, {f: n for f, n in given.items() if f in wanted}, seen, access)


def require_types(
    book: Rulebook,
    relation: Any,  # noqa: ANN401  any engine's relation
    given: Mapping[str, str],
) -> None:
    """Refuse a column whose type its fact cannot have. BadInput `bulk.wrong_column_type`."""
    for fact, name in given.items():
        declared, type_ = book.facts[fact], relation[name].type()
        if not _fits(declared.type.kind, type_):
            raise BadInput(_unfit(declared, name, str(type_)))


def made_ready(
    book: Rulebook,
    relation: Any,  # noqa: ANN401  any engine's relation
    used: Mapping[str, str],
    seen: Mapping[str, Seen],
    access: Access,
    *,
    prefix: str = PREFIX,
    narrow: frozenset[str] = frozenset(),
) -> Intake:
    """Return the columns `used` (fact -> column) in the form in which facts are computed with.

    Values of the facts `narrow` that the book does not allow are unknown to it.
    """
    ready: dict[str, Column] = {}
    for fact, name in used.items():
        column = _normal(book, book.facts[fact], relation[name], access.micros)
        if fact in narrow:
            column = allowed(book, book.facts[fact], column)
        ready[f"{prefix}{fact}"] = column
    now = _stated(book, access)
    if now is not None and f"{prefix}{NOW}" in ready:
        ready[f"{prefix}{NOW}"] = ready[f"{prefix}{NOW}"].fill_null(now.micros.numerator)
    staged = relation.mutate(**ready) if ready else relation
    facts: dict[str, Meaning] = {}
    for name, declared in book.facts.items():
        if name in used and not seen[name].nothing:
            facts[name] = _meaning(declared, staged[f"{prefix}{name}"], seen[name])
        else:
            facts[name] = unknown(declared.type)
    known = {f for f in used if not seen[f].nulls}
    if now is not None:
        known.add(NOW)
        if NOW not in used or seen[NOW].nothing:
            facts[NOW] = now
        else:
            facts[NOW] = Moment(Number(staged[f"{prefix}{NOW}"], 1, TIME_BITS))
    return Intake(staged, facts, frozenset(known), seen)


def _stated(book: Rulebook, access: Access) -> Moment | None:
    """Return the instant of the ruling, where the book asks for it and the caller says it."""
    declared = book.facts.get(NOW)
    if access.now is None or declared is None or declared.type.kind is not Kind.INSTANT:
        return None
    stated = literal(access.now)
    return stated if isinstance(stated, Moment) else None


def _fits(kind: Kind, type_: Any) -> bool:  # noqa: ANN401  Ibis names its types at run time
    match kind:
        case Kind.BOOLEAN:
            return bool(type_.is_boolean())
        case Kind.INTEGER | Kind.SPAN:
            return bool(type_.is_integer())
        case Kind.DECIMAL | Kind.MONEY:
            return bool(type_.is_numeric() and not type_.is_boolean())
        case Kind.INSTANT:
            return bool(type_.is_timestamp() and type_.timezone)
        case Kind.ENUM | Kind.TEXT:
            return bool(type_.is_string())


def _normal(
    book: Rulebook,
    declared: FactDeclaration,
    column: Column,
    micros: Callable[[Column], Column],
) -> Column:
    """Return a column in the form in which facts are computed with."""
    match declared.type.kind:
        case Kind.DECIMAL:
            return (column.cast("decimal(28, 9)") * _SCALE).cast("int64")
        case Kind.MONEY if not column.get_name().endswith("_fen"):
            return (column.cast("decimal(28, 2)") * 100).cast("int64")
        case Kind.MONEY | Kind.INTEGER:
            return column.cast("int64")
        case Kind.SPAN:
            return column.cast("int64") * SECOND
        case Kind.INSTANT:
            return micros(column)
        case Kind.ENUM:
            synonyms = enums_of(book)[declared.type.enum or ""].synonyms
            return column.substitute(dict(synonyms)) if synonyms else column
        case _:
            return column


def allowed(book: Rulebook, declared: FactDeclaration, column: Column) -> Column:
    """Return a column as it is computed with, null where the book does not allow its value."""
    if declared.type.kind is Kind.ENUM:
        fits = column.isin(list(enums_of(book)[declared.type.enum or ""].members))
        return fits.ifelse(column, ibis.null("string"))
    for bound, least in ((declared.minimum, True), (declared.maximum, False)):
        if bound is not None:
            limit = _as_computed(declared, bound)
            fits = column >= limit if least else column <= limit
            column = fits.ifelse(column, ibis.null("int64"))
    return column


def _as_computed(declared: FactDeclaration, bound: Value) -> int:
    """Return a bound of a number in the unit that it is computed with."""
    if isinstance(bound, Span):
        return bound.seconds * SECOND
    if not isinstance(bound, int | Fraction):
        raise TypeError("numbers and spans alone have bounds")
    return int(bound * (_SCALE if declared.type.kind is Kind.DECIMAL else 1))


def micros_of(column: Column) -> Column:
    """Return an instant as microseconds since 1970, for engines that can take it apart."""
    whole = column.truncate("s").epoch_seconds().cast("int64")
    return whole * SECOND + column.microsecond() % SECOND


def _meaning(declared: FactDeclaration, column: Column, seen: Seen) -> Meaning:
    match declared.type.kind:
        case Kind.INTEGER | Kind.MONEY:
            return Number(column, 1, seen.bits)
        case Kind.DECIMAL:
            return Number(column, _SCALE, seen.bits, _SCALE.bit_length())
        case Kind.SPAN | Kind.INSTANT:
            return Moment(Number(column, 1, seen.bits))
        case _:
            return column


def _unfit(declared: FactDeclaration, column: str, given: str) -> Finding:
    wanted = {
        Kind.INSTANT: "timestamp with time zone",
        Kind.SPAN: "integer (…_seconds)",
        Kind.MONEY: "integer (…_fen) / decimal yuan",
        Kind.ENUM: "string",
        Kind.TEXT: "string",
    }.get(declared.type.kind, declared.type.kind.value)
    return Finding(
        code="bulk.wrong_column_type",
        field=column,
        message=Text(
            f"列 {column}（{declared.title.zh}）的类型是 {given}",
            f"column `{column}` ({declared.title.en}) is of type {given}",
        ),
        cure=Text(f"应为 {wanted}", f"it should be {wanted}"),
    )
