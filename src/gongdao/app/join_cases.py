"""Join cases (并案) and separate them again (分案): heard together, decided each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import uuid_utils

from gongdao.app.impartiality import JUDGES, held_by_another, hold_seconds
from gongdao.app.jointly import Done, JointRequest, carry_out_jointly, hold_all, sees
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import CASE, GROUP, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import SeparateCase
from gongdao.core.cases.join import DecideOn, Grouping, check_joinable, join_all, separate_all
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import stale
from gongdao.core.cases.verbs.join import not_joined
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.assignments import add_assignment, running_assignment
from gongdao.store.cases import find_case
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Held
from gongdao.store.joined import joined_cases


def join(
    caller: Caller,
    case_ids: Sequence[str],
    reason: str,
    *,
    key: str,
    now: datetime | None = None,
) -> tuple[Outcome, ...]:
    """Join open cases of one buyer and one shop, and all that they are joined with already.

    Evidence given in one is then used in all; whoever has taken one of them takes all. Raises
    Refused: BadInput `joined.…`, Conflict `case.closed`, `joined.after_ruling`, `joined.already`,
    `assignment.held_by_another` when two people have taken some of them.
    """
    _check_reason(reason)
    allow(caller, Verb.JOIN_CASES)
    named = frozenset(case_ids)
    wanted = _with_groups(caller, case_ids)
    request = JointRequest(
        caller=caller,
        verb=Verb.JOIN_CASES,
        key=key,
        content={"join": sorted(named), "reason": reason},
        now=now,
    )

    def work(cases: Sequence[Case], decide_on: DecideOn) -> Done:
        _check_complete(cases)
        check_joinable([case for case in cases if case.id in named])
        grouping = Grouping(group=str(uuid_utils.uuid7()), reason=reason, by=caller.actor)
        return join_all(cases, grouping, decide_on)

    return carry_out_jointly(request, wanted, work, also=_one_arbitrator)


def separate(
    caller: Caller, case_id: str, reason: str, *, key: str, now: datetime | None = None
) -> tuple[Outcome, ...]:
    """Let a case be heard by itself again. What was referred to so far stays on the record.

    Raises Refused: Conflict `case.closed`, `joined.not_joined`.
    """
    _check_reason(reason)
    allow(caller, Verb.JOIN_CASES)
    wanted = _with_groups(caller, [case_id])
    request = JointRequest(
        caller=caller,
        verb=Verb.JOIN_CASES,
        key=key,
        content={"separate": case_id, "reason": reason},
        now=now,
    )
    command = SeparateCase(left=case_id, reason=reason, by=caller.actor)

    def work(cases: Sequence[Case], decide_on: DecideOn) -> Done:
        _check_complete(cases)
        if not any(case.id == case_id and case.joined is not None for case in cases):
            raise not_joined()
        return separate_all(cases, command, decide_on)

    return carry_out_jointly(request, wanted, work)


def members(on: Connection, caller: Caller, group_id: str) -> tuple[Held, ...]:
    """Return the cases of a group that the caller sees, those that ended included, oldest first.

    Raises NotVisible when there is none.
    """
    held = [
        found
        for case_id in joined_cases(on, group_id)
        if (found := find_case(on, case_id, lock=False)) is not None and sees(caller, found)
    ]
    if not held:
        raise not_visible(GROUP, "group_id")
    return tuple(sorted(held, key=lambda h: (h.case.opened_at, h.case.id)))


def running_members(caller: Caller, group_id: str, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the ids of the group's cases that still run, or of those named among its cases.

    Raises NotVisible for what is no case of the group; Conflict `joined.not_joined` when none runs.
    """
    with transaction() as on:
        held = members(on, caller, group_id)
    if named:
        if set(named) - {h.case.id for h in held}:
            raise not_visible(CASE, "cases")
        return tuple(named)
    running = tuple(h.case.id for h in held if h.case.closed_at is None)
    if not running:
        raise not_joined()
    return running


def _with_groups(caller: Caller, case_ids: Sequence[str]) -> tuple[str, ...]:
    """Return these cases and those they are joined with. Raises NotVisible."""
    with transaction() as on:
        held = hold_all(on, caller, case_ids, lock=False)
    found = dict.fromkeys(h.case.id for h in held)
    for one in held:
        found.update(dict.fromkeys(one.case.joined.members if one.case.joined is not None else ()))
    return tuple(found)


def _check_complete(cases: Sequence[Case]) -> None:
    """Raise Conflict `case.version_conflict` when a group grew before it was locked."""
    locked = {case.id for case in cases}
    for case in cases:
        if case.joined is not None and not locked.issuperset(case.joined.members):
            raise stale(case.version - 1, case.version)


def _one_arbitrator(on: Connection, held: Sequence[Held], done: Done) -> None:
    """Whoever has taken one of the joined cases in a role takes all of them in it.

    Raises Conflict `assignment.held_by_another` when two people have.
    """
    joined = [h for h in held if h.case.id in done]
    wanting: list[tuple[Held, Role, str]] = []
    for role in JUDGES:
        running = [(h, running_assignment(on, h, role)) for h in joined]
        people = {a.user_id for _, a in running if a is not None}
        if len(people) > 1:
            raise held_by_another()
        wanting += [(h, role, user_id) for user_id in people for h, a in running if a is None]
    for one, role, user_id in wanting:
        add_assignment(on, one, role, user_id, hold_seconds(on, one))


def _check_reason(reason: str) -> None:
    check_text(reason, "reason")
    if not reason.strip():
        raise BadInput(
            Finding(
                code="joined.reason_required",
                field="reason",
                message=Text("请写明并案或分案的理由", "say why the cases are joined or separated"),
            )
        )
