"""Deliver webhooks (投递): messages leased, sent outside any transaction, and noted as they fared.

At least once: whoever is killed between sending and noting lets the same message, with the same id,
go out again when its lease ends. Of one case an endpoint hears one message after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from standardwebhooks import Webhook

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.privacy import veiled
from gongdao.core.cases.commands import Actor, ReportPayment
from gongdao.core.kernel.words import MoneyState, Party, Role
from gongdao.store.cases import lock_cases, marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.record import record
from gongdao.store.rows import INSTRUCTED
from gongdao.store.webhooks import (
    Letter,
    claim_deliveries,
    mark_delivered,
    mark_instruction_sent,
    put_off_delivery,
)

BATCH = 100
LEASE_SECONDS = 60
#: After so many tries (about two days) a message is given up.
MOST_TRIES = 18
WEBHOOK = Actor(role=Role.OPERATOR, id="webhook")
_SPEC_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What goes over the wire."""

    url: str
    headers: dict[str, str]
    body: bytes
    anywhere: bool
    """A sandbox may be told at an address of a private network."""


#: Sends parcels and returns, for each, why it did not arrive; empty: it arrived.
Send = Callable[[Sequence[Parcel]], Sequence[str]]


@dataclass(slots=True)
class DeliveryReport:
    """What delivering did."""

    delivered: int = 0
    put_off: int = 0
    dead: int = 0


def deliver(send: Send, now: Callable[[], datetime], limit: int = BATCH) -> DeliveryReport:
    """Send at most `limit` messages that are due. `now` gives the real time, for the signature."""
    report = DeliveryReport()
    with transaction() as on:
        letters = claim_deliveries(on, limit, LEASE_SECONDS)
    if not letters:
        return report
    answers = send([parcel(letter, now()) for letter in letters])
    for letter, trouble in zip(letters, answers, strict=True):
        with transaction() as on:
            if not trouble:
                mark_delivered(on, letter.id)
                _note_instruction(on, letter)
                report.delivered += 1
            elif put_off_delivery(on, letter.id, trouble, MOST_TRIES):
                report.dead += 1
            else:
                report.put_off += 1
    return report


def parcel(letter: Letter, now: datetime) -> Parcel:
    """Return the letter as a CloudEvents body, signed by the Standard Webhooks scheme."""
    body = msgspec.json.encode(cloud_event(letter))
    signature = Webhook(letter.secret).sign(letter.id, now.astimezone(UTC), body.decode())
    return Parcel(
        url=letter.url,
        headers={
            "Content-Type": "application/cloudevents+json",
            "webhook-id": letter.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        },
        body=body,
        anywhere=letter.sandbox,
    )


def cloud_event(letter: Letter) -> dict[str, Any]:
    """Return the letter as a CloudEvents 1.0 document; `sequence` counts within the subject."""
    event: dict[str, Any] = {
        "specversion": _SPEC_VERSION,
        "id": letter.id,
        "source": f"urn:gongdao:marketplace:{letter.marketplace_id}",
        "type": f"gongdao.{letter.kind}",
        "time": letter.at,
        "datacontenttype": "application/json",
        "data": veiled(letter.content),
    }
    if letter.case_id is not None:
        event |= {"subject": letter.case_id, "sequence": f"{letter.seq:010d}"}
    return event


def _note_instruction(on: Connection, letter: Letter) -> None:
    """The payment system has the instruction: the payment is on its way."""
    if letter.kind != INSTRUCTED or letter.pays_itself or letter.case_id is None:
        return
    mark_instruction_sent(on, letter)
    held = next(iter(lock_cases(on, {letter.case_id})), None)
    if held is None:
        return
    at = marketplace_now(on, held.marketplace_id)
    caught, case = follow_clocks(held.case, at)
    number = int(letter.content["number"])
    sent = ReportPayment(
        number=number,
        outcome=MoneyState.SENT,
        amount_fen=case.grants[number - 1].net_fen(Party.BUYER),
        external_ref="",
        by=WEBHOOK,
    )
    done, case = decide_now(case, sent, at)
    record(on, [decision(held, caught + done, case, at)])
