"""Joined cases, pure: whatever is joined, separated and handed in, the members agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongdao.core.cases.commands import (
    Act,
    Actor,
    Command,
    JoinCases,
    OpenCase,
    ReferEvidence,
    SeparateCase,
    SubmitEvidence,
)
from gongdao.core.cases.decide import decide
from gongdao.core.cases.events import Event
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.join import Grouping, check_joinable, join_all, refer, separate_all
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.kernel.findings import Conflict, Refused
from gongdao.core.kernel.words import Claim, Reason, Role
from tests.app.world import T0, an_order
from tests.core.cases.walks import BOOKS

BUYER, MERCHANT = Actor(role=Role.BUYER, id="b"), Actor(role=Role.MERCHANT, id="m")
ARBITRATOR = Actor(role=Role.ARBITRATOR, id="a")
SECOND = timedelta(seconds=1)


class Docket:
    """Some cases of one buyer and one shop, and all that happened to each."""

    def __init__(self, count: int) -> None:
        self.now = T0
        self.cases: dict[str, Case] = {}
        self.events: dict[str, tuple[Event, ...]] = {}
        for number in range(count):
            order = an_order(number)
            command = OpenCase(
                case_id=f"01890000-0000-7000-8000-{number:012d}", order=order,
                refundable_fen=order.paid_fen, claim=Claim.REFUND_ONLY, reason=Reason.QUALITY,
                by=BUYER,
            )  # fmt: skip
            events, case = decide(None, command, BOOKS.opening(order, T0), T0)
            self.cases[case.id], self.events[case.id] = case, events

    def decide_on(self, case: Case, command: Command) -> tuple[tuple[Event, ...], Case]:
        return decide(case, command, BOOKS.running(case, self.now), self.now)

    def keep(self, done: object) -> None:
        for case_id, (events, case) in done.items():  # type: ignore[attr-defined]
            self.cases[case_id] = case
            self.events[case_id] += events

    def group_of(self, case: Case) -> list[Case]:
        members = case.joined.members if case.joined is not None else (case.id,)
        return [self.cases[m] for m in members]

    def join(self, *numbers: int) -> None:
        named = [list(self.cases.values())[n] for n in numbers]
        check_joinable(named)
        wanted = {c.id: c for one in named for c in self.group_of(one)}
        grouping = Grouping(group=f"g{len(self.events[named[0].id])}", reason="r", by=ARBITRATOR)
        self.keep(join_all(list(wanted.values()), grouping, self.decide_on))

    def separate(self, number: int) -> None:
        case = list(self.cases.values())[number]
        command = SeparateCase(left=case.id, reason="r", by=ARBITRATOR)
        self.keep(separate_all(self.group_of(case), command, self.decide_on))

    def give(self, number: int, name: str) -> None:
        case = list(self.cases.values())[number]
        item = EvidenceItem(
            id=name, by=Role.BUYER, kind="photo", digest=name * 8, media_type="text/plain",
            size_bytes=9, name="名", note="注", at=self.now,
        )  # fmt: skip
        others = [c for c in self.group_of(case) if c.id != case.id]
        done = {case.id: self.decide_on(case, SubmitEvidence(item=item, by=BUYER))}
        for other in others:
            done[other.id] = refer(other, item, case.id, BUYER, self.decide_on)
        self.keep(done)

    def end(self, number: int) -> None:
        case = list(self.cases.values())[number]
        self.keep({case.id: self.decide_on(case, Act(action="withdraw", by=BUYER))})


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("separate"), st.integers(0, 4)),
        st.tuples(st.just("give"), st.integers(0, 4)),
        st.tuples(st.just("end"), st.integers(0, 4)),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_members_agree_and_each_case_stands_by_its_own_events(
    steps: list[tuple[str, int] | tuple[str, int, int]],
) -> None:
    docket = Docket(5)
    for count, (what, *numbers) in enumerate(steps):
        docket.now += SECOND
        before = dict(docket.cases)
        given_ = [f"e{count}"] if what == "give" else []
        try:
            getattr(docket, what)(*numbers, *given_)
        except Refused:
            assert docket.cases == before, "what is refused changes nothing"
    for case in docket.cases.values():
        assert replay(docket.events[case.id]) == case
        ids = [e.id for e in case.evidence]
        assert len(ids) == len(set(ids)), "a piece counts once"
        assert all((e.name, e.note) == ("", "") for e in case.evidence if e.given_in)
        assert all(e.given_in != case.id for e in case.evidence)
        if case.joined is None or case.closed_at is not None:
            continue
        assert case.id in case.joined.members
        assert len(case.joined.members) > 1
        for other in docket.group_of(case):
            if other.closed_at is None:
                assert other.joined is not None
                assert other.joined.group == case.joined.group
                assert other.joined.members == case.joined.members
                assert {e.id for e in other.evidence} >= {
                    e.id for e in case.evidence if e.given_in is None and e.at > other.joined.since
                }


def test_joining_groups_keeps_the_older_name_and_shares_everything() -> None:
    docket = Docket(4)
    docket.give(0, "a")
    docket.now += SECOND
    docket.join(0, 1)
    docket.now += SECOND
    docket.join(2, 3)
    docket.give(3, "b")
    docket.now += SECOND
    docket.join(1, 2)
    cases = list(docket.cases.values())
    assert len({c.joined.group for c in cases if c.joined}) == 1
    assert cases[0].joined is not None
    assert cases[0].joined.since == T0 + SECOND
    assert [[e.id for e in c.evidence] for c in cases] == [
        ["a", "b"],
        ["a", "b"],
        ["b", "a"],
        ["b", "a"],
    ]
    assert [c.evidence[0].given_in for c in cases] == [None, cases[0].id, cases[3].id, None]


def test_a_piece_has_its_time_and_admission_of_the_case_that_refers_to_it() -> None:
    docket = Docket(2)
    late = list(docket.cases)[1]
    for by, action, payload in (
        (MERCHANT, "reject", {"reason": "x"}), (BUYER, "escalate", {}), (ARBITRATOR, "close_evidence", {}),
    ):  # fmt: skip
        docket.now += SECOND
        case = docket.cases[late]
        docket.keep({late: docket.decide_on(case, Act(action=action, by=by, payload=payload))})
    docket.now += SECOND
    docket.join(0, 1)
    docket.now += SECOND
    docket.give(0, "e")
    first, second = docket.cases.values()
    assert (first.evidence[0].admission, second.evidence[0].admission) == ("accepted", "late")
    assert second.dossiers[0].pieces == ()
    assert second.evidence[0].at == docket.now


@pytest.mark.parametrize("number", [0, 1])
def test_what_a_lone_case_refuses(number: int) -> None:
    docket = Docket(2)
    case = list(docket.cases.values())[number]
    item = EvidenceItem(
        id="e", by=Role.BUYER, kind="photo", digest="0", media_type="text/plain", size_bytes=1,
        name="", note="", at=T0,
    )  # fmt: skip
    for command in (
        SeparateCase(left=case.id, reason="r", by=ARBITRATOR),
        ReferEvidence(item=item, given_in="other", by=BUYER),
    ):
        with pytest.raises(Conflict) as refused:
            docket.decide_on(case, command)
        assert refused.value.code == "joined.not_joined"
    joined = JoinCases(group="g", members=(case.id, "other"), reason="r", by=ARBITRATOR)
    _, now_joined = docket.decide_on(case, joined)
    with pytest.raises(Conflict) as again:
        docket.decide_on(now_joined, joined)
    assert again.value.code == "joined.already"
    with pytest.raises(Conflict) as ended:
        docket.decide_on(replace(case, closed_at=T0), joined)
    assert ended.value.code == "case.closed"
