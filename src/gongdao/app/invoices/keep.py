"""Keep (落库): write what was decided on a task, and what its end means for its invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import uuid_utils

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.commands import Actor
from gongdao.core.invoices.decide import follow_up, opened, state_of
from gongdao.core.invoices.events import TaskActed, TaskEvent
from gongdao.core.invoices.model import Invoice, InvoiceTask, TaskKind
from gongdao.core.kernel.chain import GENESIS
from gongdao.core.kernel.words import Role
from gongdao.store.connection import Connection
from gongdao.store.invoices import (
    HeldTask,
    add_invoice,
    find_invoice,
    invoices_of,
    record_task,
    reverse,
)

#: Who opens tasks: the system, following what a case did.
SYSTEM = Actor(role=Role.RULING, id="invoices")
#: Ends of a task that take its amount off the invoice.
_TAKEN_OFF = ("red_issued", "copies_voided")


def new_task(  # noqa: PLR0913  a task is all of these
    invoice: Invoice,
    kind: TaskKind,
    *,
    buyer_id: str,
    case_id: str | None,
    cause: str,
    at: datetime,
    amount_fen: int = 0,
    red_reason: str | None = None,
    cite: tuple[str, ...] = (),
) -> InvoiceTask:
    """Return a task about `invoice` that is to be opened; its book, state and clocks follow."""
    return InvoiceTask(
        id=str(uuid_utils.uuid7()),
        shop_id=invoice.shop_id,
        order_id=invoice.order_id,
        buyer_id=buyer_id,
        case_id=case_id,
        cause=cause,
        kind=kind,
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        medium=invoice.medium,
        issued_at=invoice.issued_at,
        amount_fen=amount_fen,
        red_reason=red_reason,
        rulebook="",
        cite=cite,
        state="",
        entered_at=at,
        opened_at=at,
        timers=(),
    )


def open_task(
    on: Connection, marketplace_id: str, task: InvoiceTask, book_ref: str, by: Actor = SYSTEM
) -> InvoiceTask:
    """Write a new task in the first state of its process, and return it as it stands."""
    book = playbooks().book(book_ref)
    event = opened(task, book, by)
    _record(on, marketplace_id, (event,), event.task, GENESIS)
    return event.task


def keep(on: Connection, held: HeldTask, events: Sequence[TaskEvent], after: InvoiceTask) -> None:
    """Write the events of a task; when it ended, its invoice follows."""
    if not events:
        return
    _record(on, held.marketplace_id, events, after, held.head)
    if after.outcome in _TAKEN_OFF:
        reverse(on, after)
        _open_follow_up(on, held.marketplace_id, after)
    elif after.outcome == "reissued":
        _issue_again(on, held.marketplace_id, after, events[-1])


def _record(
    on: Connection,
    marketplace_id: str,
    events: Sequence[TaskEvent],
    after: InvoiceTask,
    head: bytes,
) -> None:
    state = state_of(after, playbooks().book(after.rulebook))
    waits_for = [str(role) for role in state.waits_for] if after.closed_at is None else []
    record_task(on, marketplace_id, events, after, waits_for, head)


def _open_follow_up(on: Connection, marketplace_id: str, done: InvoiceTask) -> None:
    """Open the re-issue of what is left, where the rules want it; the old number then ends."""
    found = invoices_of(on, done.shop_id, done.order_id, lock=True)
    invoice = next(i for i in found if i.id == done.invoice_id)
    whole = done.outcome == "copies_voided"
    left = invoice.left_fen if whole else done.amount_fen
    word = follow_up(done, playbooks().book(done.rulebook), left)
    if whole and invoice.left_fen:
        reverse(on, replace(done, amount_fen=invoice.left_fen))
    if word != TaskKind.REISSUE:
        return
    task = new_task(
        invoice,
        TaskKind.REISSUE,
        buyer_id=done.buyer_id,
        case_id=done.case_id,
        cause=f"task:{done.id}",
        at=done.closed_at or done.entered_at,
        amount_fen=left,
        cite=playbooks().book(done.rulebook).processes[TaskKind.REISSUE].cite,
    )
    open_task(on, marketplace_id, task, done.rulebook)


def _issue_again(on: Connection, marketplace_id: str, done: InvoiceTask, last: TaskEvent) -> None:
    number = str(done.given.get("invoice_number", "")).strip()
    if not isinstance(last, TaskActed) or find_invoice(on, done.shop_id, number) is not None:
        return
    again = Invoice(
        id=str(uuid_utils.uuid7()),
        shop_id=done.shop_id,
        order_id=done.order_id,
        number=number,
        medium=done.medium,
        amount_fen=done.amount_fen,
        issued_at=last.at,
    )
    add_invoice(on, marketplace_id, again, last.actor)
