"""Decisions as rows: one list a column, ready for `unnest`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from gongdao.core.cases.counts import counts_of
from gongdao.core.cases.entitlement import refundable_left_fen, refunded_fen
from gongdao.core.cases.events import (
    Acted,
    Closed,
    Event,
    EvidenceSubmitted,
    FactFound,
    Marked,
    MarkLifted,
    MoneyGranted,
    Opened,
    PaymentMoved,
    Ruled,
)
from gongdao.core.cases.join_events import EvidenceReferred, Joined, Separated
from gongdao.core.cases.model import Case, Timer
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.kernel.chain import link
from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.ledger import Posting, from_deposit_fen, grant_entry, payment_entry
from gongdao.core.remedies.transfer import Channel, Grant
from gongdao.store.codec import KINDS, encode_case, encode_event, encode_order, encode_plain
from gongdao.store.held import Decision, next_due_at
from gongdao.store.reserves import Recoupment

if TYPE_CHECKING:
    from collections.abc import Iterable


class Columns:
    """Rows of one statement, kept by column."""

    def __init__(self, *names: str) -> None:
        self.lists: dict[str, list[object]] = {name: [] for name in names}
        self._appends = [column.append for column in self.lists.values()]

    def add(self, *values: object) -> None:
        """Append a row, its values in the order of the columns."""
        for append, value in zip(self._appends, values, strict=True):
            append(value)

    def __len__(self) -> int:
        return len(next(iter(self.lists.values())))


#: Kind of the message that tells a payment system to pay.
INSTRUCTED = "payment.instructed"
_KEY = ("shop_id", "case_id")
_STANDING = (
    "stage", "goods", "money", "arbitration", "waits_for", "outcome", "closed_at", "next_due_at",
    "head_hash", "snapshot", "counted_in_dispute_rate", "counted_in_score", "penalty_stands",
    "paused_by",
)  # fmt: skip
_AT_OPENING = (
    "marketplace_id", "order_id", "buyer_id", "claim", "reason", "requested_fen", "opened_at",
    "order_body", "region",
)  # fmt: skip
_MARK = (
    *_KEY, "number", "marketplace_id", "about", "subject", "kind", "cause", "actor", "at",
    "lifted_at",
)  # fmt: skip
_PAYMENT = (
    *_KEY, "number", "reference", "amount_fen", "channel", "state", "external_ref", "at",
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    """Everything that a set of decisions writes."""

    new: Columns = field(
        default_factory=lambda: Columns("shop_id", "id", "version", *_STANDING, *_AT_OPENING)
    )
    moved: Columns = field(
        default_factory=lambda: Columns("shop_id", "id", "version", *_STANDING, "was")
    )
    events: Columns = field(
        default_factory=lambda: Columns(*_KEY, "seq", "kind", "at", "actor", "body", "hash")
    )
    stopped: Columns = field(default_factory=lambda: Columns(*_KEY, "track", "name"))
    started: Columns = field(
        default_factory=lambda: Columns(
            *_KEY, "marketplace_id", "track", "name", "due_at", "paused", "reason_zh",
            "reason_en", "cite",
        )
    )  # fmt: skip
    postings: Columns = field(
        default_factory=lambda: Columns(
            *_KEY, "order_id", "seq", "line", "account", "amount_fen", "purpose", "at"
        )
    )
    evidence: Columns = field(
        default_factory=lambda: Columns(
            *_KEY, "evidence_id", "marketplace_id", "digest", "given_by", "at"
        )
    )
    payments: dict[tuple[UUID, int], tuple[object, ...]] = field(default_factory=dict)
    """(case, number) -> the payment's row."""
    outbox: Columns = field(
        default_factory=lambda: Columns(*_KEY, "marketplace_id", "seq", "kind", "body")
    )
    deliveries: Columns = field(
        default_factory=lambda: Columns(*_KEY, "marketplace_id", "seq", "kind")
    )
    marks: dict[tuple[UUID, int], tuple[object, ...]] = field(default_factory=dict)
    """(case, number) -> the mark's row."""
    recouped: list[Recoupment] = field(default_factory=list)
    """Grants that take from a merchant's deposit."""
    withdrawn: list[Recoupment] = field(default_factory=list)
    """Those of them that were withdrawn before they were paid."""
    joined: Columns = field(default_factory=lambda: Columns(*_KEY, "group_id", "since"))
    separated: Columns = field(default_factory=lambda: Columns(*_KEY))
    invoice_checks: Columns = field(
        default_factory=lambda: Columns(*_KEY, "marketplace_id", "order_id")
    )
    order_money: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    """(shop, order) -> differences of what is refunded and what is held, in fen."""

    def payment_columns(self) -> Columns:
        """Return the payments by column."""
        columns = Columns(*_PAYMENT)
        for row in self.payments.values():
            columns.add(*row)
        return columns

    def mark_columns(self) -> Columns:
        """Return the marks by column."""
        columns = Columns(*_MARK)
        for row in self.marks.values():
            columns.add(*row)
        return columns

    def order_money_columns(self) -> Columns:
        """Return the orders whose money moved, by key, so that two writers lock them alike."""
        columns = Columns("shop_id", "order_id", "refunded_fen", "held_fen")
        for key, moved in sorted(self.order_money.items()):
            columns.add(*key, *moved)
        return columns


