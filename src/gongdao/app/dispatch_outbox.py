"""Dispatch the outbox (发送待发消息): payment instructions go to the payment system, once.

A sandbox has a payment system of our own that confirms at once what it is told to pay. Elsewhere
the instruction waits for the marketplace's own payment system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.trouble import in_words
from gongdao.core.cases.commands import Actor, ReportPayment
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case
from gongdao.core.kernel.words import MoneyState, Party, Role
from gongdao.store.cases import lock_cases
from gongdao.store.connection import Connection, DataRefused, transaction
from gongdao.store.held import Decision, Held
from gongdao.store.outbox import (
    Message,
    claim_messages,
    mark_sent,
    postpone_message,
    waiting_outboxes,
)
from gongdao.store.record import record

BATCH = 1000
#: The payment system of a sandbox, as the events record it.
SANDBOX = Actor(role=Role.OPERATOR, id="sandbox-payments")


@dataclass(slots=True)
class DispatchReport:
    """What dispatching did."""

    sent: int = 0
    troubled: int = 0
    """Messages put off because they could not be carried out."""


def dispatch(
    limit: int = BATCH, *, now: datetime | None = None, marketplace_id: str | None = None
) -> DispatchReport:
    """Carry out at most `limit` waiting payment instructions a sandbox.

    By each marketplace's own clock, or at `now` in a simulation; then name the marketplace.
    """
    report = DispatchReport()
    with transaction() as on:
        waiting = waiting_outboxes(on)
    for found_id, their_now in waiting:
        if marketplace_id in {None, found_id}:
            _dispatch(found_id, now or their_now, limit, report)
    return report


def _dispatch(marketplace_id: str, now: datetime, limit: int, report: DispatchReport) -> None:
    messages: Sequence[Message] = ()
    try:
        with transaction() as on:
            messages = claim_messages(on, marketplace_id, limit)
            sent = _confirm(on, messages, now)
    except DataRefused:
        # The database refused the batch for one of its cases: find out which, one by one.
        sent = sum(_confirm_alone(marketplace_id, now) for _ in messages)
    report.sent += sent
    report.troubled += len(messages) - sent


def _confirm(on: Connection, messages: Sequence[Message], now: datetime) -> int:
    """Confirm the payments instructed; returns how many. A message that fails is put off."""
    held = {h.case.id: h for h in lock_cases(on, {m.case_id for m in messages})}
    moving = {case_id: _Moving(h, now) for case_id, h in held.items()}
    sent: list[Message] = []
    for message in messages:
        try:
            moving[message.case_id].confirm(int(message.content["number"]))
        except Exception as trouble:  # noqa: BLE001  no fault of one message may stop the others
            postpone_message(on, message, in_words(trouble))
        else:
            sent.append(message)
    record(on, [m.decision() for m in moving.values()])
    if sent:
        mark_sent(on, sent)
    return len(sent)


def _confirm_alone(marketplace_id: str, now: datetime) -> int:
    messages: Sequence[Message] = ()
    try:
        with transaction() as on:
            messages = claim_messages(on, marketplace_id, 1)
            return _confirm(on, messages, now)
    except DataRefused as trouble:
        with transaction() as on:
            for message in messages:
                postpone_message(on, message, in_words(trouble))
        return 0


class _Moving:
    """A case whose payments are being confirmed."""

    def __init__(self, held: Held, now: datetime) -> None:
        self._held = held
        self._now = now
        self._case: Case = held.case
        self._events: tuple[Event, ...] = ()

    def confirm(self, number: int) -> None:
        """Confirm that grant `number` was paid; what was withdrawn meanwhile is not paid."""
        caught, case = follow_clocks(self._case, self._now)
        command = ReportPayment(
            number=number,
            outcome=MoneyState.CONFIRMED,
            amount_fen=case.grants[number - 1].net_fen(Party.BUYER),
            external_ref=f"sandbox-{case.id}-{number}",
            by=SANDBOX,
        )
        done, self._case = decide_now(case, command, self._now)
        self._events += caught + done

    def decision(self) -> Decision:
        """Return what is to be recorded."""
        return decision(self._held, self._events, self._case, self._now)
