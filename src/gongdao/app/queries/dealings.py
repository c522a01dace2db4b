"""Dealings (流程外操作): what a caller may do with a case beside the actions of its processes.

Whether something is open is found by trying it on the case as it stands; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gongdao.app.carry_out import visible_case
from gongdao.app.decide_case import decide_now
from gongdao.app.impartiality import JUDGES
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import PERMISSIONS, Caller, Verb
from gongdao.app.queries.case_page import CasePage
from gongdao.core.cases.commands import (
    Actor,
    AnswerOffer,
    ChallengeEvidence,
    Command,
    GiveReturnAddress,
    InspectReturn,
    MakeOffer,
    ReceiveReturn,
    ReportLost,
    RequestPickup,
    SendReturn,
)
from gongdao.core.cases.offer_states import open_offer
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Party, Remedy, Role
from gongdao.core.remedies.offer import Terms
from gongdao.core.remedies.parcel import Condition, ReturnState
from gongdao.store.assignments import Assignment, running_assignment
from gongdao.store.connection import transaction

_OTHER_SIDE = {Role.BUYER: Role.MERCHANT, Role.MERCHANT: Role.BUYER}
#: A party may always offer a cent on top; where even that is refused, nothing can be offered.
_LEAST = Terms(remedy=Remedy.COMPENSATE, compensation_fen=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """What is open to one caller."""

    negotiate: bool
    inspect: bool
    report_lost: bool
    send_more: bool
    """A further parcel may go back."""
    receivable: frozenset[int]
    """Numbers of the return parcels whose arrival he may tell."""
    give_address: bool
    ask_pickup: bool
    report_pickup: bool
    challengeable: frozenset[str]
    """Ids of the other side's pieces of evidence that he may still challenge."""
    if_accepted: Outcome | None
    """What the other side's acceptance of the open offer would lead to."""
    take: Literal["", "free", "mine", "taken"]
    """For those who rule: whether the case is to be taken, is theirs, or a colleague's."""
    assignment: Assignment | None


def dealings(caller: Caller, page: CasePage) -> Dealings:
    """Return what is open to the caller on the page's case, at the page's instant."""
    assignment, take = _assignment(caller, page)
    case, by = page.case, caller.actor
    opened = next((p.number for p in case.returns if p.state is not ReturnState.LOST), None)
    return Dealings(
        negotiate=_may(caller, page, Verb.NEGOTIATE, MakeOffer(terms=_LEAST, by=by)),
        inspect=_may(
            caller,
            page,
            Verb.INSPECT_RETURN,
            InspectReturn(condition=Condition.INTACT, parcel=opened, by=by),
        ),
        report_lost=_may(caller, page, Verb.REPORT_LOST, ReportLost(proof="?", by=by)),
        send_more=bool(case.returns)
        and _may(caller, page, Verb.SEND_RETURN, SendReturn(tracking_number="?", by=by)),
        receivable=frozenset(
            p.number
            for p in case.returns
            if _may(caller, page, Verb.RECEIVE_RETURN, ReceiveReturn(parcel=p.number, by=by))
        ),
        give_address=_may(caller, page, Verb.GIVE_RETURN_ADDRESS, _address(by)),
        ask_pickup=_may(caller, page, Verb.REQUEST_PICKUP, _pickup(by, page.now)),
        report_pickup=case.closed_at is None
        and PERMISSIONS[Verb.REPORT_PICKUP].covers(caller.post),
        challengeable=frozenset(
            item.id
            for item in case.evidence
            if _may(
                caller,
                page,
                Verb.CHALLENGE_EVIDENCE,
                ChallengeEvidence(evidence=item.id, reason="?", by=by),
            )
        ),
        if_accepted=_if_accepted(page),
        take=take,
        assignment=assignment,
    )


def _address(by: Actor) -> GiveReturnAddress:
    return GiveReturnAddress(
        return_name="?", return_phone="?", return_region="?", return_address="?", by=by
    )


def _pickup(by: Actor, now: datetime) -> RequestPickup:
    payer = {Role.BUYER: Party.BUYER, Role.MERCHANT: Party.MERCHANT}.get(by.role, Party.PLATFORM)
    return RequestPickup(
        slot_from=now,
        slot_until=now + timedelta(hours=1),
        pickup_address="?",
        contact_name="?",
        contact_phone="?",
        paid_by=payer,
        by=by,
    )


def _may(caller: Caller, page: CasePage, verb: Verb, command: Command) -> bool:
    if page.case.closed_at is not None or not PERMISSIONS[verb].covers(caller.post):
        return False
    try:
        decide_now(page.case, command, page.now)
    except Refused:
        return False
    return True


def _if_accepted(page: CasePage) -> Outcome | None:
    offer = open_offer(page.case)
    if offer is None:
        return None
    by = Actor(role=_OTHER_SIDE[offer.by], id="")
    try:
        events, after = decide_now(
            page.case, AnswerOffer(number=offer.number, answer="accept", by=by), page.now
        )
    except Refused:
        return None
    return Outcome(
        case=after, events=events, marketplace_id=page.marketplace_id, at=page.now, preview=True
    )


def _assignment(
    caller: Caller, page: CasePage
) -> tuple[Assignment | None, Literal["", "free", "mine", "taken"]]:
    if caller.role not in JUDGES or "dispute" not in page.case.tracks or page.case.closed_at:
        return None, ""
    with transaction() as on:
        held = visible_case(on, caller, page.case.id, lock=False)
        running = running_assignment(on, held, caller.role)
    if running is None:
        return None, "free"
    return running, "mine" if running.user_id == caller.user_id else "taken"
