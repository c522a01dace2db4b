"""Decide (决定): what a command leads to. Pure: same case, command, rules and instant, same events.

`preview` (试算) is this very function without the commit that follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from gongdao.core.cases.commands import (
    Act,
    AnswerOffer,
    CancelOrder,
    ChallengeEvidence,
    Command,
    Expire,
    FollowOrder,
    GiveReturnAddress,
    GoOn,
    InspectReturn,
    JoinCases,
    MakeOffer,
    OpenCase,
    ReceiveReturn,
    RecordFinding,
    ReferEvidence,
    ReportLost,
    ReportOutsideRefund,
    ReportPayment,
    ReportPickup,
    RequestPickup,
    SendReturn,
    SeparateCase,
    StandStill,
    SubmitEvidence,
)
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case, Timer
from gongdao.core.cases.playbook import Playbook
from gongdao.core.cases.verbs.act import act
from gongdao.core.cases.verbs.challenge import challenge_evidence
from gongdao.core.cases.verbs.evidence import record_finding, refer_evidence, submit_evidence
from gongdao.core.cases.verbs.expire import CLOCK, expire
from gongdao.core.cases.verbs.follow_order import cancel_order, follow_order
from gongdao.core.cases.verbs.join import handle_group
from gongdao.core.cases.verbs.offer import answer_offer, make_offer
from gongdao.core.cases.verbs.open_case import open_case
from gongdao.core.cases.verbs.parcels import handle_parcel
from gongdao.core.cases.verbs.pay import report_outside_refund, report_payment
from gongdao.core.cases.verbs.stand_still import go_on, stand_still


def decide(
    case: Case | None, command: Command, playbook: Playbook, now: datetime
) -> tuple[tuple[Event, ...], Case]:
    """Return the events that `command` leads to and the case after them.

    `now` is the instant of the act. A clock's own act is stamped with the instant it was due.
    Raises Refused (BadInput, NotAllowed, Conflict) when it may not be done; nothing has changed.
    """
    draft = _draft(case, command, playbook, now)
    match command:
        case OpenCase():
            open_case(draft, command)
        case Act():
            act(draft, command)
        case Expire():
            expire(draft, command)
        case SubmitEvidence():
            submit_evidence(draft, command)
        case ReferEvidence():
            refer_evidence(draft, command)
        case JoinCases() | SeparateCase():
            handle_group(draft, command)
        case ChallengeEvidence():
            challenge_evidence(draft, command)
        case RecordFinding():
            record_finding(draft, command)
        case FollowOrder():
            follow_order(draft, command)
        case CancelOrder():
            cancel_order(draft, command)
        case GiveReturnAddress() | RequestPickup() | ReportPickup() | SendReturn():
            handle_parcel(draft, command)
        case ReceiveReturn() | InspectReturn() | ReportLost():
            handle_parcel(draft, command)
        case MakeOffer():
            make_offer(draft, command)
        case AnswerOffer():
            answer_offer(draft, command)
        case ReportPayment():
            report_payment(draft, command)
        case ReportOutsideRefund():
            report_outside_refund(draft, command)
        case StandStill():
            stand_still(draft, command)
        case GoOn():
            go_on(draft, command)
        case _:
            assert_never(command)
    return tuple(draft.events), draft.case


def _draft(case: Case | None, command: Command, playbook: Playbook, now: datetime) -> Draft:
    if isinstance(command, Expire):
        return Draft(case, playbook, command.due_at, CLOCK)
    return Draft(case, playbook, now, command.by)


def next_due(case: Case, now: datetime) -> Timer | None:
    """Return the earliest deadline that has passed at `now`: strictly after it, never at it."""
    passed = [t for t in case.timers if t.paused_left_seconds is None and t.due_at < now]
    return min(passed, key=lambda t: (t.due_at, t.track, t.name), default=None)


def catch_up(
    case: Case, playbook_at: Callable[[Case, datetime], Playbook], now: datetime
) -> tuple[tuple[Event, ...], Case]:
    """Fire every deadline that has passed at `now`, in order of their due instants.

    `playbook_at` gives the rules for an act in the case at an instant: what falls due while nobody
    looked is decided by the rules of its own time.
    """
    events: list[Event] = []
    while (timer := next_due(case, now)) is not None:
        command = Expire(track=timer.track, name=timer.name, due_at=timer.due_at)
        fired, case = decide(case, command, playbook_at(case, timer.due_at), timer.due_at)
        events.extend(fired)
    return tuple(events), case
