"""Joined cases (并案卡片): what a case is heard together with, and what else it might be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.joined import group
from gongdao.app.queries.queue import queue
from gongdao.store.queue import QueueRow, Wanted
from gongdao.web.desk.stage_titles import stage_title

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller
    from gongdao.app.queries.case_page import CasePage
    from gongdao.app.queries.joined import MemberStanding

#: More are not offered to choose from; a program may still name them.
_MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A case of the group as the card shows it."""

    standing: MemberStanding
    stage: str
    here: bool
    """It is the case that the page shows."""


@dataclass(frozen=True, slots=True)
class JoinedCard:
    """The group of a case, the cases that might join it, and what the reader may do."""

    group: str
    """Empty: the case is heard by itself."""
    members: list[MemberShown]
    candidates: list[QueueRow]
    may_join: bool
    ruled: bool
    """A ruling of the group may be read together with the others."""
    key: str


def joined_card(caller: Caller, page: CasePage) -> JoinedCard | None:
    """Return the card; None when there is nothing to show and nothing to do."""
    case = page.case
    may_join = PERMISSIONS[Verb.JOIN_CASES].covers(caller.post) and case.closed_at is None
    members = members_shown(caller, case.joined.group, case.id) if case.joined is not None else []
    candidates: list[QueueRow] = []
    if may_join and not case.rulings and case.proposal is None:
        wanted = Wanted(shop_id=case.shop_id, buyer_id=case.order.buyer_id, open=True)
        known = {case.id, *(m.standing.case.id for m in members)}
        rows = queue(caller, wanted, limit=_MOST_CANDIDATES + len(known)).rows
        candidates = [row for row in rows if row.case_id not in known][:_MOST_CANDIDATES]
    if not members and not candidates:
        return None
    return JoinedCard(
        group=case.joined.group if case.joined is not None else "",
        members=members,
        candidates=candidates,
        may_join=may_join,
        ruled=any(m.standing.case.rulings for m in members),
        key=str(uuid4()),
    )


def members_shown(caller: Caller, group_id: str, here: str = "") -> list[MemberShown]:
    """Return the cases of a group, oldest first. Raises NotAllowed, NotVisible."""
    return [
        MemberShown(
            standing=standing,
            stage=stage_title(
                standing.case.outcome or standing.case.stage(), standing.case.order.platform
            ),
            here=standing.case.id == here,
        )
        for standing in group(caller, group_id).members
    ]
