"""Shapes of a case (案件的形状) in answers. Amounts are integer fen; instants carry an offset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from ninja import Schema

from gongdao.app.outcome import Outcome
from gongdao.core.cases.allowed import AllowedAction
from gongdao.core.cases.counts import counts_of
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case
from gongdao.core.cases.part_return import bundle_note
from gongdao.web.api.v1.dealing_shapes import (
    AgreementOut,
    InspectionOut,
    LossOut,
    OfferOut,
    PickupOut,
    ReturnAddressOut,
    ReturnLineOut,
    ReturnParcelOut,
)
from gongdao.web.api.v1.order_shapes import OrderOut
from gongdao.web.desk.event_kind import event_kind


class TextOut(Schema):
    """A text in both languages."""

    zh: str
    en: str


class ClaimLineOut(Schema):
    """A claimed quantity of one order line."""

    line_id: str
    quantity: int
    goods_fen: int
    seen_fen: int | None
    """For price protection: what this quantity costs at the lower price seen."""


class TrackOut(Schema):
    """A process running in the case."""

    rulebook: str
    process: str
    state: str
    entered_at: datetime


class DeadlineOut(Schema):
    """A running deadline: what the system does when it passes, and why it runs."""

    track: str
    name: str
    action: str
    due_at: datetime
    reason: TextOut
    cite: list[str]
    paused_left_seconds: int | None


class EvidenceOut(Schema):
    """One piece of evidence."""

    id: str
    by: str
    kind: str
    digest: str
    media_type: str
    size_bytes: int
    name: str
    note: str
    at: datetime
    admission: str
    given_in: str | None
    """The joined case in which it was given; null: this one."""


class ChallengeOut(Schema):
    """Why a party disputes a piece of the other side's evidence."""

    evidence: str
    by: str
    reason: str
    at: datetime


class DossierPieceOut(Schema):
    """A piece of evidence as it lay before those who rule."""

    evidence: str
    digest: str
    kind: str
    by: str
    admission: str
    challenged: list[str]


class DossierFactOut(Schema):
    """A fact as it was established when the dossier was frozen."""

    name: str
    value: bool | int | str
    by: str
    evidence: list[str]


class DossierOut(Schema):
    """What lay before those who rule when the review began, under its sha256."""

    number: int
    at: datetime
    digest: str
    pieces: list[DossierPieceOut]
    facts: list[DossierFactOut]


class FactOut(Schema):
    """A fact that somebody established."""

    name: str
    value: bool | int | str
    by: str
    actor: str
    at: datetime
    evidence: list[str]
    note: str


class TransferOut(Schema):
    """Money that one party gives another."""

    giver: str
    taker: str
    amount_fen: int
    purpose: str


class GrantOut(Schema):
    """Transfers decided together, and how their payment fares."""

    number: int
    transfers: list[TransferOut]
    channel: str
    state: str
    cite: list[str]
    external_ref: str | None


class ReadingOut(Schema):
    """A value that a ruling read."""

    name: str
    value: str | None
    origin: str


class RulingOut(Schema):
    """What was ruled, by which clauses, on which values, by whom."""

    number: int
    rulebook: str
    digest: str
    table: str
    rows: list[str]
    cite: list[str]
    remedy: str
    liable: str
    outbound_freight: str
    return_freight: str
    refund_fen: int | None
    compensation_fen: int
    read: list[ReadingOut]
    by: str
    actor: str
    at: datetime
    overruled: bool
    reason: str
    proposed: str
    score_effect: bool
    penalties: list[str]
    corrects: int | None


class ProposalOut(Schema):
    """A ruling that waits for a reviewer: `confirm_ruling` or `return_ruling`."""

    track: str
    action: str
    ruling: RulingOut
    cite: list[str]


class PenaltyOut(Schema):
    """A breach recorded against the merchant."""

    code: str
    cite: list[str]
    at: datetime


class CountsOut(Schema):
    """What the case counts in now: each part is lifted and restored alone."""

    in_dispute_rate: bool
    in_score: bool
    penalty_stands: bool


