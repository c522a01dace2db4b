"""Invoices and their tasks (发票查询): those a caller has to do with, and one with its history."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gongdao.app.invoices.visible import visible_task
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.playbooks import playbooks
from gongdao.app.queries.orders import order
from gongdao.app.queries.queue import LARGEST_PAGE, reach_of
from gongdao.core.invoices.decide import code_of, facts, run_clocks, state_of
from gongdao.core.invoices.model import Invoice, InvoiceTask
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.process.refusals import refusal
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import Action
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.invoices import TasksWanted, WrittenEvent, invoices_of, list_tasks, task_events


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAction:
    """What the caller may do with a task now."""

    action: Action
    open: bool
    """Whether its condition holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown:
    """A task as a caller sees it: its clocks followed, its state in words, what he may do."""

    task: InvoiceTask
    marketplace_id: str
    now: datetime
    title: Text
    code: str
    """Of the red confirmation, `01` to `13`; empty: none."""
    waits_for: tuple[Role, ...]
    actions: tuple[OpenAction, ...]
    book: Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A page of tasks; `next_cursor` asks for the next one."""

    rows: tuple[TaskShown, ...]
    next_cursor: str | None


def invoices(caller: Caller, shop_id: str, order_id: str) -> tuple[Invoice, ...]:
    """Return the invoices of an order. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_INVOICES)
    order(caller, shop_id, order_id)
    with transaction() as on:
        return invoices_of(on, shop_id, order_id)


def invoice_tasks(
    caller: Caller,
    narrowed: TasksWanted | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> TaskPage:
    """Return a page of tasks, the nearest deadline first.

    Raises NotAllowed; BadInput `queue.bad_cursor` for a cursor that no page gave.
    """
    allow(caller, Verb.SEE_INVOICES)
    reach = reach_of(caller)
    wanted = replace(
        narrowed or TasksWanted(marketplace_ids=frozenset()),
        marketplace_ids=reach.marketplace_ids,
        shop_ids=reach.shop_ids,
        buyer_id=reach.buyer_id,
        case_ids=reach.case_ids,
    )
    size = max(1, min(limit, LARGEST_PAGE))
    after = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        found = list_tasks(on, wanted, after, size + 1)
        nows = {h.marketplace_id: marketplace_now(on, h.marketplace_id) for h in found}
    rows = tuple(
        _shown(caller, h.task, h.marketplace_id, nows[h.marketplace_id]) for h in found[:size]
    )
    more = len(found) > size
    return TaskPage(rows=rows, next_cursor=_cursor(found[size - 1].task) if more else None)


def invoice_task(caller: Caller, task_id: str) -> tuple[TaskShown, tuple[WrittenEvent, ...]]:
    """Return one task and its events, oldest first. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_INVOICES)
    with transaction() as on:
        held = visible_task(on, caller, task_id, lock=False)
        now = marketplace_now(on, held.marketplace_id)
        events = task_events(on, held.task)
    return _shown(caller, held.task, held.marketplace_id, now), events


def _shown(caller: Caller, stored: InvoiceTask, marketplace_id: str, now: datetime) -> TaskShown:
    book = playbooks().book(stored.rulebook)
    task = run_clocks(stored, book, now)[1]
    state = state_of(task, book)
    known = facts(task, now)
    mine = [a for a in state.actions.values() if caller.role in a.by]
    return TaskShown(
        task=task,
        marketplace_id=marketplace_id,
        now=now,
        title=state.title,
        code=code_of(task, book),
        waits_for=state.waits_for if task.closed_at is None else (),
        actions=tuple(
            OpenAction(
                action=a,
                open=refusal(book, state, caller.role, a.name, dict.fromkeys(a.needs, "x"), known)
                is None,
            )
            for a in mine
        ),
        book=book,
    )


def _cursor(task: InvoiceTask) -> str:
    at = task.closed_at or task.next_due_at or task.opened_at
    key = json.dumps([at.isoformat(), task.id])
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, task_id = json.loads(base64.urlsafe_b64decode(padded))
        instant, last = datetime.fromisoformat(str(at)), str(UUID(str(task_id)))
    except (ValueError, TypeError, binascii.Error):
        raise _bad_cursor() from None
    if instant.tzinfo is None:
        raise _bad_cursor()
    return instant, last


def _bad_cursor() -> BadInput:
    return BadInput(
        Finding(
            code="queue.bad_cursor",
            field="cursor",
            message=Text("翻页标记无效", "the cursor is not one that a page gave"),
            cure=Text("请从第一页开始", "start from the first page"),
        )
    )
