"""Ask for a task by hand (自行发起): an invoice issued wrongly is reversed and issued again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.carry_out import check_key
from gongdao.app.invoices.keep import new_task, open_task
from gongdao.app.invoices.visible import visible_order
from gongdao.app.permissions import ORDER, Caller, Verb, not_visible
from gongdao.app.playbooks import playbooks
from gongdao.core.invoices.model import Invoice, InvoiceTask, TaskKind
from gongdao.core.invoices.wanted import law_of
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import marketplace_now
from gongdao.store.invoices import find_invoice, tasks_of_order

#: The rulebook's word for an invoice with a wrong title, item or amount.
WRONGLY_ISSUED = "wrongly_issued"
_NO_RULES = Text("平台没有发票规则", "the platform has no rules on invoices")
_NOTHING_LEFT = Text(
    "该发票已全部红冲或正在红冲", "nothing of this invoice is left, or a reversal of it runs"
)


def reverse_wrong_invoice(
    caller: Caller, shop_id: str, number: str, *, key: str, now: datetime | None = None
) -> InvoiceTask:
    """Open the reversal of all that still stands of an invoice, because it was issued wrongly.

    Raises NotVisible; Conflict `invoice.nothing_left` when nothing of it stands or a reversal of it
    runs already, `invoice.no_rules` where the platform has no book for it.
    """
    check_key(key)
    with audited(caller, Verb.TELL_INVOICE, shop_id, key=key) as on:
        invoice = find_invoice(on, shop_id, number)
        if invoice is None:
            raise not_visible(ORDER, "number")
        order_id = invoice.order_id
        known = visible_order(on, caller, shop_id, order_id, "number")
        tasks = [h.task for h in tasks_of_order(on, shop_id, order_id)]
        mine = [t for t in tasks if t.invoice_id == invoice.id]
        asked = [t for t in mine if t.cause == f"asked:{key}"]
        if asked:
            return asked[0]
        _check_standing(invoice, mine)
        at = now or marketplace_now(on, known.marketplace_id)
        book = law_of(playbooks().opening(known.order, at))
        if book is None:
            raise _conflict("invoice.no_rules", _NO_RULES)
        task = new_task(
            invoice,
            TaskKind.RED_REVERSE,
            buyer_id=known.order.buyer_id,
            case_id=None,
            cause=f"asked:{key}",
            at=at,
            amount_fen=invoice.left_fen,
            red_reason=WRONGLY_ISSUED,
            cite=book.processes[TaskKind.RED_REVERSE].cite,
        )
        return open_task(on, known.marketplace_id, task, book.ref, caller.actor)


def _check_standing(invoice: Invoice, tasks: Sequence[InvoiceTask]) -> None:
    running = any(t.kind is TaskKind.RED_REVERSE and t.closed_at is None for t in tasks)
    if running or not invoice.left_fen:
        raise _conflict("invoice.nothing_left", _NOTHING_LEFT)


def _conflict(code: str, message: Text) -> Conflict:
    return Conflict(Finding(code=code, field="number", message=message))
