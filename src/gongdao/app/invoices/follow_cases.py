"""Follow cases (随案开事项): refunds, exchanges and repairs open tasks about issued invoices.

A refund writes a note that its case is to be looked at, and no more; this happens later and in
transactions of its own, so that nothing about an invoice can hold a refund back. What cannot be
followed is put off with the reason, and tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.invoices.keep import SYSTEM, keep, new_task, open_task
from gongdao.app.playbooks import playbooks
from gongdao.app.trouble import in_words
from gongdao.core.cases.commands import Actor
from gongdao.core.cases.events import Acted
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.invoices.decide import act
from gongdao.core.invoices.model import Invoice, InvoiceTask, TaskKind
from gongdao.core.invoices.wanted import Called, Remedied, called_for, law_of, remedied, shares
from gongdao.core.kernel.words import Role
from gongdao.store.cases import find_case, marketplace_now, read_events
from gongdao.store.connection import Connection, transaction
from gongdao.store.invoices import (
    HeldTask,
    checked,
    claim_checks,
    invoices_of,
    postpone_check,
    tasks_of_order,
)

BATCH = 200
#: The payload in which Tmall's merchant says with the parcel that the invoice was seen to.
_DONE = "invoice_done"
_WITH_PARCEL = {TaskKind.ENDORSE: "endorse", TaskKind.GIVE_BACK: "give_back"}


@dataclass(slots=True)
class FollowReport:
    """What following did."""

    cases: int = 0
    opened: int = 0
    troubled: int = 0


def follow_cases(
    limit: int = BATCH, *, now: datetime | None = None, marketplace_id: str | None = None
) -> FollowReport:
    """Open, or call off, the tasks that at most `limit` waiting cases call for.

    Of one marketplace, or of all.
    """
    report = FollowReport()
    for _ in range(limit):
        with transaction() as on:
            found = claim_checks(on, 1, marketplace_id)
            if not found:
                break
            shop_id, case_id, marketplace_id = found[0]
            report.cases += 1
            try:
                with transaction():
                    report.opened += _follow(on, marketplace_id, case_id, now)
            except Exception as trouble:  # noqa: BLE001  no fault of one case may stop the others
                postpone_check(on, shop_id, case_id, in_words(trouble))
                report.troubled += 1
            else:
                checked(on, shop_id, case_id)
    return report


def _follow(on: Connection, marketplace_id: str, case_id: str, now: datetime | None) -> int:
    held = find_case(on, case_id, lock=False)
    if held is None:
        return 0
    case = held.case
    at = now or marketplace_now(on, marketplace_id)
    invoices = invoices_of(on, case.shop_id, case.order.order_id, lock=True)
    tasks = tasks_of_order(on, case.shop_id, case.order.order_id)
    playbook = playbooks().running(case, at)
    opened = 0
    for what in remedied(case):
        mine = [t for t in tasks if (t.task.case_id, t.task.cause) == (case.id, what.cause)]
        if not what.stands:
            _call_off(on, mine, at)
        elif not mine:
            called = called_for(case, what, playbook, at)
            if called is not None:
                opened += _open(
                    on,
                    marketplace_id,
                    _Call(case, what, called, playbook, at),
                    invoices,
                    [t.task for t in tasks],
                )
                tasks = tasks_of_order(on, case.shop_id, case.order.order_id)
    return opened


@dataclass(frozen=True, slots=True)
class _Call:
    """What one remedy of a case calls for."""

    case: Case
    what: Remedied
    called: Called
    playbook: Playbook
    at: datetime


def _open(
    on: Connection,
    marketplace_id: str,
    call: _Call,
    invoices: Sequence[Invoice],
    tasks: Sequence[InvoiceTask],
) -> int:
    book = law_of(call.playbook)
    if book is None:
        return 0
    kind = call.called.kind
    if kind is TaskKind.RED_REVERSE:
        chosen = shares(invoices, _taken(tasks), call.what.amount_fen)
    else:
        chosen = [(i, 0) for i in invoices if i.left_fen]
    for invoice, fen in chosen:
        task = new_task(
            invoice,
            kind,
            buyer_id=call.case.order.buyer_id,
            case_id=call.case.id,
            cause=call.what.cause,
            at=call.at,
            amount_fen=fen,
            red_reason=call.called.red_reason,
            cite=call.called.cite,
        )
        task = open_task(on, marketplace_id, task, book.ref)
        _done_with_the_parcel(on, call, task)
    return len(chosen)


def _taken(tasks: Sequence[InvoiceTask]) -> dict[str, int]:
    """Return what the reversals still open will take off each invoice, in fen."""
    taken: dict[str, int] = {}
    for task in tasks:
        if task.kind is TaskKind.RED_REVERSE and task.closed_at is None:
            taken[task.invoice_id] = taken.get(task.invoice_id, 0) + task.amount_fen
    return taken


def _call_off(on: Connection, tasks: Sequence[HeldTask], at: datetime) -> None:
    for held in tasks:
        if held.task.closed_at is None:
            book = playbooks().book(held.task.rulebook)
            events, after = act(held.task, book, "call_off", SYSTEM, at)
            keep(on, held, events, after)


def _done_with_the_parcel(on: Connection, call: _Call, task: InvoiceTask) -> None:
    """Note as done what the merchant told with the parcel he sent: invoice endorsed or in it."""
    action = _WITH_PARCEL.get(task.kind)
    if action is None:
        return
    case = call.case
    told = [
        e
        for e in read_events(on, case.shop_id, case.id, case.version)
        if isinstance(e, Acted) and str(e.payload.get(_DONE, "")).strip()
    ]
    if not told:
        return
    last = told[-1]
    held = next(
        t for t in tasks_of_order(on, case.shop_id, case.order.order_id) if t.task.id == task.id
    )
    book = playbooks().book(task.rulebook)
    by = Actor(role=Role.MERCHANT, id=last.actor)
    said = {**last.payload, "note": str(last.payload[_DONE])}
    events, after = act(held.task, book, action, by, call.at, said)
    keep(on, held, events, after)
