"""After the ruling: corrected, relieved, complained about, suspended, marked; each by its own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.queries.marks import marks
from gongdao.app.report_payment import report
from gongdao.core.cases.counts import counts_of
from gongdao.core.cases.events import ClocksPaused, Reopened
from gongdao.core.cases.model import Case, Part
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, Refused
from gongdao.core.kernel.words import Claim, Party, Role
from gongdao.core.remedies.transfer import Purpose
from gongdao.library.shelf import Shelf
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    REVIEWER,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

OTHER = replace(REVIEWER, user_id="u-reviewer-2")
_count = iter(range(10_000))


def do(who: object, case: Case, action: str, at: datetime, **payload: bool | int | str) -> Case:
    return act(who, case.id, action, payload, key=f"a{next(_count)}", now=at).case  # type: ignore[arg-type]


def ruled(**payload: bool | int | str) -> Case:
    """Open, refuse, escalate, and rule a partial refund of 40 yuan; the appeal window is open."""
    with_orders(2)
    case = opened(claim=Claim.REFUND_ONLY)
    do(MERCHANT, case, "reject", T0 + HOUR, reason="无")
    do(BUYER, case, "escalate", T0 + 2 * HOUR, reason="不服")
    do(ARBITRATOR, case, "close_evidence", T0 + 3 * HOUR)
    given: dict[str, bool | int | str] = {
        "remedy": "partial_refund",
        "liable": "merchant",
        "refund_fen": 4000,
        "overrule_reason": "部分破损",
    } | payload
    return do(ARBITRATOR, case, "rule", T0 + 4 * HOUR, **given)


def paid(case: Case, at: datetime) -> Case:
    (grant,) = case.grants
    return report(
        OPERATOR, case.id, grant.number, "confirmed", amount_fen=grant.net_fen(Party.BUYER),
        external_ref="p", key=f"p{next(_count)}", now=at,
    ).case  # fmt: skip


AT = T0 + 5 * HOUR


def test_a_correction_before_payment_grants_anew(db: Address) -> None:
    case = ruled()
    assert [g.net_fen(Party.BUYER) for g in case.grants] == [4000]
    case = do(BUYER, case, "request_correction", AT, ground="计算错误", note="少算一件")
    case = do(ARBITRATOR, case, "correct", AT, note="应为 45 元", refund_fen=4500)
    assert [(g.state, g.net_fen(Party.BUYER)) for g in case.grants] == [
        ("void", 4000),
        ("granted", 4500),
    ]
    assert case.ruling is not None
    assert (case.ruling.corrects, case.ruling.remedy, case.ruling.refund_fen) == (
        1,
        "partial_refund",
        4500,
    )
    assert case.arbitration == "ruled"  # the appeal window goes on as it was
    everything_holds()


@pytest.mark.parametrize(("fen", "giver", "amount", "purpose"), [
    (4700, Party.MERCHANT, 700, Purpose.GOODS),
    (3000, Party.PLATFORM, 1000, Purpose.REVERSAL),
])  # fmt: skip
def test_a_correction_after_payment_settles_the_difference(
    db: Address, fen: int, giver: Party, amount: int, purpose: Purpose
) -> None:
    case = paid(ruled(), AT)
    do(MERCHANT, case, "request_correction", AT, ground="typing_error", note="笔误")
    case = do(ARBITRATOR, case, "correct", AT, note="更正", refund_fen=fen)
    (transfer,) = case.grants[1].transfers
    assert (transfer.giver, transfer.amount_fen, transfer.purpose) == (giver, amount, purpose)
    everything_holds()


def test_corrections_have_grounds_a_clock_and_a_limit(db: Address) -> None:
    case = ruled()
    with pytest.raises(BadInput) as refusal:
        do(BUYER, case, "request_correction", AT, ground="不服", note="x")
    assert refusal.value.code == "case.not_a_choice"
    do(BUYER, case, "request_correction", AT, ground="遗漏", note="x")
    with pytest.raises(BadInput) as refusal:
        do(ARBITRATOR, case, "correct", AT, note="x", refund_fen=14002)
    assert refusal.value.code == "case.correction_exceeds_claim"
    case = do(BUYER, case, "request_clarification", AT + 72 * HOUR + DAY, note="为何")
    assert case.tracks["correction"].state == "clarification_asked"  # the first had lapsed
    assert do(ARBITRATOR, case, "clarify", AT + 4 * DAY + HOUR, note="因为").rulings == case.rulings


def test_the_score_is_relieved_and_the_refund_stays(db: Address) -> None:
    case = paid(ruled(penalty="late"), AT)
    counts = counts_of(case)
    assert (counts.in_dispute_rate, counts.in_score, counts.penalty_stands) == (True, True, True)
    do(MERCHANT, case, "contest", AT, ground="新证据", part="score", note="物流责任")
    before = rows("SELECT count(*), sum(abs(amount_fen)) FROM posting")
    case = do(REVIEWER, case, "grant_relief", AT, part="体验分", note="成立")
    counts = counts_of(case)
    assert (counts.in_dispute_rate, counts.in_score, counts.penalty_stands) == (True, False, True)
    assert rows("SELECT count(*), sum(abs(amount_fen)) FROM posting") == before
    do(MERCHANT, case, "contest", AT, ground="新证据", part="penalty", note="x")
    with pytest.raises(NotAllowed) as refusal:
        do(
            replace(REVIEWER, user_id=ARBITRATOR.user_id),
            case,
            "grant_relief",
            AT,
            part="all",
            note="x",
        )
    assert refusal.value.code == "case.not_independent"
    do(OTHER, case, "grant_relief", AT, part="penalty", note="成立")
    assert rows("SELECT counted_in_dispute_rate, counted_in_score, penalty_stands FROM cases") == [
        (True, False, False)
    ]
    everything_holds()


def test_a_ruling_says_whether_it_weighs_on_the_score(db: Address) -> None:
    assert counts_of(ruled(score_effect=False)).in_score is False


def test_who_ruled_does_not_decide_the_appeal(db: Address) -> None:
    case = ruled()
    do(BUYER, case, "appeal", AT, ground="新证据")
    with pytest.raises(NotAllowed) as refusal:
        do(replace(REVIEWER, user_id=ARBITRATOR.user_id), case, "uphold", AT)
    assert refusal.value.code == "assignment.conflict_of_interest"
    assert do(REVIEWER, case, "uphold", AT).arbitration == "final"


def complained(case: Case, at: datetime) -> Case:
    do(BUYER, case, "file_complaint", at, ground="利益冲突", note="与商家相识")
    do(REVIEWER, case, "accept_complaint", at)
    return do(OTHER, case, "uphold_complaint", at, ground="利益冲突", note="属实")


def test_a_complaint_upheld_marks_the_adjudicator_and_another_rules_anew(db: Address) -> None:
    case = complained(paid(ruled(), AT), AT)
    assert case.tracks["dispute"].state == "evidence"
    assert [(m.about, m.subject) for m in marks(OPERATOR, about=Role.ARBITRATOR)] == [
        ("arbitrator", ARBITRATOR.user_id)
    ]
    with pytest.raises(NotAllowed) as refusal:
        do(ARBITRATOR, case, "close_evidence", AT)
    assert refusal.value.code == "case.not_independent"
    fresh = replace(ARBITRATOR, user_id="u-arbitrator-2")
    do(fresh, case, "close_evidence", AT + HOUR)
    case = do(
        fresh, case, "rule", AT + 2 * HOUR, remedy="dismiss", liable="none", overrule_reason="查明"
    )
    assert case.ruling is not None
    assert (case.ruling.remedy, case.ruling.actor) == ("dismiss", "u-arbitrator-2")
    everything_holds()


def test_a_complaint_dismissed_may_go_one_level_up_once_and_then_outside(db: Address) -> None:
    case = ruled()
    do(BUYER, case, "file_complaint", AT, ground="偏袒", note="x")
    do(REVIEWER, case, "reject_grounds", AT, note="无据")
    do(BUYER, case, "level_up", AT, note="再看")
    do(OPERATOR, case, "dismiss_second", AT)
    case = do(BUYER, case, "go_outside", AT, note="12315")
    assert case.tracks["complaint"].state == "outside"
    with pytest.raises(Refused):
        do(BUYER, case, "level_up", AT, note="再来")


def test_a_closed_case_is_opened_again_for_a_complaint_and_ends_with_it(db: Address) -> None:
    case = paid(ruled(), AT)
    fire_due(now=T0 + 8 * DAY, marketplace_id=MARKET)
    assert one("SELECT outcome FROM cases") is not None
    late = T0 + 9 * DAY
    done = act(
        BUYER, case.id, "file_complaint", {"ground": "泄密", "note": "x"}, key="late", now=late
    )
    assert [e.refundable_fen for e in done.events if isinstance(e, Reopened)] == [14001]
    assert done.case.closed_at is None
    for days in range(10, 40):
        fire_due(now=T0 + days * DAY, marketplace_id=MARKET)
    assert one("SELECT closed_at IS NOT NULL AND outcome IS NOT NULL FROM cases") is True
    with pytest.raises(Conflict) as refusal:
        do(BUYER, case, "file_complaint", T0 + 60 * DAY, ground="泄密", note="x")
    assert refusal.value.code == "case.condition_not_met"
    everything_holds()


@pytest.mark.parametrize(("steps", "days"), [
    ([], 11),
    ([(BUYER, "prove_police", {"proof": "受案回执"})], 184),
    ([(BUYER, "withdraw_suspension", {})], 0),
    ([(OPERATOR, "prove_court", {"proof": "受理通知"}), (OPERATOR, "judgment", {"proof": "判决"})], 0),
])  # fmt: skip
def test_suspended_for_court_or_police_and_resumed_by_the_rule(
    db: Address, steps: list[tuple[object, str, dict[str, str]]], days: int
) -> None:
    case = ruled()
    (appeal,) = [t for t in case.timers if t.track == "dispute"]
    held = act(
        MERCHANT, case.id, "report_authority", {"authority": "公安", "note": "x"}, key="s", now=AT
    )
    assert any(isinstance(e, ClocksPaused) for e in held.events)
    left = {t.name: t.paused_left_seconds for t in held.case.timers}
    assert left["appeal"] == int((appeal.due_at - AT).total_seconds())
    assert left["proof"] is None
    do(BUYER, case, "appeal", AT, ground="新证据")
    with pytest.raises(Conflict) as refusal:
        do(REVIEWER, case, "uphold", AT)
    assert refusal.value.code == "case.suspended"
    for who, action, payload in steps:
        case = do(who, case, action, AT, **payload)
    fire_due(now=AT + (days + 2) * DAY, marketplace_id=MARKET)
    assert one("SELECT paused_by FROM cases") == []
    assert one("SELECT count(*) FROM deadline WHERE paused") == 0
    everything_holds()


def test_proof_of_acceptance_is_waited_for_in_working_days(db: Address) -> None:
    case = ruled()
    case = do(MERCHANT, case, "report_authority", AT, authority="公安", note="x")
    due = AT + 11 * DAY  # a Friday, seven working days, two weekends left out
    assert rows("SELECT due_at, reason_zh FROM deadline WHERE name = 'proof'") == [
        (
            due,
            (
                "须在期限内提交受理凭证，逾期恢复处理：7 个工作日，自 2024-03-01 15:00:00 起"
                "，不计休息日 4 天（TB-83）"
            ),
        )
    ]
    fire_due(now=due, marketplace_id=MARKET)
    assert one("SELECT cardinality(paused_by) FROM cases") == 1
    fire_due(now=due + HOUR, marketplace_id=MARKET)
    assert one("SELECT cardinality(paused_by) FROM cases") == 0
    everything_holds()


def test_by_agreement_for_thirty_days_at_most(db: Address) -> None:
    case = ruled()
    do(BUYER, case, "propose_suspension", AT, note="去鉴定")
    with pytest.raises(NotAllowed):
        do(BUYER, case, "agree_suspension", AT)
    case = do(MERCHANT, case, "agree_suspension", AT)
    (appeal,) = [t for t in case.timers if t.name == "appeal"]
    fire_due(now=AT + 30 * DAY + HOUR, marketplace_id=MARKET)
    assert one("SELECT due_at FROM deadline WHERE name = 'appeal'") == AT + 30 * DAY + (
        appeal.due_at - AT
    )


def test_a_malicious_complaint_counts_in_nothing_until_the_finding_is_lifted(db: Address) -> None:
    case = ruled()
    do(MERCHANT, case, "allege_buyer", AT, kind="恶意投诉", note="反复敲诈")
    case = do(ARBITRATOR, case, "find_buyer", AT, kind="malicious_complaint", note="查实")
    assert {lift.part for lift in case.lifts} == set(Part)
    assert rows("SELECT counted_in_dispute_rate, counted_in_score, penalty_stands FROM cases") == [
        (False, False, False)
    ]
    assert [(m.about, m.subject, m.kind) for m in marks(REVIEWER, standing=True)] == [
        ("buyer", "b1", "malicious_complaint")
    ]
    do(BUYER, case, "appeal_mark", AT, ground="事实有误", note="冤枉")
    with pytest.raises(NotAllowed):
        do(replace(REVIEWER, user_id=ARBITRATOR.user_id), case, "lift_mark", AT)
    case = do(REVIEWER, case, "lift_mark", AT)
    assert (case.lifts, marks(REVIEWER, standing=True)) == ((), ())
    assert counts_of(case).in_dispute_rate
    everything_holds()


def test_conduct_is_judged_by_the_same_steps_on_both_sides() -> None:
    process = Shelf().exact("house/conduct@2020-01-01").processes["conduct"]

    def mirrored(name: str) -> str:
        swap = {"buyer": "merchant", "merchant": "buyer"}
        return "_".join(swap.get(part, part) for part in name.split("_"))

    for name, state in process.states.items():
        other = process.states[mirrored(name)]
        assert {mirrored(a) for a in state.actions} == set(other.actions)
        for action in state.actions.values():
            twin = other.actions[mirrored(action.name)]
            assert twin.to == mirrored(action.to)
            assert {mirrored(r) for r in action.by} == set(twin.by)
            assert action.needs == twin.needs
        assert [c.after for c in state.clocks] == [c.after for c in other.clocks]


def test_an_appeal_may_lift_the_score_alone_and_uphold_the_rest(db: Address) -> None:
    case = paid(ruled(), AT)
    with pytest.raises(BadInput) as refusal:
        do(MERCHANT, case, "appeal", AT, ground="就是不服")
    assert refusal.value.code == "case.not_a_choice"
    do(MERCHANT, case, "appeal", AT, ground="error_of_fact")
    before = rows("SELECT count(*) FROM posting")
    do(REVIEWER, case, "lift_part", AT, part="score", note="物流责任")
    case = do(REVIEWER, case, "uphold", AT)
    assert (case.arbitration, counts_of(case).in_score) == ("final", False)
    assert rows("SELECT count(*) FROM posting") == before
    with pytest.raises(Refused):
        do(MERCHANT, case, "appeal", AT, ground="procedure")  # one level, once
    everything_holds()
