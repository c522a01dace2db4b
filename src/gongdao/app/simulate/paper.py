"""Paper (票据): invoices of the generated shops, and what people do with them after refunds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongdao.app.invoices.act import act_on_task
from gongdao.app.invoices.fire_clocks import fire_clocks
from gongdao.app.invoices.follow_cases import follow_cases
from gongdao.app.invoices.tell import Told as Issued
from gongdao.app.invoices.tell import tell_invoice
from gongdao.app.queries.invoices import TasksWanted, invoice_tasks
from gongdao.app.simulate.generate import Generated, Told
from gongdao.app.simulate.people import caller_of
from gongdao.core.cases.model import Plain
from gongdao.core.invoices.model import InvoiceTask, Medium, TaskKind
from gongdao.core.kernel.words import Claim, Role

#: One order in so many of those whose case is about money has an invoice.
_INVOICED_OF = 4
_PAPER_OF = 3
_ABOUT_MONEY = (Claim.REFUND_ONLY, Claim.RETURN_REFUND, Claim.PRICE_PROTECTION)
_MOST_TASKS = 200


@dataclass(frozen=True, slots=True)
class _Step:
    """What somebody does with a task."""

    by: Role
    action: str
    payload: Mapping[str, Plain]


_ENTER = _Step(Role.MERCHANT, "enter", {})
_CONFIRM = _Step(Role.BUYER, "confirm", {})
#: How far the parties get at once; the clocks do the rest.
_COURSES: tuple[tuple[_Step, ...], ...] = ((), (_ENTER,), (_ENTER, _CONFIRM))


def invoiced(made: Generated) -> Iterator[Told]:
    """Yield the cases whose orders have an invoice."""
    for told in made.told:
        if told.story.claim in _ABOUT_MONEY and told.case_id.int % _INVOICED_OF == 0:
            yield told


def issue(made: Generated, until: datetime) -> None:
    """Put the invoices on record as they were issued, a day after the order was paid."""
    for told in invoiced(made):
        order = told.order
        issued_at = order.placed_at + timedelta(days=1)
        if issued_at > until:
            continue
        number = f"2631{told.case_id.int % 10**16:016d}"
        medium = Medium.PAPER if told.case_id.int % _PAPER_OF == 0 else Medium.DIGITAL
        said = Issued(
            shop_id=order.shop_id,
            order_id=order.order_id,
            number=number,
            medium=medium,
            amount_fen=order.paid_fen,
            issued_at=issued_at,
        )
        tell_invoice(caller_of(made, order, Role.MERCHANT), said)


def follow(made: Generated, now: datetime) -> None:
    """Open what the refunds so far call for, let people begin with it, and let its clocks run."""
    fire_clocks()
    if not follow_cases(now=now, marketplace_id=made.marketplace_id).opened:
        return
    by_order = {told.order.order_id: told for told in invoiced(made)}
    everyone = caller_of(made, made.orders[0], Role.OPERATOR)
    wanted = TasksWanted(marketplace_ids=frozenset(), open=True)
    for shown in invoice_tasks(everyone, wanted, limit=_MOST_TASKS).rows:
        task = shown.task
        if task.version == 1 and task.opened_at == now and task.kind is TaskKind.RED_REVERSE:
            _begin(made, by_order[task.order_id], task, now)


def _begin(made: Generated, told: Told, task: InvoiceTask, now: datetime) -> None:
    course = _COURSES[told.case_id.int // _INVOICED_OF % len(_COURSES)]
    for number, step in enumerate(course):
        caller = caller_of(made, told.order, step.by)
        key = f"demo/{told.case_id}/invoice/{number}"
        act_on_task(caller, task.id, step.action, step.payload, key=key, now=now)
