"""Evolve (推演): what an event changes. The only place where a case changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import assert_never

from gongdao.core.cases.events import (
    Acted,
    ClocksPaused,
    ClocksReleased,
    Closed,
    DossierFrozen,
    Event,
    EvidenceChallenged,
    EvidenceSubmitted,
    FactFound,
    Marked,
    MarkLifted,
    MoneyGranted,
    Opened,
    PartLifted,
    PartRestored,
    PaymentMoved,
    Penalised,
    ProposalReturned,
    RefundedOutside,
    Reopened,
    Ruled,
    RulingProposed,
    TrackStarted,
)
from gongdao.core.cases.join_events import EvidenceReferred, Joined, Separated
from gongdao.core.cases.joining import Joining
from gongdao.core.cases.model import Case
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.offer_states import end_offer, negotiated
from gongdao.core.cases.parcel_events import (
    ParcelLost,
    PickupMoved,
    PickupRequested,
    ReturnAddressGiven,
    ReturnInspected,
    ReturnReceived,
    ReturnSent,
)
from gongdao.core.cases.parcel_states import carried, with_return
from gongdao.core.kernel.words import Arbitration, MoneyState, Role
from gongdao.core.remedies.offer import OfferState
from gongdao.core.remedies.transfer import Grant

#: The track every case has.
AFTER_SALE = "after_sale"
_PLATFORM = (Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR)


def replay(events: Iterable[Event]) -> Case:
    """Return the case that `events` lead to; the first must be `Opened`."""
    case = reduce(evolve, events, None)
    if case is None:
        raise ValueError("a case has at least one event")
    return case


def evolve(case: Case | None, event: Event) -> Case:
    """Return the case after `event`. Total: every event applies to the case it was decided for."""
    if isinstance(event, Opened):
        return _opened(event)
    if case is None:
        raise ValueError("the first event of a case is its opening")
    version = case.version + 1
    match event:
        case Acted():
            return _acted(case, event, version)
        case Offered() | OfferAnswered() | Agreed():
            return negotiated(case, event, version)
        case ReturnAddressGiven() | PickupRequested() | PickupMoved() | ReturnSent():
            return carried(case, event, version)
        case ReturnReceived() | ReturnInspected() | ParcelLost():
            return carried(case, event, version)
        case TrackStarted():
            return _started(case, event, version)
        case MoneyGranted():
            grants = (*case.grants, event.grant)
            return replace(case, version=version, grants=grants, money=money_of(grants))
        case PaymentMoved():
            return _paid(case, event, version)
        case RefundedOutside():
            left = max(0, case.refundable_fen - event.amount_fen)
            return replace(case, version=version, refundable_fen=left)
        case EvidenceSubmitted() | EvidenceReferred():
            return replace(case, version=version, evidence=(*case.evidence, event.item))
        case FactFound():
            facts = {**case.facts, event.fact.name: event.fact}
            return replace(case, version=version, facts=facts)
        case Ruled():
            case = end_offer(case, OfferState.LAPSED, event.at)
            rulings = (*case.rulings, event.ruling)
            return replace(case, version=version, rulings=rulings, proposal=None)
        case EvidenceChallenged() | DossierFrozen() | RulingProposed() | ProposalReturned():
            return _heard(case, event, version)
        case Penalised():
            return replace(case, version=version, penalties=(*case.penalties, event.penalty))
        case Closed():
            case = end_offer(case, OfferState.LAPSED, event.at)
            return replace(
                case, version=version, outcome=event.outcome, closed_at=event.at, timers=()
            )
        case Reopened():
            case = replace(case, outcome=None, closed_at=None)
            return replace(case, version=version, refundable_fen=event.refundable_fen)
        case _:
            return _stood_aside(case, event, version)


def _stood_aside(
    case: Case,
    event: ClocksPaused
    | ClocksReleased
    | PartLifted
    | PartRestored
    | Marked
    | MarkLifted
    | Joined
    | Separated,
    version: int,
) -> Case:
    match event:
        case Joined() | Separated():
            return replace(case, version=version, joined=_joined(case, event))
        case ClocksPaused():
            pauses = (*case.pauses, event.pause)
            return replace(case, version=version, pauses=pauses, timers=event.timers)
        case ClocksReleased():
            pauses = tuple(p for p in case.pauses if p.cause != event.cause)
            return replace(case, version=version, pauses=pauses, timers=event.timers)
        case PartLifted():
            return replace(case, version=version, lifts=(*case.lifts, event.lift))
        case PartRestored():
            lifts = tuple(
                li for li in case.lifts if li.cause != event.cause or li.part not in event.parts
            )
            return replace(case, version=version, lifts=lifts)
        case Marked():
            return replace(case, version=version, marks=(*case.marks, event.mark))
        case MarkLifted():
            marks = tuple(
                replace(m, lifted_at=event.at) if m.number == event.number else m
                for m in case.marks
            )
            return replace(case, version=version, marks=marks)
        case _:
            assert_never(event)


def _joined(case: Case, event: Joined | Separated) -> Joining | None:
    """Return the group after the event; one case alone is none."""
    if case.id not in event.members or event.members == (case.id,):
        return None
    same = case.joined is not None and case.joined.group == event.group
    since = case.joined.since if case.joined is not None and same else event.at
    return Joining(group=event.group, members=event.members, since=since)


def _heard(
    case: Case,
    event: EvidenceChallenged | DossierFrozen | RulingProposed | ProposalReturned,
    version: int,
) -> Case:
    match event:
        case EvidenceChallenged():
            challenges = (*case.challenges, event.challenge)
            return replace(case, version=version, challenges=challenges)
        case DossierFrozen():
            return replace(case, version=version, dossiers=(*case.dossiers, event.dossier))
        case RulingProposed():
            return replace(case, version=version, proposal=event.proposal)
        case ProposalReturned():
            return replace(case, version=version, proposal=None)
        case _:
            assert_never(event)


def _opened(event: Opened) -> Case:
    return Case(
        id=event.case_id,
        shop_id=event.order.shop_id,
        version=1,
        order=event.order,
        claim=event.claim,
        reason=event.reason,
        claim_lines=event.claim_lines,
        requested_fen=event.requested_fen,
        refundable_fen=event.refundable_fen,
        description=event.description,
        opened_at=event.at,
        opened_by=event.by,
        tracks={AFTER_SALE: event.track},
        timers=event.timers,
        goods=event.goods,
        returned_before=event.returned_before,
        money=MoneyState.NONE,
        arbitration=Arbitration.NONE,
        facts={},
        evidence=(),
        grants=(),
        rulings=(),
        penalties=(),
    )


def _started(case: Case, event: TrackStarted, version: int) -> Case:
    return replace(
        case,
        version=version,
        tracks={**case.tracks, event.name: event.track},
        timers=tuple(t for t in case.timers if t.track != event.name) + event.timers,
        arbitration=event.arbitration or case.arbitration,
    )


def _acted(case: Case, event: Acted, version: int) -> Case:
    was = case.tracks[event.track]
    hands = was.hands
    if event.by in _PLATFORM and event.actor not in hands:
        hands = (*hands, event.actor)
    if event.keeps_clocks:
        tracks, timers = case.tracks, case.timers
        if hands != was.hands:
            tracks = {**tracks, event.track: replace(was, hands=hands)}
    else:
        track = replace(was, state=event.to_state, entered_at=event.at, hands=hands)
        tracks = {**case.tracks, event.track: track}
        kept = tuple(t for t in case.timers if t.track != event.track)
        timers = kept + event.timers
    freight = event.payload.get("return_freight_fen")
    moved = replace(
        case,
        version=version,
        tracks=tracks,
        timers=timers,
        goods=event.goods or case.goods,
        arbitration=event.arbitration or case.arbitration,
        return_freight_fen=freight if isinstance(freight, int) else case.return_freight_fen,
    )
    return with_return(moved, event)


def _paid(case: Case, event: PaymentMoved, version: int) -> Case:
    grants = tuple(
        replace(grant, state=event.state, external_ref=event.external_ref or grant.external_ref)
        if grant.number == event.number
        else grant
        for grant in case.grants
    )
    return replace(case, version=version, grants=grants, money=money_of(grants))


#: The money axis shows the grant that is least far, a failure before all.
_LEAST_FAR = (MoneyState.FAILED, MoneyState.GRANTED, MoneyState.SENT, MoneyState.CONFIRMED)


def money_of(grants: tuple[Grant, ...]) -> MoneyState:
    """Return the money axis of a case with these grants."""
    states = {grant.state for grant in grants}
    return next((state for state in _LEAST_FAR if state in states), MoneyState.NONE)
