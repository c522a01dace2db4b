"""Evolve (推演): what an event changes of an invoice task. The only place where one changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from gongdao.core.invoices.events import TaskEvent, TaskOpened
from gongdao.core.invoices.model import InvoiceTask


def replay(events: Iterable[TaskEvent]) -> InvoiceTask:
    """Return the task that `events` lead to; the first must be `TaskOpened`."""
    task = reduce(evolve, events, None)
    if task is None:
        raise ValueError("a task has at least one event")
    return task


def evolve(task: InvoiceTask | None, event: TaskEvent) -> InvoiceTask:
    """Return the task after `event`. Total: every event applies to the task it was decided for."""
    if isinstance(event, TaskOpened):
        return event.task
    if task is None:
        raise ValueError("the first event of a task is its opening")
    return replace(
        task,
        version=task.version + 1,
        state=event.to_state,
        entered_at=event.at,
        timers=event.timers,
        given={**task.given, **event.payload},
        outcome=event.outcome,
        closed_at=event.at if event.outcome is not None else None,
    )
