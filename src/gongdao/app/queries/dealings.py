"""Dealings (流程外操作): what a caller may do with a case beside the actions of its processes.

Whether something is open is found by trying it on the case as it stands; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    InspectReturn,
    MakeOffer,
    ReportLost,
)
from gongdao.core.cases.offer_states import open_offer
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Remedy, Role
from gongdao.core.remedies.offer import Terms
from gongdao.core.remedies.parcel import Condition
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
    return Dealings(
        negotiate=_may(caller, page, Verb.NEGOTIATE, MakeOffer(terms=_LEAST, by=caller.actor)),
        inspect=_may(
            caller,
            page,
            Verb.INSPECT_RETURN,
            InspectReturn(condition=Condition.INTACT, by=caller.actor),
        ),
        report_lost=_may(caller, page, Verb.REPORT_LOST, ReportLost(proof="?", by=caller.actor)),
        challengeable=frozenset(
            item.id
            for item in page.case.evidence
            if _may(
                caller,
                page,
                Verb.CHALLENGE_EVIDENCE,
                ChallengeEvidence(evidence=item.id, reason="?", by=caller.actor),
            )
        ),
        if_accepted=_if_accepted(page),
        take=take,
        assignment=assignment,
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
