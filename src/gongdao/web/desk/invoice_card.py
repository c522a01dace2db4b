"""Invoice cards (发票栏): the invoices of an order, and the tasks beside a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.invoices import invoice_tasks, invoices
from gongdao.core.invoices.model import MEDIUM_LABELS
from gongdao.core.kernel.words import Role
from gongdao.store.invoices import TasksWanted
from gongdao.web.desk.language import wording
from gongdao.web.desk.views.invoices import TaskRow, task_row

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller

#: More tasks than these are on the list page.
MOST = 20
_EVERY: frozenset[str] = frozenset()


def invoice_card(caller: Caller, shop_id: str, order_id: str) -> dict[str, Any]:
    """Return what the page of an order shows of its invoices."""
    if not PERMISSIONS[Verb.SEE_INVOICES].covers(caller.post):
        return {"may_see_invoices": False}
    wanted = TasksWanted(marketplace_ids=_EVERY, shop_id=shop_id, order_id=order_id)
    rows = _rows(caller, wanted)
    under_way = {r.task.invoice_id for r in rows if r.task.closed_at is None}
    may_tell = PERMISSIONS[Verb.TELL_INVOICE].covers(caller.post)
    return {
        "may_see_invoices": True,
        "invoices": [
            (i, may_tell and i.left_fen > 0 and i.id not in under_way)
            for i in invoices(caller, shop_id, order_id)
        ],
        "invoice_tasks": rows,
        "may_tell": may_tell,
        "media": [(medium.value, wording(text)) for medium, text in MEDIUM_LABELS.items()],
    }


def case_invoices(caller: Caller, case_id: str) -> list[TaskRow]:
    """Return the tasks that a case opened, as its page lists them."""
    if not PERMISSIONS[Verb.SEE_INVOICES].covers(caller.post):
        return []
    return _rows(caller, TasksWanted(marketplace_ids=_EVERY, case_id=case_id))


def invoices_waiting(caller: Caller) -> int:
    """Return how many open tasks wait for the caller, counting no further than a page."""
    if caller.role not in {Role.BUYER, Role.MERCHANT}:
        return 0
    wanted = TasksWanted(marketplace_ids=_EVERY, open=True, waits_for=caller.role.value)
    return len(invoice_tasks(caller, wanted, limit=MOST).rows)


def _rows(caller: Caller, wanted: TasksWanted) -> list[TaskRow]:
    page = invoice_tasks(caller, wanted, limit=MOST)
    return [task_row(shown, caller.role) for shown in page.rows]
