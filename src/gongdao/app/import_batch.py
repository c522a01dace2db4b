"""Import a batch (导入一批): orders, the rows that were none, and the progress, in one transaction.

Whatever ends the process, the next run goes on after the last batch that was committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongdao.app.intake_orders import intake
from gongdao.core.cases.model import Order
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """Which import this is: of what content, into which marketplace."""

    marketplace_id: str
    source: str
    """Name and digest of the content: another content is another import."""


def import_batch(
    target: ImportTarget,
    orders: Sequence[Order],
    errors: Sequence[RowError],
    *,
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
        intake(target.marketplace_id, orders)
        add_row_errors(on, target.marketplace_id, target.source, errors)
        after = Progress(
            position=position,
            orders=before.orders + len(orders),
            errors=before.errors + len(errors),
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
    """Mark the import as finished and return its numbers and every finding about its rows."""
    with transaction() as on:
        done = find_progress(on, target.marketplace_id, target.source)
        finished = Progress(
            position=done.position, orders=done.orders, errors=done.errors, finished=True
        )
        save_progress(on, target.marketplace_id, target.source, finished)
        return finished, tuple(row_errors(on, target.marketplace_id, target.source))
