"""Take a case (领取案件): one that was named, or the one that has waited longest."""

from __future__ import annotations

from gongdao.app.carry_out import visible_case
from gongdao.app.impartiality import check_impartial, held_by_another, hold_seconds
from gongdao.app.join_evidence import lock_together
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.cases import refusals
from gongdao.core.kernel.findings import Conflict
from gongdao.store.assignments import (
    Assignment,
    add_assignment,
    choose_case,
    prolong,
    running_assignment,
)
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Held
from gongdao.store.trail import AuditEntry, add_audit

#: Whoever loses a case to a colleague in the same instant looks again, this often at most.
_TRIES = 20


def take(caller: Caller, case_id: str) -> Assignment:
    """Take the case in the caller's role; what he has already, he holds for its whole time again.

    One person hears cases that are joined: all of them that still run are taken with it.
    Raises NotAllowed (`permission.role`, `assignment.conflict_of_interest`), NotVisible, Conflict
    (`assignment.held_by_another`, `case.closed`).
    """
    allow(caller, Verb.TAKE_CASE)
    with transaction() as on:
        held, others = lock_together(on, visible_case(on, caller, case_id, lock=False))
        if held.case.closed_at is not None:
            raise refusals.closed()
        running = [one for one in (held, *others) if one.case.closed_at is None]
        taken, *_ = [_take(on, caller, one) for one in running]
        return taken


def _take(on: Connection, caller: Caller, held: Held) -> Assignment:
    check_impartial(on, caller, held)
    running = running_assignment(on, held, caller.role)
    if running is not None and running.user_id != caller.user_id:
        raise held_by_another()
    if running is not None:
        prolong(on, running, held, hold_seconds(on, held))
        return running_assignment(on, held, caller.role) or running
    taken = _add(on, caller, held)
    if taken is None:
        raise held_by_another()
    return taken


def take_next(caller: Caller) -> Assignment | None:
    """Take the disputed case that has waited longest for the caller's role; None when none waits.

    Any number of people may ask at once: each gets another case. Raises NotAllowed.
    """
    allow(caller, Verb.TAKE_CASE)
    for _ in range(_TRIES):
        with transaction() as on:
            case_id = choose_case(on, caller.marketplace_ids, caller.role, caller.user_id)
            if case_id is None:
                return None
            held = visible_case(on, caller, case_id, lock=True)
            taken = _add(on, caller, held) if held.case.joined is None else None
        taken = taken or _take_group(caller, held)
        if taken is not None:
            return taken
    return None


def _take_group(caller: Caller, held: Held) -> Assignment | None:
    """Take a chosen case with those it is joined to, unless somebody was faster.

    In a transaction of its own: all of a group are locked at once, or two people might wait for
    each other.
    """
    if held.case.joined is None:
        return None
    try:
        return take(caller, held.case.id)
    except Conflict:
        return None


def _add(on: Connection, caller: Caller, held: Held) -> Assignment | None:
    taken = add_assignment(on, held, caller.role, caller.user_id, hold_seconds(on, held))
    if taken is not None:
        entry = AuditEntry(
            user_id=caller.user_id,
            role=caller.role,
            verb=Verb.TAKE_CASE,
            shop_id=held.case.shop_id,
            case_id=held.case.id,
            key=taken.id,
            result="done",
        )
        add_audit(on, entry)
    return taken
