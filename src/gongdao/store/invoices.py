"""Invoices and their tasks: read, locked, and written with every event, chained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import TupleRow

from gongdao.core.invoices.events import TaskActed, TaskEvent, TaskOpened
from gongdao.core.invoices.model import Invoice, InvoiceTask, Medium
from gongdao.core.kernel.chain import GENESIS, link
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one

#: Wire name of each event; names are for ever.
TASK_KINDS: dict[type[TaskEvent], str] = {TaskOpened: "opened", TaskActed: "acted"}
#: What webhooks call them; an act of the clock is a reminder.
REMINDER = "invoice.reminder"
MESSAGE_KINDS = ("invoice.opened", "invoice.acted", REMINDER)
_encoder = msgspec.json.Encoder()
_task = msgspec.json.Decoder(InvoiceTask)
_events: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind) for kind, name in TASK_KINDS.items()
}


class _Envelope(msgspec.Struct):
    kind: str
    event: msgspec.Raw


_envelope = msgspec.json.Decoder(_Envelope)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTask:
    """A task as the database has it, with the end of its chain."""

    task: InvoiceTask
    marketplace_id: str
    head: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEvent:
    """An event of a task and when it was written."""

    seq: int
    event: TaskEvent
    body: bytes
    hash: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksWanted:
    """Which tasks: of whose reach, and of these narrowed further."""

    marketplace_ids: frozenset[str]
    shop_ids: frozenset[str] | None = None
    buyer_id: str | None = None
    case_ids: frozenset[str] | None = None
    shop_id: str | None = None
    order_id: str | None = None
    case_id: str | None = None
    kind: str | None = None
    waits_for: str | None = None
    open: bool | None = None


def encode_task_event(event: TaskEvent) -> bytes:
    """Return the canonical bytes of an event, the ones that the hash chain covers."""
    return _encoder.encode({"kind": TASK_KINDS[type(event)], "event": event})


def decode_task_event(body: bytes) -> TaskEvent:
    """Read an event. Raises msgspec.ValidationError when it is none."""
    envelope = _envelope.decode(body)
    event: TaskEvent = _events[envelope.kind].decode(envelope.event)
    return event


def add_invoice(on: Connection, marketplace_id: str, invoice: Invoice, told_by: str) -> bool:
    """Write an invoice and have the order's cases looked at; False: its number is known."""
    given = {
        "shop_id": invoice.shop_id,
        "id": UUID(invoice.id),
        "marketplace_id": marketplace_id,
        "order_id": invoice.order_id,
        "number": invoice.number,
        "medium": invoice.medium.value,
        "amount_fen": invoice.amount_fen,
        "issued_at": invoice.issued_at,
        "told_by": told_by,
    }
    if not execute(on, "add_invoice", **given):
        return False
    execute(on, "check_cases_of_order", shop_id=invoice.shop_id, order_id=invoice.order_id)
    return True


def invoices_of(
    on: Connection, shop_id: str, order_id: str, *, lock: bool = False
) -> tuple[Invoice, ...]:
    """Return the invoices of an order, oldest first. With `lock`, nobody else reverses them."""
    name = "lock_invoices_of_order" if lock else "invoices_of_order"
    return tuple(_invoice(row) for row in fetch_all(on, name, shop_id=shop_id, order_id=order_id))


def find_invoice(on: Connection, shop_id: str, number: str) -> Invoice | None:
    """Return the shop's invoice of this number, if it is known."""
    row = fetch_one(on, "find_invoice_number", shop_id=shop_id, number=number)
    return None if row is None else _invoice(row)


def reverse(on: Connection, task: InvoiceTask) -> None:
    """Take what the task reversed off its invoice."""
    execute(
        on, "reverse_invoice", shop_id=task.shop_id, id=UUID(task.invoice_id),
        amount_fen=task.amount_fen,
    )  # fmt: skip


def tasks_of_order(on: Connection, shop_id: str, order_id: str) -> tuple[HeldTask, ...]:
    """Return every task about the invoices of an order, oldest first."""
    rows = fetch_all(on, "tasks_of_order", shop_id=shop_id, order_id=order_id)
    return tuple(_held(row) for row in rows)


def find_task(on: Connection, task_id: str, *, lock: bool) -> HeldTask | None:
    """Return the task; None when there is none or the id is none."""
    try:
        key = UUID(task_id)
    except ValueError:
        return None
    row = fetch_one(on, "lock_invoice_task" if lock else "read_invoice_task", id=key)
    return None if row is None else _held(row)


def list_tasks(
    on: Connection, wanted: TasksWanted, after: tuple[datetime, str] | None, limit: int
) -> tuple[HeldTask, ...]:
    """Return tasks by their nearest deadline, after the (instant, id) of the last one seen."""
    at, last = after if after is not None else (None, None)
    given = {
        "marketplace_ids": sorted(wanted.marketplace_ids),
        "shop_ids": None if wanted.shop_ids is None else sorted(wanted.shop_ids),
        "buyer_id": wanted.buyer_id,
        "case_ids": None if wanted.case_ids is None else [UUID(c) for c in wanted.case_ids],
        "shop_id": wanted.shop_id,
        "order_id": wanted.order_id,
        "case_id": None if wanted.case_id is None else UUID(wanted.case_id),
        "kind": wanted.kind,
        "waits_for": wanted.waits_for,
        "open": wanted.open,
        "after": at,
        "after_id": None if last is None else UUID(last),
        "limit": limit,
    }
    return tuple(_held(row) for row in fetch_all(on, "list_invoice_tasks", **given))


