"""What an engine is asked to do (任务): one table of a rulebook over one relation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import ibis
import pyarrow as pa

from gongdao.analytics.intake import given_columns, intake_of
from gongdao.analytics.plan import facts_read
from gongdao.analytics.refusals import no_fact_column, no_such_table, taken_column
from gongdao.analytics.tables import compile_table
from gongdao.core.rulebook.model import Rulebook


class Progress(Protocol):
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

    def compiled(self, relation: Any, run: Callable[[Any], pa.Table], kept: tuple[str, ...]) -> Any:  # noqa: ANN401  any engine's relation
        """Return the columns `kept` of `relation` and the answer for each of its rows.

        The relation is surveyed once through `run`, which executes an aggregation. BadInput for
        values that no fact may have, and for a column that the answer itself would add.
        """
        intake = intake_of(self.book, relation, facts_read(self.book, self.table), run)
        answered = compile_table(self.book, intake, self.table, kept)
        return answered


def refuse_taken(names: tuple[str, ...], added: tuple[str, ...]) -> None:
    """Refuse a file that already has a column of the answer."""
    for name in added:
        if name in names:
            raise taken_column(name)


@contextmanager
def layered() -> Generator[None]:
    """Keep stages apart while SQL is written: merged, each would repeat the one below."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
