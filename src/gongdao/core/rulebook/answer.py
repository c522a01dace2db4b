"""Answers (答案): what a rulebook says about given facts, and why.

An answer explains itself: the row hit, the clauses cited, every value read and where it came from,
the rows that came near, and, when undecided, the facts that would settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.model import Source, Value


class ValueRead(NamedTuple):
    """One value that the answer depended on."""

    name: str
    value: Value | None
    origin: str
    """`fact`, `fact:<who or what established it>`, `clock` or `at` for the instant of the question,
    `parameter`, `formula`, `table`."""


class NearMiss(NamedTuple):
    """A row that failed by exactly one condition."""

    table: str
    row: str
    name: str
    wanted: str
    was: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHit:
    """A row that applied, in the order in which tables were consulted."""

    table: str
    row: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedFloor:
    """A table of law that gives the buyer more than the platform's own answer did."""

    rulebook: str
    digest: str
    title: Text
    table: str
    row: str
    sources: tuple[Source, ...]
    """The clauses of the law cited."""
    raised: Mapping[str, tuple[Value | None, Value | None]]
    """Output -> what the platform's answer was, and what the law demands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rulebook answers."""

    rulebook: str
    digest: str
    table: str
    status: Literal["decided", "undecided"]
    outputs: Mapping[str, Value | None] = field(default_factory=dict[str, Value | None])
    """Of the row hit; for a `collect` table the outputs of every hit are in `collected`."""
    collected: tuple[Mapping[str, Value | None], ...] = ()
    hits: tuple[RowHit, ...] = ()
    cite: tuple[str, ...] = ()
    """Clauses cited, in order, without repetition."""
    read: tuple[ValueRead, ...] = ()
    near: tuple[NearMiss, ...] = ()
    needed: tuple[str, ...] = ()
    """When undecided: the facts that would settle it, cheapest first."""
    floor: AppliedFloor | None = None
    """The statutory floor, where it raised `outputs` above what the row hit gives."""
