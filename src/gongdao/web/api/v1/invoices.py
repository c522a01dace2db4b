"""Invoices (发票): told for an order; the tasks that refunds and remedies open about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from gongdao.app.invoices.act import act_on_task
from gongdao.app.invoices.ask import reverse_wrong_invoice
from gongdao.app.invoices.tell import Told, tell_invoice
from gongdao.app.queries.invoices import TaskShown, invoice_task, invoice_tasks, invoices
from gongdao.core.invoices.model import KIND_LABELS, Invoice, Medium, TaskKind
from gongdao.core.kernel.words import Role
from gongdao.store.invoices import TASK_KINDS, TasksWanted, WrittenEvent
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey, IfMatch, version
from gongdao.web.api.v1.case_shapes import TextOut

router = Router(tags=["invoices"])


class InvoiceIn(Schema):
    """A blue invoice as it was issued; the same one again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    order_id: str
    number: str = Field(max_length=100, examples=["24317000000123456789"])
    medium: Medium
    amount_fen: StrictInt
    issued_at: AwareDatetime


class InvoiceOut(Schema):
    """An invoice, and what red invoices and voiding have taken off it."""

    id: str
    shop_id: str
    order_id: str
    number: str
    medium: Medium
    amount_fen: int
    reversed_fen: int
    left_fen: int
    issued_at: datetime


class InvoicesOut(Schema):
    """The invoices of an order, oldest first."""

    items: list[InvoiceOut]


class WrongIn(Schema):
    """The invoice that was issued wrongly."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    number: str


class TaskActionOut(Schema):
    """What the caller may do with the task now."""

    name: str
    title: TextOut
    needs: list[str]
    open: bool


class TaskDeadlineOut(Schema):
    """A running deadline of a task: what the system does then, and why."""

    action: str
    due_at: datetime
    reason: TextOut
    cite: list[str]


class TaskOut(Schema):
    """A task about an invoice as it stands now, its clocks followed."""

    id: str
    shop_id: str
    order_id: str
    case_id: str | None
    kind: TaskKind
    title: TextOut
    invoice_number: str
    medium: Medium
    amount_fen: int
    red_reason: str | None
    state: str
    state_title: TextOut
    code: str = Field(description="Of the red confirmation, `01` to `13`; empty: none.")
    waits_for: list[str]
    rulebook: str
    cite: list[str]
    given: dict[str, bool | int | str]
    version: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    deadlines: list[TaskDeadlineOut]
    allowed: list[TaskActionOut]


class TaskPageOut(Schema):
    """A page of tasks; give `next_cursor` as `cursor` for the next one."""

    items: list[TaskOut]
    next_cursor: str | None


class TaskEventOut(Schema):
    """What happened to a task."""

    seq: int
    kind: str
    recorded_at: datetime
    event: dict[str, Any]


class TaskStandingOut(Schema):
    """A task and its history, oldest first."""

    task: TaskOut
    events: list[TaskEventOut]


class TaskActIn(Schema):
    """An act of the task's process, with what it needs."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(examples=["issue_red"])
    payload: dict[str, StrictBool | StrictInt | StrictStr] = Field(
        default_factory=dict,
        examples=[{"red_invoice_number": "24317", "confirmation_number": "3101"}],
    )


class TasksWantedIn(Schema):
    """Which tasks."""

    open: bool | None = None
    kind: TaskKind | None = None
    waits_for: Role | None = None
    shop_id: str | None = None
    order_id: str | None = None
    case_id: UUID | None = None


@router.post("", response=InvoiceOut, summary="Tell an invoice")
def tell(request: HttpRequest, body: InvoiceIn) -> dict[str, Any]:
    """Note what was issued for an order; refunds made before are followed too. No key is needed."""
    return _invoice(tell_invoice(caller(request), Told(**body.dict())))


@router.get("", response=InvoicesOut, summary="Invoices of an order")
def of_order(request: HttpRequest, shop_id: str, order_id: str) -> dict[str, Any]:
    """Return the invoices of one order."""
    return {"items": [_invoice(i) for i in invoices(caller(request), shop_id, order_id)]}


@router.post("/wrong", response=TaskStandingOut, summary="Reverse an invoice issued wrongly")
def wrong(request: HttpRequest, body: WrongIn, key: IdempotencyKey) -> dict[str, Any]:
    """Open the reversal of all that stands of it; it is issued again afterwards."""
    asker = caller(request)
    task = reverse_wrong_invoice(asker, body.shop_id, body.number, key=key)
    return _standing(*invoice_task(asker, task.id))


@router.get("/tasks", response=TaskPageOut, summary="List invoice tasks")
def list_tasks(
    request: HttpRequest,
    wanted: Annotated[TasksWantedIn, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return tasks the caller may see, the nearest deadline first."""
    given = wanted.dict()
    given["case_id"] = None if wanted.case_id is None else str(wanted.case_id)
    narrowed = TasksWanted(marketplace_ids=frozenset(), **given)
    page = invoice_tasks(caller(request), narrowed, cursor=cursor, limit=limit)
    return {"items": [_task(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.get("/tasks/{task_id}", response=TaskStandingOut, summary="One invoice task")
def get_task(request: HttpRequest, response: HttpResponse, task_id: str) -> dict[str, Any]:
    """Return one task and its history; its version is also the `ETag`."""
    shown, events = invoice_task(caller(request), task_id)
    response["ETag"] = f'"{shown.task.version}"'
    return _standing(shown, events)


@router.post("/tasks/{task_id}/actions", response=TaskStandingOut, summary="Act on a task")
def act(
    request: HttpRequest,
    task_id: str,
    body: TaskActIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Do what the task's process offers the caller now, once for its key."""
    asker = caller(request)
    act_on_task(
        asker,
        task_id,
        body.action,
        body.payload,
        key=key,
        expected_version=version(if_match),
    )
    return _standing(*invoice_task(asker, task_id))


def _standing(shown: TaskShown, events: tuple[WrittenEvent, ...]) -> dict[str, Any]:
    return {
        "task": _task(shown),
        "events": [
            {
                "seq": e.seq,
                "kind": TASK_KINDS[type(e.event)],
                "recorded_at": e.recorded_at,
                "event": msgspec.to_builtins(e.event),
            }
            for e in events
        ],
    }


def _task(shown: TaskShown) -> dict[str, Any]:
    task = shown.task
    names = (
        "id", "shop_id", "order_id", "case_id", "kind", "invoice_number", "medium", "amount_fen",
        "red_reason", "state", "rulebook", "cite", "given", "version", "opened_at", "closed_at",
        "outcome",
    )  # fmt: skip
    return {name: getattr(task, name) for name in names} | {
        "title": KIND_LABELS[task.kind],
        "state_title": shown.title,
        "code": shown.code,
        "waits_for": [role.value for role in shown.waits_for],
        "deadlines": list(task.timers),
        "allowed": [
            {
                "name": a.action.name,
                "title": a.action.title,
                "needs": list(a.action.needs),
                "open": a.open,
            }
            for a in shown.actions
        ],
    }


def _invoice(invoice: Invoice) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(invoice)
    return plain | {"left_fen": invoice.left_fen}
