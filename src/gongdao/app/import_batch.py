"""Import a batch (导入一批): records, bad rows and the progress, in one transaction.

Whatever ends the process, the next run goes on after the last batch that was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from gongdao.app.audit_call import audit_entry
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import Caller, Verb
from gongdao.core.cases.model import Order
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.words import Role
from gongdao.store.connection import transaction
from gongdao.store.imports import (
    Progress,
    RowError,
    add_row_errors,
    find_progress,
    forget_import,
    row_errors,
    save_progress,
)
from gongdao.store.trail import add_audit

_T = TypeVar("_T")
#: Takes (row, record) pairs into the target and returns what was wrong with some of them.
Take: TypeAlias = "Callable[[ImportTarget, Sequence[tuple[int, _T]]], Sequence[RowError]]"


def command_line(marketplace_id: str) -> Caller:
    """Whoever may run commands on this machine acts for the platform."""
    return Caller(
        user_id="command-line", role=Role.OPERATOR, marketplace_ids=frozenset({marketplace_id})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """Which import this is: of what content, into which marketplace, for whom."""

    marketplace_id: str
    source: str
    """Name and digest of the content: another content is another import."""
    by: Caller | None = None
    """None: the command line."""
    verb: Verb = Verb.INTAKE_ORDERS

    @property
    def caller(self) -> Caller:
        """Who imports."""
        return self.by or command_line(self.marketplace_id)


def row_error(row: int, finding: Finding) -> RowError:
    """Return a finding as one about a row."""
    return RowError(row=row, code=finding.code, field=finding.field, message=finding.message)


def take_orders(target: ImportTarget, items: Sequence[tuple[int, Order]]) -> list[RowError]:
    """Take in orders. An order that the marketplace cannot take is an error of its row."""
    report = intake(target.marketplace_id, (order for _, order in items))
    rows = {(order.shop_id, order.order_id): row for row, order in items}
    return [
        row_error(rows[refused.shop_id, refused.order_id], refused.finding)
        for refused in report.refused
    ]


def import_batch(
    target: ImportTarget,
    items: Sequence[tuple[int, _T]],
    errors: Sequence[RowError],
    *,
    take: Take[_T],
    expected: int,
    position: int,
) -> Progress:
    """Take the rows from `expected` up to `position` and return the progress after them.

    A batch that another run took meanwhile is left alone; `position` of the answer says where the
    import really stands.
    """
    with transaction() as on:
        before = find_progress(on, target.marketplace_id, target.source)
        if before.position != expected:
            return before
        refused = take(target, items)
        found = [*errors, *refused]
        add_row_errors(on, target.marketplace_id, target.source, found)
        after = Progress(
            position=position,
            taken=before.taken + len(items) - len({error.row for error in refused}),
            errors=before.errors + len(found),
        )
        save_progress(on, target.marketplace_id, target.source, after)
        return after


def begin_import(target: ImportTarget, *, again: bool = False) -> Progress:
    """Return where the import stands; with `again`, at the beginning whatever was done before."""
    with transaction() as on:
        if again:
            forget_import(on, target.marketplace_id, target.source)
        progress = find_progress(on, target.marketplace_id, target.source)
        if progress.position == 0:
            # From now on there is a row to lock, so that two importers cannot take one batch.
            save_progress(on, target.marketplace_id, target.source, progress)
        return progress


def finish_import(target: ImportTarget) -> tuple[Progress, tuple[RowError, ...]]:
    """Mark the import as finished and return its numbers and every finding about its rows.

    The first time it leaves its line in the log of calls: who, what, how many rows.
    """
    with transaction() as on:
        done = find_progress(on, target.marketplace_id, target.source)
        finished = replace(done, finished=True)
        if not done.finished:
            save_progress(on, target.marketplace_id, target.source, finished)
            add_audit(
                on,
                audit_entry(target.caller, target.verb, key=target.source, rows=done.position),
            )
        return finished, tuple(row_errors(on, target.marketplace_id, target.source))
