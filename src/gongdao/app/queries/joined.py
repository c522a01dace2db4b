"""Joined cases (并案查询): a group, its evidence in words, its joint statement of reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gongdao.app.decide_case import follow_clocks
from gongdao.app.join_cases import members
from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.playbooks import playbooks
from gongdao.app.privacy import shown
from gongdao.core.cases.checklist import checklist
from gongdao.core.cases.join_statement import JointStatement, joint_statement
from gongdao.core.cases.model import Case
from gongdao.core.cases.waiting import waits_for
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.library.shelf import Shelf
from gongdao.store.cases import find_case, marketplace_now
from gongdao.store.connection import Connection, transaction

STATEMENT = Text("并案裁决书", "joint statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStanding:
    """A case of a group and how it stands now."""

    case: Case
    waits_for: tuple[Role, ...]
    evidence_complete: bool
    """Whether nothing that its ground requires is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStanding:
    """A group of joined cases."""

    group: str
    marketplace_id: str
    now: datetime
    members: tuple[MemberStanding, ...]
    """Those the caller sees, those that ended included, oldest first."""


def group(caller: Caller, group_id: str, *, now: datetime | None = None) -> GroupStanding:
    """Return a group as it stands. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_CASES)
    with transaction() as on:
        held = members(on, caller, group_id)
        at = now or marketplace_now(on, held[0].marketplace_id)
        cases = [shown(on, caller, h.case.order, follow_clocks(h.case, at)[1]) for h in held]
    return GroupStanding(
        group=group_id,
        marketplace_id=held[0].marketplace_id,
        now=at,
        members=tuple(_standing(case, at) for case in cases),
    )


def _standing(case: Case, at: datetime) -> MemberStanding:
    playbook = playbooks().running(case, at)
    return MemberStanding(
        case=case,
        waits_for=waits_for(case, playbook),
        evidence_complete=checklist(case, playbook, at).complete,
    )


def group_statement(
    caller: Caller, group_id: str, *, now: datetime | None = None
) -> JointStatement:
    """Return the rulings of a group, told to the caller's role.

    Raises NotAllowed, NotVisible while none was ruled.
    """
    allow(caller, Verb.SEE_CASES)
    with transaction() as on:
        held = members(on, caller, group_id)
        at = now or marketplace_now(on, held[0].marketplace_id)
        cases = [
            with_words(on, caller, shown(on, caller, h.case.order, follow_clocks(h.case, at)[1]))
            for h in held
        ]
    shelf = Shelf()
    books = [shelf.exact(c.ruling.rulebook) if c.ruling is not None else None for c in cases]
    statement = joint_statement(group_id, cases, caller.role, books)
    if statement is None:
        raise not_visible(STATEMENT, "group_id")
    return statement


def with_words(on: Connection, caller: Caller, case: Case) -> Case:
    """Return the case with the names and notes of evidence that was given in a joined one.

    They stand in that case alone, sealed for its order; the caller reads them as he would there.
    """
    elsewhere = {item.given_in for item in case.evidence if item.given_in is not None}
    if not elsewhere:
        return case
    words: dict[str, tuple[str, str]] = {}
    for case_id in elsewhere:
        words.update(_words_of(on, caller, case_id))
    evidence = tuple(
        replace(item, name=words[item.id][0], note=words[item.id][1])
        if item.given_in is not None and item.id in words
        else item
        for item in case.evidence
    )
    return replace(case, evidence=evidence)


def _words_of(on: Connection, caller: Caller, case_id: str) -> Mapping[str, tuple[str, str]]:
    held = find_case(on, case_id, lock=False)
    if held is None:
        return {}
    given = shown(on, caller, held.case.order, held.case.evidence)
    return {item.id: (item.name, item.note) for item in given}