class LiftOut(Schema):
    """A part that the case does not count in, and why."""

    part: str
    cause: str
    by: str
    actor: str
    at: datetime
    reason: str


class MarkOut(Schema):
    """A finding of bad conduct in the case."""

    number: int
    about: str
    subject: str
    kind: str
    cause: str
    by: str
    at: datetime
    cite: list[str]
    note: str
    lifted_at: datetime | None


class PauseOut(Schema):
    """Time that does not count."""

    cause: str
    since: datetime
    until: datetime | None
    reason: TextOut


class JoiningOut(Schema):
    """The cases that a case is heard together with, itself included."""

    group: str
    members: list[str]
    since: datetime


class CaseOut(Schema):
    """A case as it stands; `version` goes into `If-Match`."""

    id: str
    shop_id: str
    version: int
    claim: str
    reason: str
    claim_lines: list[ClaimLineOut]
    requested_fen: int
    description: str
    opened_at: datetime
    opened_by: str
    stage: str
    goods: str
    money: str
    arbitration: str
    outcome: str | None
    closed_at: datetime | None
    order: OrderOut
    tracks: dict[str, TrackOut]
    deadlines: list[DeadlineOut]
    facts: list[FactOut]
    evidence: list[EvidenceOut]
    challenges: list[ChallengeOut]
    dossiers: list[DossierOut]
    proposal: ProposalOut | None
    grants: list[GrantOut]
    rulings: list[RulingOut]
    penalties: list[PenaltyOut]
    counts: CountsOut
    lifts: list[LiftOut]
    marks: list[MarkOut]
    joined: JoiningOut | None
    pauses: list[PauseOut]
    offers: list[OfferOut]
    agreement: AgreementOut | None
    inspection: InspectionOut | None
    loss: LossOut | None
    return_address: ReturnAddressOut | None
    returns: list[ReturnParcelOut]
    pickups: list[PickupOut]
    return_freight_fen: int
    return_freight_paid_by: str
    returned_before: list[ReturnLineOut]
    bundle: TextOut | None


class EventOut(Schema):
    """One event: its kind, its instant, and everything it says."""

    kind: str
    at: datetime
    body: dict[str, Any]


class OutcomeOut(Schema):
    """What a command led to: the case after it and the events, clocks that ran out included."""

    case: CaseOut
    events: list[EventOut]
    at: datetime
    preview: bool
    repeated: bool


class AllowedActionOut(Schema):
    """An action that the process offers the caller now."""

    track: str
    name: str
    title: TextOut
    needs: list[str]
    cite: list[str]
    open: bool
    lacking: list[str]
    rules: bool
    begins: bool


def case_out(case: Case) -> dict[str, Any]:
    """Return a case as `CaseOut` shows it."""
    plain: dict[str, Any] = msgspec.to_builtins(case)
    plain["order"]["paid_fen"] = case.order.paid_fen
    plain["stage"] = case.stage()
    note = bundle_note(case)
    plain["bundle"] = None if note is None else {"zh": note.zh, "en": note.en}
    plain["counts"] = msgspec.to_builtins(counts_of(case))
    plain["deadlines"] = plain.pop("timers")
    plain["facts"] = list(plain["facts"].values())
    return plain


def event_out(event: Event) -> dict[str, Any]:
    """Return an event as `EventOut` shows it."""
    body: dict[str, Any] = msgspec.to_builtins(event)
    at = body.pop("at")
    return {"kind": event_kind(event), "at": at, "body": body}


def outcome_out(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as `OutcomeOut` shows it."""
    return {
        "case": case_out(outcome.case),
        "events": [event_out(e) for e in outcome.events],
        "at": outcome.at,
        "preview": outcome.preview,
        "repeated": outcome.repeated,
    }


def allowed_out(actions: tuple[AllowedAction, ...]) -> list[dict[str, Any]]:
    """Return allowed actions as `AllowedActionOut` shows them."""
    return [msgspec.to_builtins(action) for action in actions]
