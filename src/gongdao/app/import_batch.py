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
    orders: Sequence[tuple[int, Order]],
    errors: Sequence[RowError],
    *,
    expected: int,
    position: int,
) -> Progress:
    """Take the rows from `expected` up to `position` and return the progress after them.

    `orders` are (row, order). An order that the marketplace cannot take is an error of its row.

    A batch that another run took meanwhile is left alone; `position` of the answer says where the
    import really stands.
    """
    with transaction() as on:
        before = find_progress(on, target.marketplace_id, target.source)
        if before.position != expected:
            return before
        report = intake(target.marketplace_id, (order for _, order in orders))
        rows = {(order.shop_id, order.order_id): row for row, order in orders}
        found = [
            *errors,
            *(
                RowError(
                    row=rows[refused.shop_id, refused.order_id],
                    code=refused.finding.code,
                    field=refused.finding.field,
                    message=refused.finding.message,
                )
                for refused in report.refused
            ),
        ]
        add_row_errors(on, target.marketplace_id, target.source, found)
        after = Progress(
            position=position,
            orders=before.orders + len(orders) - len(report.refused),
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
    """Mark the import as finished and return its numbers and every finding about its rows."""
    with transaction() as on:
        done = find_progress(on, target.marketplace_id, target.source)
        finished = Progress(
            position=done.position, orders=done.orders, errors=done.errors, finished=True
        )
        save_progress(on, target.marketplace_id, target.source, finished)
        return finished, tuple(row_errors(on, target.marketplace_id, target.source))
