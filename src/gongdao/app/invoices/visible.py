"""What of invoices exists for a caller (可见范围): orders, and tasks about their invoices."""

from __future__ import annotations

from gongdao.app.permissions import INVOICE_TASK, ORDER, Caller, not_visible
from gongdao.store.connection import Connection
from gongdao.store.invoices import HeldTask, find_task
from gongdao.store.orders import KnownOrder, case_about, find_order


def visible_order(
    on: Connection, caller: Caller, shop_id: str, order_id: str, field: str
) -> KnownOrder:
    """Return the order, locked. Raises NotVisible on `field` for one that is not the caller's.

    For callers limited to named cases, the orders of those cases are theirs.
    """
    known = find_order(on, shop_id, order_id, lock=True)
    if known is None or not caller.sees(
        marketplace_id=known.marketplace_id,
        shop_id=shop_id,
        buyer_id=known.order.buyer_id,
        case_id=case_about(on, caller.case_ids or (), shop_id, order_id),
    ):
        raise not_visible(ORDER, field)
    return known


def visible_task(on: Connection, caller: Caller, task_id: str, *, lock: bool) -> HeldTask:
    """Return the task. Raises NotVisible for one that is not the caller's.

    A task that no case opened belongs to its order, and so to every case about it.
    """
    held = find_task(on, task_id, lock=lock)
    if held is None or not caller.sees(
        marketplace_id=held.marketplace_id,
        shop_id=held.task.shop_id,
        buyer_id=held.task.buyer_id,
        case_id=_case_of(on, caller, held),
    ):
        raise not_visible(INVOICE_TASK, "task_id")
    return held


def _case_of(on: Connection, caller: Caller, held: HeldTask) -> str | None:
    task = held.task
    if task.case_id is not None:
        return task.case_id
    return case_about(on, caller.case_ids or (), task.shop_id, task.order_id)