def rows_of(decisions: Iterable[Decision]) -> Rows:
    """Return the rows that `decisions` write. Decisions without events write nothing."""
    rows = Rows()
    for decision in decisions:
        if decision.events:
            _add(rows, decision)
    return rows


def _add(rows: Rows, decision: Decision) -> None:
    case = decision.after
    case_id = UUID(case.id)
    key = (case.shop_id, case_id)
    head = decision.previous_hash
    seq = decision.first_seq
    for event in decision.events:
        body = encode_event(event)
        head = link(head, body)
        kind = KINDS[type(event)]
        rows.events.add(*key, seq, kind, event.at, _actor(event), body, head)
        rows.deliveries.add(*key, decision.marketplace_id, seq, f"case.{kind}")
        if isinstance(event, (MoneyGranted, PaymentMoved)):
            _add_money(rows, decision, event, seq)
        elif isinstance(event, (Marked, MarkLifted)):
            number = event.mark.number if isinstance(event, Marked) else event.number
            _add_mark(rows, decision, number)
        elif isinstance(event, EvidenceSubmitted | EvidenceReferred):
            item = event.item
            rows.evidence.add(
                *key, item.id, decision.marketplace_id, item.digest, str(item.by), item.at
            )
        seq += 1
    if any(isinstance(e, (MoneyGranted, PaymentMoved, Closed)) for e in decision.events):
        rows.invoice_checks.add(*key, decision.marketplace_id, case.order.order_id)
    _add_case(rows, decision, case_id, head)
    _add_deadlines(rows, decision, key)
    _add_order_money(rows, decision)
    _add_joining(rows, decision, key)


def _add_joining(rows: Rows, decision: Decision, key: tuple[str, UUID]) -> None:
    before = decision.before.joined if decision.before is not None else None
    after = decision.after.joined
    if after is not None and (before is None or before.group != after.group):
        rows.joined.add(*key, UUID(after.group), after.since)
    elif before is not None and after is None:
        rows.separated.add(*key)


def _add_case(rows: Rows, decision: Decision, case_id: UUID, head: bytes) -> None:
    case = decision.after
    counts = counts_of(case)
    standing = (
        case.shop_id, case_id, case.version, case.stage(), str(case.goods), str(case.money),
        str(case.arbitration), array(decision.waits_for), case.outcome, case.closed_at,
        next_due_at(case), head, encode_case(case), counts.in_dispute_rate, counts.in_score,
        counts.penalty_stands, array(tuple(p.cause for p in case.pauses)),
    )  # fmt: skip
    if decision.before is None:
        rows.new.add(
            *standing, decision.marketplace_id, case.order.order_id, case.order.buyer_id,
            str(case.claim), str(case.reason), case.requested_fen, case.opened_at,
            encode_order(case.order), case.order.region,
        )  # fmt: skip
    else:
        rows.moved.add(*standing, decision.before.version)


def _add_deadlines(rows: Rows, decision: Decision, key: tuple[str, UUID]) -> None:
    before: tuple[Timer, ...] = decision.before.timers if decision.before is not None else ()
    after = decision.after.timers
    for timer in before:
        if timer not in after:
            rows.stopped.add(*key, timer.track, timer.name)
    for timer in after:
        if timer not in before:
            rows.started.add(
                *key, decision.marketplace_id, timer.track, timer.name, timer.due_at,
                timer.paused_left_seconds is not None, timer.reason.zh, timer.reason.en,
                array(timer.cite),
            )  # fmt: skip


