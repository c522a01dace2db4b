"""Negotiation as the case keeps it (协商状态): what its events change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gongdao.core.cases.model import Case
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.kernel.words import Arbitration
from gongdao.core.remedies.offer import Agreement, Offer, OfferState

#: Owner of the clock of an open offer: the negotiation is no process of a rulebook.
OFFER = "offer"


def open_offer(case: Case) -> Offer | None:
    """Return the offer that waits for an answer, if any."""
    last = case.offers[-1] if case.offers else None
    return last if last is not None and last.state is OfferState.OPEN else None


def agreement_in_force(case: Case) -> Agreement | None:
    """Return the agreement, unless a ruling came after it."""
    agreement, ruling = case.agreement, case.ruling
    if agreement is None or (ruling is not None and ruling.at >= agreement.at):
        return None
    return agreement


def with_offer(case: Case, event: Offered) -> Case:
    """Return the case with a new offer; an open one before it is replaced."""
    case = end_offer(case, OfferState.COUNTERED, event.at)
    return replace(case, offers=(*case.offers, event.offer), timers=(*case.timers, event.timer))


def with_agreement(case: Case, event: Agreed) -> Case:
    """Return the case after an agreement: its processes and their clocks give way to the new."""
    case = end_offer(case, OfferState.ACCEPTED, event.at)
    ended = ("after_sale", "dispute")
    others = {name: track for name, track in case.tracks.items() if name not in ended}
    return replace(
        case,
        tracks={"after_sale": event.track, **others},
        timers=(*(t for t in case.timers if t.track not in ended), *event.timers),
        arbitration=Arbitration.FINAL if "dispute" in case.tracks else case.arbitration,
        agreement=event.agreement,
    )


def end_offer(case: Case, state: OfferState, at: datetime) -> Case:
    """Return the case with its open offer, if any, in `state` and without its clock."""
    offer = open_offer(case)
    if offer is None:
        return case
    ended = replace(offer, state=state, answered_at=at)
    return replace(
        case,
        offers=(*case.offers[:-1], ended),
        timers=tuple(t for t in case.timers if t.track != OFFER),
    )


def negotiated(case: Case, event: Offered | OfferAnswered | Agreed, version: int) -> Case:
    """Return the case after an event of its negotiation."""
    match event:
        case Offered():
            after = with_offer(case, event)
        case OfferAnswered():
            after = end_offer(case, event.state, event.at)
        case Agreed():
            after = with_agreement(case, event)
    return replace(after, version=version)
