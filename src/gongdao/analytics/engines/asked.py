"""What an engine is asked to do (任务): one table of a rulebook over one relation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import ibis
import pyarrow as pa

from gongdao.analytics.agreement import facts_of_requirements, refuse_contradictions
from gongdao.analytics.intake import given_columns, intake_of, micros_of
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

    def __post_init__(self) -> None:
        if self.table not in self.book.tables:
            raise no_such_table(self.book.ref, self.table, tuple(self.book.tables))

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return those columns of a file that hold facts. BadInput when none is read."""
        given = given_columns(self.book, names)
        read = facts_read(self.book, self.table)
        if read and not read & set(given):
            raise no_fact_column(names)
        return tuple(given.values())

    def compiled(
        self,
        relation: Any,  # noqa: ANN401  any engine's relation
        run: Callable[[Any], pa.Table],
        kept: tuple[str, ...],
        micros: Callable[[Column], Column] = micros_of,
    ) -> Any:  # noqa: ANN401  as above
        """Return the columns `kept` of `relation` and the answer for each of its rows.

        The relation is surveyed once through `run`, which executes an aggregation. BadInput for
        values that no fact may have, and for facts that contradict each other.
        """
        read = facts_read(self.book, self.table) | facts_of_requirements(self.book)
        intake = intake_of(self.book, relation, read, run, micros)
        refuse_contradictions(self.book, intake, run)
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