def _add_money(
    rows: Rows, decision: Decision, event: MoneyGranted | PaymentMoved, seq: int
) -> None:
    case = decision.after
    key = (case.shop_id, UUID(case.id))
    number = event.grant.number if isinstance(event, MoneyGranted) else event.number
    grant = case.grants[number - 1]
    entry: tuple[Posting, ...]
    if isinstance(event, MoneyGranted):
        entry = grant_entry(event.grant)
        if grant.channel is Channel.PLATFORM and grant.state is not MoneyState.VOID:
            body = encode_plain(_instruction(case, grant))
            rows.outbox.add(*key, decision.marketplace_id, seq, INSTRUCTED, body)
            rows.deliveries.add(*key, decision.marketplace_id, seq, INSTRUCTED)
    else:
        entry = payment_entry(grant, event.state)
    for line, posting in enumerate(entry):
        rows.postings.add(
            *key, case.order.order_id, seq, line, str(posting.account), posting.amount_fen,
            str(posting.purpose), event.at,
        )  # fmt: skip
    _add_payment(rows, case, grant, event.at)
    _add_recoupment(rows, case, event, grant)


def _add_recoupment(
    rows: Rows, case: Case, event: MoneyGranted | PaymentMoved, grant: Grant
) -> None:
    amount = from_deposit_fen(grant)
    if not amount:
        return
    recoupment = Recoupment(
        shop_id=case.shop_id,
        case_id=UUID(case.id),
        number=grant.number,
        order_id=case.order.order_id,
        amount_fen=amount,
        at=event.at,
    )
    if isinstance(event, MoneyGranted):
        rows.recouped.append(recoupment)
    elif event.state is MoneyState.VOID:
        rows.withdrawn.append(recoupment)


def _add_mark(rows: Rows, decision: Decision, number: int) -> None:
    case = decision.after
    mark = case.marks[number - 1]
    rows.marks[UUID(case.id), number] = (
        case.shop_id, UUID(case.id), number, decision.marketplace_id, str(mark.about),
        mark.subject, mark.kind, mark.cause, mark.actor, mark.at, mark.lifted_at,
    )  # fmt: skip


def _add_payment(rows: Rows, case: Case, grant: Grant, at: datetime) -> None:
    """One row a grant, however often it moves within the decision: the last word counts."""
    case_id = UUID(case.id)
    rows.payments[case_id, grant.number] = (
        case.shop_id, case_id, grant.number, payment_reference(case.id, grant.number),
        grant.net_fen(Party.BUYER), str(grant.channel), str(grant.state), grant.external_ref, at,
    )  # fmt: skip


def payment_reference(case_id: str, number: int) -> str:
    """Return the reference under which a grant is paid, once."""
    return f"{case_id}-{number}"


def _instruction(case: Case, grant: Grant) -> dict[str, object]:
    return {
        "reference": payment_reference(case.id, grant.number),
        "case_id": case.id,
        "shop_id": case.shop_id,
        "order_id": case.order.order_id,
        "buyer_id": case.order.buyer_id,
        "number": grant.number,
        "amount_fen": grant.net_fen(Party.BUYER),
        "transfers": grant.transfers,
    }


def _add_order_money(rows: Rows, decision: Decision) -> None:
    after, before = decision.after, decision.before
    refunded, held = refunded_of(after), held_of(after)
    if before is not None:
        refunded -= refunded_of(before)
        held -= held_of(before)
    if refunded or held:
        moved = rows.order_money[after.shop_id, after.order.order_id]
        moved[0] += refunded
        moved[1] += held


def refunded_of(case: Case) -> int:
    """Return what the case's grants give back to the buyer, withdrawn ones not counted, in fen."""
    return sum(refunded_fen(g.transfers) for g in case.grants if g.state is not MoneyState.VOID)


def held_of(case: Case) -> int:
    """Return what the case may still refund, in fen; nothing once it is closed."""
    return refundable_left_fen(case) if case.closed_at is None else 0


def _actor(event: Event) -> str:
    match event:
        case FactFound(fact=fact):
            return fact.actor
        case Ruled(ruling=ruling):
            return ruling.actor
        case Opened() | Acted() | EvidenceSubmitted() | Offered() | OfferAnswered() | Agreed():
            return event.actor
        case Joined() | Separated():
            return event.actor
        case _:
            return ""


@lru_cache(maxsize=4096)
def array(words: tuple[str, ...]) -> str:
    """Return words as a PostgreSQL array literal: a list cannot be a member of a list column."""
    quoted = ('"' + w.replace("\\", "\\\\").replace('"', '\\"') + '"' for w in words)
    return "{" + ",".join(quoted) + "}"
