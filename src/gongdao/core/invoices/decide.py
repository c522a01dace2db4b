"""Decide (决定): what follows from an act on an invoice task, or from time that has run out.

The task is an aggregate of its own, not a process of its case: a case ends with its remedy while a
confirmation may still run for days, and nothing about an invoice may hold a refund back. Its steps
are data all the same: the processes of `law/invoice`, of which the kind of the task is the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gongdao.core.cases.commands import Actor
from gongdao.core.cases.model import Plain
from gongdao.core.cases.timers import timers_of
from gongdao.core.invoices.events import TaskActed, TaskEvent, TaskOpened
from gongdao.core.invoices.evolve import evolve
from gongdao.core.invoices.model import InvoiceTask
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, NotAllowed, Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import beijing
from gongdao.core.kernel.words import Role
from gongdao.core.process.refusals import refusal
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Action, State

CLOCK = Actor(role=Role.CLOCK, id="clock")
_TRACK = "invoice"
#: Digits of `2024-01`: the month in which a paper invoice may still be voided.
_MONTH = 7
_KINDS: dict[str, type[Refused]] = {
    "case.not_your_action": NotAllowed,
    "case.field_required": BadInput,
}
_NOTHING: Mapping[str, Plain] = {}


def state_of(task: InvoiceTask, book: Rulebook) -> State:
    """Return the state of the process that the task is in."""
    return book.processes[task.kind].states[task.state]


def opened(task: InvoiceTask, book: Rulebook, by: Actor) -> TaskOpened:
    """Return the opening of `task`, its first state's clocks running from `opened_at`."""
    start = book.processes[task.kind].states[book.processes[task.kind].start]
    begun = replace(
        task,
        rulebook=book.ref,
        state=start.name,
        entered_at=task.opened_at,
        timers=timers_of(_TRACK, start, task.opened_at, None),
    )
    return TaskOpened(at=task.opened_at, by=by.role, actor=by.id, task=begun)


def act(
    task: InvoiceTask,
    book: Rulebook,
    action: str,
    by: Actor,
    now: datetime,
    payload: Mapping[str, Plain] = _NOTHING,
) -> tuple[tuple[TaskEvent, ...], InvoiceTask]:
    """Return the events of an act, and the task after it; clocks that ran out come first.

    Raises Conflict for what is not open now, NotAllowed for what is not his to do, BadInput for
    what is lacking.
    """
    events, task = run_clocks(task, book, now)
    state = state_of(task, book)
    fault = refusal(book, state, by.role, action, payload, facts(task, now))
    if fault is not None:
        raise _KINDS.get(fault.code, Conflict)(fault)
    chosen = state.actions[action]
    words = _in_words(book, chosen, payload)
    done = _done(task, book, chosen, by, now, words)
    return (*events, done), evolve(task, done)


def run_clocks(
    task: InvoiceTask, book: Rulebook, now: datetime
) -> tuple[tuple[TaskEvent, ...], InvoiceTask]:
    """Return what the deadlines before `now` lead to; each acts as of the instant it was due."""
    events: list[TaskEvent] = []
    while task.timers:
        first = min(task.timers, key=lambda t: t.due_at)
        if first.due_at >= now:
            break
        action = state_of(task, book).actions[first.action]
        event = replace(
            _done(task, book, action, CLOCK, first.due_at, _NOTHING), due_at=first.due_at
        )
        events.append(event)
        task = evolve(task, event)
    return tuple(events), task


def facts(task: InvoiceTask, now: datetime) -> dict[str, Value]:
    """Return what the rulebook may ask about the task at `now`."""
    known: dict[str, Value] = {
        "medium": task.medium.value,
        "stage": task.state,
        "issued_this_month": beijing(task.issued_at)[:_MONTH] == beijing(now)[:_MONTH],
    }
    if task.red_reason is not None:
        known["red_reason"] = task.red_reason
    return known


def code_of(task: InvoiceTask, book: Rulebook) -> str:
    """Return the code of the red confirmation, `01` to `13`; empty where there is none."""
    said = str(task.given.get("void_code", ""))
    if task.state == "voided_otherwise" and said:
        return said.removeprefix("void_")
    if "confirmation" not in book.tables or task.state not in enums_of(book)["stage"].members:
        return ""
    answer = evaluate(book, "confirmation", {"stage": task.state})
    return str(answer.outputs.get("code") or "")


def follow_up(task: InvoiceTask, book: Rulebook, left_fen: int) -> str:
    """Return what is to be done with what is left of the invoice once the task has ended."""
    if task.outcome is None or task.outcome not in enums_of(book)["stage"].members:
        return ""
    known: dict[str, Value] = {"ended": task.outcome, "left_amount": left_fen}
    if task.red_reason is not None:
        known["red_reason"] = task.red_reason
    return str(evaluate(book, "follow_up", known).outputs.get("invoice") or "")


def _done(
    task: InvoiceTask,
    book: Rulebook,
    action: Action,
    by: Actor,
    at: datetime,
    payload: Mapping[str, Plain],
) -> TaskActed:
    target = book.processes[task.kind].states[action.to]
    return TaskActed(
        at=at,
        by=by.role,
        actor=by.id,
        action=action.name,
        from_state=task.state,
        to_state=target.name,
        payload=payload,
        timers=timers_of(_TRACK, target, at, None),
        outcome=target.final,
        cite=action.cite,
    )


def _in_words(book: Rulebook, action: Action, payload: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return what the action needs, in the words of the book; anything else is left out."""
    given: dict[str, Plain] = {n: payload[n] for n in (*action.needs, "note") if n in payload}
    for name in action.needs:
        listed = book.enums.get(name)
        if listed is None:
            continue
        word = str(given[name]).strip()
        word = listed.synonyms.get(word, word)
        if word not in listed.members:
            allowed = ", ".join(listed.members)
            raise BadInput(
                Finding(
                    code="case.not_a_word",
                    field=f"payload.{name}",
                    message=Text(f"{name} 须为：{allowed}", f"`{name}` is one of: {allowed}"),
                )
            )
        given[name] = word
    return given
