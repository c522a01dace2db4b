"""Impartiality (回避): who may judge a case, and that two people never work on the same one."""

from __future__ import annotations

from gongdao.app.permissions import Caller
from gongdao.app.playbooks import playbooks
from gongdao.core.cases.ask import ask
from gongdao.core.kernel.findings import Conflict, Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.kernel.words import Arbitration, Role
from gongdao.store.assignments import has_interest, prolong, running_assignment
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection
from gongdao.store.held import Held

JUDGES = (Role.ARBITRATOR, Role.REVIEWER)
#: Where the platform's rules do not say how long a case taken is held.
_DEFAULT_HOLD = Span(seconds=7200)


def check_impartial(on: Connection, caller: Caller, held: Held) -> None:
    """Raise NotAllowed `assignment.conflict_of_interest` when the person must stand aside.

    The case's buyer, whoever works for its shop, and on appeal whoever ruled.
    """
    case = held.case
    ruled = case.arbitration is Arbitration.APPEALED and caller.user_id in {
        ruling.actor for ruling in case.rulings
    }
    if not ruled and not has_interest(on, held, caller.user_id):
        return
    raise NotAllowed(
        Finding(
            code="assignment.conflict_of_interest",
            field="case_id",
            message=Text(
                "您是本案当事人或其员工，或曾裁决本案，应当回避",
                "you are a party, work for one, or ruled on this case before: stand aside",
            ),
            cure=Text("请由他人处理", "let somebody else do it"),
        )
    )


def check_standing(on: Connection, caller: Caller, held: Held, *, preview: bool) -> None:
    """Let a judge work on a case only without a conflict, and not on one that another has taken.

    What he has taken himself he holds for its whole time again. Raises NotAllowed; Conflict
    `assignment.held_by_another`.
    """
    if caller.role not in JUDGES:
        return
    check_impartial(on, caller, held)
    running = running_assignment(on, held, caller.role)
    if running is None:
        return
    if running.user_id != caller.user_id:
        raise held_by_another()
    if not preview:
        prolong(on, running, held, hold_seconds(on, held))


def hold_seconds(on: Connection, held: Held) -> int:
    """Return for how long a case taken is held, as the platform's rules say."""
    now = marketplace_now(on, held.marketplace_id)
    found = ask(held.case, playbooks().running(held.case, now), now, "assignment")
    hold = found[1].outputs.get("hold") if found is not None else None
    if found is None or not isinstance(hold, Span):
        return _DEFAULT_HOLD.seconds
    # Months and working days are a length of time only from an instant on.
    return int((hold.after(now, calendar=found[0].calendar) - now).total_seconds())


def held_by_another() -> Conflict:
    """Return the refusal of a case that somebody else works on."""
    return Conflict(
        Finding(
            code="assignment.held_by_another",
            field="case_id",
            message=Text("该案件已由他人领取", "somebody else works on this case"),
            cure=Text("请等待其放回，或领取另一案件", "wait until it is released, or take another"),
        )
    )
