"""Who answers in bulk (何行适用): the row that applies, and whether an open row leaves it in doubt.

Rows of one table fall into classes that give the same. An open row matters only when its class is
not that of the row that applies, so it is enough to know the first open row and the first open row
of another class: as many conditions as rows, not as many as pairs of rows. Only where outputs are
computed, and two rows may give the same amount or not, are rows compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis

from gongdao.analytics.meaning import Meaning, compared, missing
from gongdao.analytics.number import FALSE, Column, opposite
from gongdao.core.rulebook.expression import Constant, Expression
from gongdao.core.rulebook.model import HitPolicy, Table


@dataclass(frozen=True, slots=True)
class Truths:
    """The rows of a table as truth columns, null where a row is open."""

    columns: Sequence[Column]
    open_rows: Sequence[int]
    """The rows that can be open at all."""

    def first(self) -> Column:
        """Return the index of the first row that applies; null when none does."""
        return by_row(self.columns, range(len(self.columns)))

    def several(self) -> Column:
        """Return whether more than one row applies."""
        counted: Column = ibis.literal(0)
        for truth in self.columns:
            counted = counted + ibis.ifelse(truth, 1, 0)
        return counted > 1


def by_row(truths: Sequence[Column], numbers: Sequence[int]) -> Column:
    """Return the number that belongs to the first row that applies."""
    return ibis.cases(*zip(truths, numbers, strict=True), else_=ibis.null("int64"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether some outputs of the row that applies are in doubt because of rows that are open."""

    table: Table
    outputs: tuple[str, ...]
    truths: Truths
    value: Callable[[int, str], Meaning | None]
    """What a row gives."""
    mark: str

    def over(self, truths: Truths) -> Doubt:
        """Return the same doubt with the truths of a later stage."""
        return replace(self, truths=truths)

    @property
    def never(self) -> bool:
        """Whether no case can be in doubt."""
        return not self.truths.open_rows or len(set(self._classes())) == 1

    def staged(self) -> dict[str, Column]:
        """Return columns that `column` builds on."""
        if self.never or self._pairwise():
            return {}
        nulls = [self.truths.columns[i].isnull() for i in self.truths.open_rows]
        staged = {f"{self.mark}_open": by_row(nulls, self.truths.open_rows)}
        classes = self._classes()
        if len(set(classes)) < len(classes):
            staged[f"{self.mark}_class"] = by_row(self.truths.columns, classes)
            of_open = [classes[i] for i in self.truths.open_rows]
            staged[f"{self.mark}_open_class"] = by_row(nulls, of_open)
        return staged

    def column(self, staged: Mapping[str, Column], first: Column) -> Column:
        """Return the doubt; `first` is the row that applies. Never null."""
        if self.never:
            return FALSE
        if self._pairwise():
            return self._compared(first)
        opened = staged[f"{self.mark}_open"]
        doubt = self._before(opened, first)
        if f"{self.mark}_class" in staged:
            mine, theirs = staged[f"{self.mark}_class"], staged[f"{self.mark}_open_class"]
            classes = self._classes()
            others = [
                self.truths.columns[i].isnull() & (theirs != classes[i])
                for i in self.truths.open_rows
            ]
            another = by_row(others, self.truths.open_rows)
            doubt = doubt & ((mine != theirs) | self._before(another, first))
        return doubt.fill_null(FALSE)

    def _before(self, row: Column, first: Column) -> Column:
        """Return whether an open row could answer instead: in a `first` table, an earlier one."""
        if self.table.hit is HitPolicy.FIRST:
            return (row < first).fill_null(FALSE)
        return row.notnull()

    def _then(self, row: int) -> tuple[Expression | None, ...]:
        return tuple(self.table.rows[row].then.get(o) for o in self.outputs)

    def _classes(self) -> list[int]:
        found: dict[tuple[Expression | None, ...], int] = {}
        return [found.setdefault(self._then(i), len(found)) for i in range(len(self.table.rows))]

    def _rivals(self, row: int) -> list[int]:
        earlier = self.table.hit is HitPolicy.FIRST
        return [i for i in self.truths.open_rows if (i < row if earlier else i != row)]

    def _pairwise(self) -> bool:
        """Whether two rows that are written differently may yet give the same."""
        return any(
            self._may_agree(row, other)
            for row in range(len(self.table.rows))
            for other in self._rivals(row)
        )

    def _may_agree(self, row: int, other: int) -> bool:
        pairs = [(a, b) for a, b in zip(self._then(row), self._then(other), strict=True) if a != b]
        return bool(pairs) and not any(_never_same(a, b) for a, b in pairs)

    def _compared(self, first: Column) -> Column:
        """Return the doubt by comparing each row with every open row that could answer instead."""
        whens: list[tuple[Column, Column]] = []
        for row in range(len(self.table.rows)):
            doubt: Column | None = None
            for other in self._rivals(row):
                if self._then(row) == self._then(other):
                    continue
                opened = self.truths.columns[other].isnull()
                if self._may_agree(row, other):
                    opened = opened & self._differ(row, other)
                doubt = opened if doubt is None else doubt | opened
            if doubt is not None:
                whens.append((first == row, doubt))
        return ibis.cases(*whens, else_=FALSE) if whens else FALSE

    def _differ(self, row: int, other: int) -> Column:
        differ: Column = FALSE
        for output, one, two in zip(self.outputs, self._then(row), self._then(other), strict=True):
            if one == two:
                continue
            mine, theirs = self.value(row, output), self.value(other, output)
            if mine is None or theirs is None:
                raise TypeError("an output that one row lacks never agrees")
            equal = compared("==", mine, theirs).fill_null(FALSE)
            differ = differ | opposite(equal | (missing(mine) & missing(theirs)))
        return differ


def _never_same(one: Expression | None, other: Expression | None) -> bool:
    if one is None or other is None:
        return True
    return isinstance(one, Constant) and isinstance(other, Constant)