def claim_due_tasks(
    on: Connection, limit: int, most_attempts: int
) -> tuple[tuple[HeldTask, datetime], ...]:
    """Lock and return tasks whose clock ran out, each with its marketplace's time now."""
    rows = fetch_all(on, "claim_due_tasks", limit=limit, most_attempts=most_attempts)
    return tuple((_held(row[:3]), row[3]) for row in rows)


def note_task_trouble(on: Connection, task: InvoiceTask, trouble: str) -> None:
    """Note why a task's clock could not be followed."""
    execute(
        on, "trouble_invoice_task", shop_id=task.shop_id, id=UUID(task.id),
        trouble=trouble.replace("\0", ""),
    )  # fmt: skip


def claim_checks(
    on: Connection, limit: int, marketplace_id: str | None = None
) -> tuple[tuple[str, str, str], ...]:
    """Lock and return the (shop, case, marketplace) of cases whose invoices must follow them.

    Of one marketplace, or of all.
    """
    rows = fetch_all(on, "claim_invoice_checks", limit=limit, marketplace_id=marketplace_id)
    return tuple((row[0], str(row[1]), row[2]) for row in rows)


def checked(on: Connection, shop_id: str, case_id: str) -> None:
    """Note that the invoices follow a case."""
    execute(on, "invoice_checked", shop_id=shop_id, case_id=UUID(case_id))


def postpone_check(on: Connection, shop_id: str, case_id: str, trouble: str) -> None:
    """Put off a case whose invoices could not follow it, noting why."""
    execute(
        on, "postpone_invoice_check", shop_id=shop_id, case_id=UUID(case_id),
        trouble=trouble.replace("\0", ""),
    )  # fmt: skip


def record_task(
    on: Connection,
    marketplace_id: str,
    events: Sequence[TaskEvent],
    after: InvoiceTask,
    waits_for: Collection[str],
    head: bytes = GENESIS,
) -> None:
    """Write the events of one decision, the task as it stands after them, and their messages."""
    first = after.version - len(events) + 1
    columns: dict[str, list[object]] = {
        n: [] for n in ("shop_id", "task_id", "seq", "kind", "at", "actor", "body", "hash")
    }
    told: list[str] = []
    for seq, event in enumerate(events, start=first):
        body = encode_task_event(event)
        head = link(head, body)
        kind = TASK_KINDS[type(event)]
        row = (after.shop_id, UUID(after.id), seq, kind, event.at, event.actor, body, head)
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
        by_clock = isinstance(event, TaskActed) and event.due_at is not None
        told.append(REMINDER if by_clock else f"invoice.{kind}")
    execute(on, "insert_invoice_events", **columns)
    execute(on, "put_invoice_task", **_row(marketplace_id, after, waits_for, head))
    execute(
        on, "insert_deliveries", shop_id=columns["shop_id"], case_id=columns["task_id"],
        marketplace_id=[marketplace_id] * len(told), seq=columns["seq"], kind=told,
    )  # fmt: skip


def task_events(on: Connection, task: InvoiceTask) -> tuple[WrittenEvent, ...]:
    """Return the events of a task, oldest first."""
    rows = fetch_all(on, "read_invoice_events", shop_id=task.shop_id, task_id=UUID(task.id))
    return tuple(
        WrittenEvent(
            seq=row[0], event=decode_task_event(row[1]), body=bytes(row[1]), hash=bytes(row[2]),
            recorded_at=row[3],
        )
        for row in rows
    )  # fmt: skip


def encode_task(task: InvoiceTask) -> bytes:
    """Return the bytes of a task, the same for the same task everywhere."""
    return _encoder.encode(task)


def _row(
    marketplace_id: str, task: InvoiceTask, waits_for: Collection[str], head: bytes
) -> dict[str, object]:
    return {
        "shop_id": task.shop_id,
        "id": UUID(task.id),
        "marketplace_id": marketplace_id,
        "order_id": task.order_id,
        "buyer_id": task.buyer_id,
        "case_id": None if task.case_id is None else UUID(task.case_id),
        "invoice_id": UUID(task.invoice_id),
        "cause": task.cause,
        "kind": task.kind.value,
        "state": task.state,
        "waits_for": list(waits_for),
        "amount_fen": task.amount_fen,
        "version": task.version,
        "opened_at": task.opened_at,
        "closed_at": task.closed_at,
        "next_due_at": task.next_due_at,
        "outcome": task.outcome,
        "head_hash": head,
        "snapshot": encode_task(task),
    }


def _held(row: TupleRow) -> HeldTask:
    return HeldTask(marketplace_id=row[0], head=bytes(row[1]), task=_task.decode(row[2]))


def _invoice(row: TupleRow) -> Invoice:
    found_id, shop_id, order_id, number, medium, amount_fen, issued_at, reversed_fen = row
    return Invoice(
        id=str(found_id),
        shop_id=shop_id,
        order_id=order_id,
        number=number,
        medium=Medium(medium),
        amount_fen=amount_fen,
        issued_at=issued_at,
        reversed_fen=reversed_fen,
    )
