"""What a rulebook is (规则书): one platform's rules on one subject, as they stood from one date.

A rulebook is immutable once published. It holds sources (who says so), facts (what may be asked),
parameters and formulas (numbers), tables (decisions) and processes (who may act, until when).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import Expression
from gongdao.core.rulebook.processes import Process


class Kind(StrEnum):
    """The type of a value in a rulebook."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    """An exact number; rates are decimals: `0.35%` is 0.0035."""
    MONEY = "money"
    """Integer fen; written in yuan: `500 yuan`."""
    SPAN = "span"
    """A length of time: `48h`, `7d`, `6mo`, `5 workdays`."""
    INSTANT = "instant"
    ENUM = "enum"
    TEXT = "text"


#: A value that a fact, a parameter or an output may have. None stands for unknown: a missing
#: fact is not false. DECIMAL is a Fraction, MONEY an int of fen, INSTANT an aware datetime.
Value: TypeAlias = bool | int | Fraction | Span | datetime | str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOf:
    """The declared type of a fact, parameter, formula or output."""

    kind: Kind
    enum: str | None = None
    """Name of the enumeration when `kind` is ENUM: declared in the book, or built in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One clause that rules may cite: a paraphrase, and where the original stands."""

    id: str
    text: Text
    ref: str
    """Inventory id (`S002-KS-AS-09`), official id (`OFFICIAL-TB-49`), law id, `house`, address."""
    reading: str | None = None
    """Id of the recommended reading where the source is damaged or ambiguous (`AMB-31`)."""


#: The cost of a fact that a look at the record establishes.
AT_A_LOOK = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclaration:
    """One fact that may be established: its type, unit and labels."""

    name: str
    type: TypeOf
    title: Text
    unit: str | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    evidence_of: str | None = None
    """The party whose valid evidence this fact is (`buyer`, `merchant`), for the fairness
    check."""
    cost: int = AT_A_LOOK
    """How dear it is to establish, 1 (a look at the record) to 9 (a laboratory). What costs 1 and
    is nobody's evidence is a fact of record: once known, nobody can change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number the rules use; `house` marks an own choice that no source gives."""

    name: str
    type: TypeOf
    title: Text
    value: Value | None
    """None: the source leaves it open and the operator has not set it; what needs it is
    undecided."""
    cite: tuple[str, ...]
    house: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A derived value, computed from facts, parameters and other formulas."""

    name: str
    type: TypeOf
    title: Text
    expression: Expression
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What facts must agree on among themselves; facts of which it is false are refused."""

    that: Expression
    message: Text
    """What is wrong when it is false."""
    cure: Text | None = None


class Operator(StrEnum):
    """How a cell compares the value it names."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"
    KNOWN = "known"
    """The value was given; no operand."""
    UNKNOWN = "unknown"
    """The value was not given; no operand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One condition of a row: `name operator operand`."""

    name: str
    """A fact, formula, parameter, or `table.output`."""
    operator: Operator
    operands: tuple[Expression, ...]
    """One operand, or the members of an IN list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule: when any of the alternatives holds (all cells of it), then these outputs."""

    id: str
    alternatives: tuple[tuple[Cell, ...], ...]
    """Or of ands; one empty alternative is the explicit default row."""
    then: Mapping[str, Expression]
    cite: tuple[str, ...]
    title: Text | None = None
    exempt: tuple[str, ...] = ()
    """Checks this row is declared an exception to, each `check-name: clause id`."""
    line: int = 0


class HitPolicy(StrEnum):
    """How rows of a table combine."""

    FIRST = "first"
    UNIQUE = "unique"
    COLLECT = "collect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table (判定表)."""

    name: str
    title: Text
    hit: HitPolicy
    gives: Mapping[str, TypeOf]
    rows: tuple[Row, ...]
    order: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    """Per party, per output: the values from worst to best for that party (fairness check)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """A closed list of words, with labels and the synonyms that sources use for them."""

    name: str
    members: Mapping[str, Text]
    synonyms: Mapping[str, str] = field(default_factory=dict[str, str])


class Governs(StrEnum):
    """Which instant chooses the version of a rulebook that governs (新旧衔接)."""

    ORDER_PLACED = "order_placed"
    ACT_DONE = "act_done"
    CASE_OPENED = "case_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """One version of one platform's rules on one subject."""

    id: str
    """`kuaishou/after-sale`."""
    version: str
    """The effective date, `2024-01-03`."""
    title: Text
    in_force_from: datetime
    in_force_until: datetime | None
    governs_by: Governs
    sources: Mapping[str, Source]
    enums: Mapping[str, Enumeration]
    facts: Mapping[str, FactDeclaration]
    parameters: Mapping[str, Parameter]
    formulas: Mapping[str, Formula]
    tables: Mapping[str, Table]
    processes: Mapping[str, Process]
    asks: str | None = None
    """The table that answers the book's main question (`gongdao decide` without a table)."""
    require: tuple[Requirement, ...] = ()
    calendar: Calendar = field(default=NO_CALENDAR, compare=False, repr=False)
    """The working days that `5 workdays` counts."""
    digest: str = ""
    """sha256 of the file's bytes, hex; recorded in every ruling."""

    @property
    def ref(self) -> str:
        """`kuaishou/after-sale@2024-01-03`, the name a ruling records."""
        return f"{self.id}@{self.version}"
