"""What an engine is asked to do (任务): one table of a rulebook over one relation.

Where tables of law are named beside it, its answers are raised to them as those of one case are.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import ibis
import pyarrow as pa

from gongdao.analytics.agreement import facts_of_requirements, refuse_contradictions
from gongdao.analytics.floor import ADDED, Floor, compile_with_floors, prefix_of, ranked
from gongdao.analytics.floor_facts import facts_of_law
from gongdao.analytics.intake import Access, Intake, given_columns, intake_of, micros_of
from gongdao.analytics.number import Column
from gongdao.analytics.plan import facts_read
from gongdao.analytics.refusals import no_fact_column, no_such_table
from gongdao.analytics.tables import compile_table
from gongdao.core.rulebook.model import Rulebook


class Told(Protocol):
    """Told how much is done; the command line shows it, a test may ignore it."""

    def __call__(self, share: float) -> None:
        """`share` of the work, 0 to 1, is done."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases were answered."""

    rows: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One table of one rulebook."""

    book: Rulebook
    table: str
    floors: tuple[Floor, ...] = ()
    """The tables of law that the answer may not fall below, in the order they are tried."""
    now: datetime | None = None
    """The instant of the ruling, for cases that do not say it."""

    def __post_init__(self) -> None:
        if self.table not in self.book.tables:
            raise no_such_table(self.book.ref, self.table, tuple(self.book.tables))

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return those columns of a file that hold facts. BadInput when none is read."""
        given = given_columns(self.book, names)
        read = facts_read(self.book, self.table)
        if read and not read & set(given):
            raise no_fact_column(names)
        for law, _ in self.floors:
            given |= {f"law {f}": n for f, n in given_columns(law, names).items()}
        return tuple(dict.fromkeys(given.values()))

    @property
    def added(self) -> tuple[str, ...]:
        """Return the columns of the answer whose names do not start with `out_`."""
        return ("status", "row", "clauses", *(ADDED if self._raising() else ()))

    def _raising(self) -> bool:
        table = self.book.tables[self.table]
        return any(ranked(table, law.tables[name]) for law, name in self.floors)

    def compiled(
        self,
        relation: Any,  # noqa: ANN401  any engine's relation
        run: Callable[[Any], pa.Table],
        kept: tuple[str, ...],
        micros: Callable[[Column], Column] = micros_of,
    ) -> Any:  # noqa: ANN401  as above
        """Return the columns `kept` of `relation` and the answer for each of its rows.

        The relation is surveyed once through `run`, which executes an aggregation, and once more
        for facts that the law alone asks for. BadInput for values that no fact may have, and for
        facts that contradict each other.
        """
        access = Access(run=run, micros=micros, now=self.now)
        read = facts_read(self.book, self.table) | facts_of_requirements(self.book)
        intake = intake_of(self.book, relation, read, access)
        refuse_contradictions(self.book, intake, run)
        laws: list[tuple[Floor, Intake]] = []
        below = intake
        for law, name in self.floors:
            own = replace(intake, relation=below.relation)
            read_by = facts_of_law(self.book, own, law, name, access, prefix_of(len(laws)))
            if ranked(self.book.tables[self.table], law.tables[name]):
                below = read_by
                laws.append(((law, name), below))
        if laws:
            return compile_with_floors(self.book, intake, self.table, kept, laws)
        return compile_table(self.book, intake, self.table, kept)


@contextmanager
def layered() -> Generator[None]:
    """Keep stages apart while SQL is written: merged, each would repeat the one below."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
