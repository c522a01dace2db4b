"""Which cases may be joined, and what each of them records then (并案规则). Pure, over many cases.

A group has no state of its own: every member knows the group and holds references to what was
given in the others, so that each case can be decided, frozen and replayed from its own events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, Command, JoinCases, ReferEvidence, SeparateCase
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text

#: More cases than one person can keep in mind at a hearing are not joined.
MOST_JOINED = 50
#: Decides a command on a case: the events, and the case after them. Raises Refused.
DecideOn = Callable[[Case, Command], tuple[tuple[Event, ...], Case]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A group about to be formed: why, by whom."""

    group: str
    """Id for a new group; where one of the cases is in a group already, that one keeps its id."""
    reason: str
    by: Actor


def check_joinable(named: Sequence[Case]) -> None:
    """Raise unless these cases may be joined: open, of one shop and one buyer, two at least.

    BadInput `joined.too_few`, `joined.too_many`, `joined.other_shop`, `joined.other_buyer`;
    Conflict `case.closed`. Whether one was ruled on, each case says itself.
    """
    if len({case.id for case in named}) < len(("this", "that")):
        raise _bad("too_few", Text("并案至少需要两个案件", "at least two cases are joined"))
    if len(named) > MOST_JOINED:
        raise _bad(
            "too_many",
            Text(f"最多合并 {MOST_JOINED} 个案件", f"at most {MOST_JOINED} cases are joined"),
        )
    first = named[0]
    for case in named:
        if case.shop_id != first.shop_id:
            raise _bad("other_shop", Text("不同店铺的案件不能并案", "they are of different shops"))
        if case.order.buyer_id != first.order.buyer_id:
            raise _bad(
                "other_buyer", Text("不同买家的案件不能并案", "they are of different buyers")
            )
        if case.closed_at is not None:
            raise refusals.closed()


def join_all(
    cases: Sequence[Case], grouping: Grouping, decide_on: DecideOn
) -> Mapping[str, tuple[tuple[Event, ...], Case]]:
    """Join the open ones of `cases`: the named ones and all that they are joined with so far.

    Returns for each what it records and how it stands then. What is usable in one becomes usable in
    all, as far as the rules of each still receive it. Raises what a case refuses.
    """
    running = sorted((c for c in cases if c.closed_at is None), key=lambda c: (c.opened_at, c.id))
    check_joinable(running)
    earlier = sorted((c.joined.since, c.joined.group) for c in running if c.joined is not None)
    command = JoinCases(
        group=earlier[0][1] if earlier else grouping.group,
        members=tuple(case.id for case in running),
        reason=grouping.reason,
        by=grouping.by,
    )
    pool = _pool(running)
    done: dict[str, tuple[tuple[Event, ...], Case]] = {}
    for case in running:
        events, after = decide_on(case, command)
        for item, given_in in pool:
            referred, after = refer(after, item, given_in, grouping.by, decide_on)
            events += referred
        done[case.id] = events, after
    return done


def separate_all(
    cases: Sequence[Case], command: SeparateCase, decide_on: DecideOn
) -> Mapping[str, tuple[tuple[Event, ...], Case]]:
    """Let one of `cases` go its own way; each that still runs records it."""
    return {
        case.id: decide_on(case, command)
        for case in cases
        if case.closed_at is None or case.id == command.left
    }


def refer(
    case: Case, item: EvidenceItem, given_in: str, by: Actor, decide_on: DecideOn
) -> tuple[tuple[Event, ...], Case]:
    """Let a case use what was given in another, unless it has it, has ended, or may not receive it.

    That its rules receive nothing any more bars neither the joining nor the other case.
    """
    if case.closed_at is not None or any(e.id == item.id for e in case.evidence):
        return (), case
    try:
        return decide_on(case, ReferEvidence(item=item, given_in=given_in, by=by))
    except Conflict:
        return (), case


def _pool(cases: Sequence[Case]) -> list[tuple[EvidenceItem, str]]:
    """Return what is usable in any of the cases, oldest first, and where it was given."""
    found = {
        item.id: (item, item.given_in or case.id)
        for case in reversed(cases)
        for item in case.evidence
    }
    return sorted(found.values(), key=lambda entry: (entry[0].at, entry[0].id))


def _bad(code: str, message: Text) -> BadInput:
    return BadInput(Finding(code=f"joined.{code}", field="case_ids", message=message))
