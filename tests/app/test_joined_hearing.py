"""Joined cases heard, ruled and told together, over the database."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gongdao.app.act import act
from gongdao.app.challenge_evidence import challenge
from gongdao.app.intake_orders import intake
from gongdao.app.join_act import act_in_all, preview_in_all, record_in_all
from gongdao.app.join_cases import join, separate
from gongdao.app.join_open import open_together
from gongdao.app.outcome import Outcome
from gongdao.app.queries.assignments import my_cases
from gongdao.app.queries.case_page import case_page
from gongdao.app.queries.evidence import evidence_matches, open_evidence
from gongdao.app.queries.joined import group, group_statement
from gongdao.app.record_finding import record
from gongdao.app.release_case import release_case
from gongdao.app.retention import RetentionRule, run_retention
from gongdao.app.submit_evidence import submit
from gongdao.app.take_case import take, take_next
from gongdao.core.cases.dossier import is_intact
from gongdao.core.cases.model import OrderLine
from gongdao.core.kernel.findings import Conflict, NotVisible
from gongdao.core.kernel.words import Arbitration, Reason, Remedy, Role
from gongdao.store.connection import cursor, release, transaction
from gongdao.store.postgres import Address
from tests.app.joining import (
    OTHER_ARBITRATOR,
    PROVEN,
    ask,
    code_of,
    disputed,
    in_review,
    joined,
    now_of,
    show,
)
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    REVIEWER,
    SHOP,
    T0,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)


def test_evidence_of_one_counts_in_all_by_reference(db: Address) -> None:
    with_orders(2)
    first, second = joined(1, 2)
    show(BUYER, first, "照片一", name="我的照片.txt")
    here = now_of(second)
    (item,) = here.evidence
    assert (item.given_in, item.name) == (first.id, "我的照片.txt")
    assert one("SELECT count(*) FROM evidence_blob") == 1
    body = one("SELECT convert_from(body, 'UTF8') FROM event WHERE kind = 'evidence_referred'")
    assert '"name":""' in str(body), "words stay with the case in which they were said"
    for reader in (BUYER, MERCHANT, ARBITRATOR):
        with open_evidence(reader, second.id, item.id) as (seen, content):
            assert (seen.id, content.read()) == (item.id, "照片一".encode())
    with pytest.raises(NotVisible), open_evidence(OTHER_BUYER, second.id, item.id):
        pass
    assert evidence_matches(ARBITRATOR, first.id) == ()
    found = record(
        ARBITRATOR, second.id, "merchant_fault", "proven", key="f", evidence=(item.id,),
        now=T0 + 2 * HOUR,
    )  # fmt: skip
    assert found.case.facts["merchant_fault"].evidence == (item.id,)
    challenge(MERCHANT, second.id, item.id, "并非本单", key="c", now=T0 + 2 * HOUR)
    assert [c.reason for c in now_of(first).challenges] == ["并非本单"]
    assert [c.reason for c in now_of(second).challenges] == ["并非本单"]
    everything_holds()


def test_shared_evidence_makes_the_checklist_complete_and_lies_in_both_dossiers(
    db: Address,
) -> None:
    with_orders(2)
    outcomes = open_together(
        BUYER, SHOP, [ask(n, reason=Reason.QUALITY) for n in (1, 2)], key="k", now=T0
    )
    cases = [o.case for o in outcomes]
    for case in cases:
        act(MERCHANT, case.id, "reject", {"reason": "不符"}, key=f"r{case.id}", now=T0 + HOUR)
        act(BUYER, case.id, "escalate", {"reason": "不服"}, key=f"e{case.id}", now=T0 + HOUR)
    before = [case_page(BUYER, c.id, now=T0 + HOUR).checklist for c in cases]
    wanted = [s.kind for s in before[1].missing_of("buyer")]
    for kind in wanted:
        submit(
            BUYER, cases[0].id, name="a.txt", stream=io.BytesIO(kind.encode()), kind=kind,
            key=kind, now=T0 + HOUR,
        )  # fmt: skip
    after = case_page(BUYER, cases[1].id, now=T0 + HOUR).checklist
    assert wanted
    assert after.missing_of("buyer") == ()
    group_id = cases[0].joined.group if cases[0].joined else ""
    closed = act_in_all(ARBITRATOR, group_id, "close_evidence", {}, key="c", now=T0 + 2 * HOUR)
    for outcome in closed:
        (dossier,) = outcome.case.dossiers
        assert [p.evidence for p in dossier.pieces] == [e.id for e in outcome.case.evidence]
        assert len(dossier.pieces) == len(wanted)
        assert is_intact(outcome.case.id, dossier)
    everything_holds()


def test_one_arbitrator_takes_all(db: Address) -> None:
    with_orders(3)
    _, cases = in_review(1, 2, 3)
    taken = take_next(ARBITRATOR)
    assert taken is not None
    assert {a.case_id for a in my_cases(ARBITRATOR)} == {c.id for c in cases}
    assert take_next(OTHER_ARBITRATOR) is None
    for case in cases:
        with pytest.raises(Conflict) as refusal:
            act(OTHER_ARBITRATOR, case.id, "rule", key="x", now=T0 + 3 * HOUR)
        assert code_of(refusal) == "assignment.held_by_another"
    release_case(ARBITRATOR, cases[1].id)
    assert my_cases(ARBITRATOR) == ()
    assert take(OTHER_ARBITRATOR, cases[2].id).case_id == cases[2].id
    assert len(my_cases(OTHER_ARBITRATOR)) == 3


def test_many_ask_for_joined_cases_and_one_gets_them(db: Address) -> None:
    with_orders(4)
    in_review(1, 2, 3, 4)

    def grab(number: int) -> str | None:
        taken = take_next(replace(ARBITRATOR, user_id=f"a{number}"))
        release()
        return taken.case_id if taken is not None else None

    with ThreadPoolExecutor(6) as pool:
        got = [g for g in pool.map(grab, range(6)) if g is not None]
    assert len(got) == 1
    assert rows("SELECT count(*), count(DISTINCT user_id) FROM assignment") == [(4, 1)]


def test_joining_gives_all_to_whoever_has_one_and_not_to_two(db: Address) -> None:
    with_orders(4)
    cases = [disputed(n) for n in (1, 2, 3, 4)]
    take(ARBITRATOR, cases[0].id)
    join(ARBITRATOR, [cases[0].id, cases[1].id], "理由", key="j", now=T0 + HOUR)
    assert {a.case_id for a in my_cases(ARBITRATOR)} == {cases[0].id, cases[1].id}
    take(OTHER_ARBITRATOR, cases[2].id)
    with pytest.raises(Conflict) as refusal:
        join(OPERATOR, [cases[1].id, cases[2].id], "理由", key="j2", now=T0 + HOUR)
    assert code_of(refusal) == "assignment.held_by_another"
    assert now_of(cases[2]).joined is None
    with pytest.raises(Conflict):
        join(OTHER_ARBITRATOR, [cases[0].id, cases[3].id], "理由", key="j3", now=T0 + HOUR)


def ruled_together() -> tuple[str, tuple[Outcome, ...]]:
    key, cases = in_review(1, 2)
    for name, value in PROVEN:
        record_in_all(ARBITRATOR, key, name, value, key=name, now=T0 + 3 * HOUR)
    payload = {"remedy": "partial_refund", "refund_fen": 500, "liable": "merchant",
               "outbound_freight": "none", "return_freight": "none", "overrule_reason": "轻微"}  # fmt: skip
    payloads = {cases[0].id: {}, cases[1].id: payload}
    return key, act_in_all(ARBITRATOR, key, "rule", payloads, key="rule", now=T0 + 4 * HOUR)


def test_rulings_are_given_together_each_with_its_own_clauses_and_plan(db: Address) -> None:
    with_orders(2)
    key, outcomes = ruled_together()
    first, second = (o.case for o in outcomes)
    assert first.ruling is not None
    assert second.ruling is not None
    assert (first.ruling.remedy, second.ruling.remedy) == (
        Remedy.REFUND_ONLY, Remedy.PARTIAL_REFUND,
    )  # fmt: skip
    assert first.ruling.cite
    assert second.ruling.overruled
    assert first.ruling.at == second.ruling.at == T0 + 4 * HOUR
    paid = [sum(t.amount_fen for g in c.grants for t in g.transfers) for c in (first, second)]
    assert paid[0] >= 13001
    assert paid[1] == 500
    assert one("SELECT count(DISTINCT recorded_at) FROM event WHERE kind = 'ruled'") in {1, 2}
    again = act_in_all(
        ARBITRATOR, key, "rule",
        {first.id: {}, second.id: {"remedy": "partial_refund", "refund_fen": 500,
         "liable": "merchant", "outbound_freight": "none", "return_freight": "none",
         "overrule_reason": "轻微"}}, key="rule", now=T0 + 5 * HOUR,
    )  # fmt: skip
    assert all(o.repeated for o in again)
    assert one("SELECT count(*) FROM event WHERE kind = 'ruled'") == 2
    everything_holds()


def test_one_that_cannot_be_ruled_bars_all_and_the_preview_says_which(db: Address) -> None:
    with_orders(2)
    key, cases = in_review(1, 2)
    for name, value in PROVEN:
        record(ARBITRATOR, cases[0].id, name, value, key=name, now=T0 + 3 * HOUR)
    seen = preview_in_all(ARBITRATOR, key, "rule", {}, now=T0 + 3 * HOUR)
    assert [p.case_id for p in seen] == [c.id for c in cases]
    assert seen[0].outcome is not None
    assert seen[0].outcome.case.ruling is not None
    assert seen[1].refused is not None
    assert seen[1].refused.code == "case.ruling_undecided"
    with pytest.raises(Conflict) as refusal:
        act_in_all(ARBITRATOR, key, "rule", {}, key="rule", now=T0 + 3 * HOUR)
    assert code_of(refusal) == "case.ruling_undecided"
    assert str(refusal.value.findings[0].field).startswith(f"cases.{cases[1].id}")
    assert one("SELECT count(*) FROM event WHERE kind = 'ruled'") == 0
    assert one("SELECT count(*) FROM payment") == 0
    with pytest.raises(NotVisible):
        act_in_all(ARBITRATOR, key, "rule", {opened_elsewhere(): {}}, key="y", now=T0 + 3 * HOUR)
    everything_holds()


def opened_elsewhere() -> str:
    intake(MARKET, [an_order(5)])
    return opened(5).id


def test_the_joint_statement_lists_every_ruling_for_each_side(db: Address) -> None:
    with_orders(2)
    key, outcomes = ruled_together()
    for reader, role in ((BUYER, Role.BUYER), (MERCHANT, Role.MERCHANT)):
        told = group_statement(reader, key, now=T0 + 5 * HOUR)
        assert told.audience is role
        assert [p.case_id for p in told.parts] == [o.case.id for o in outcomes]
        assert len(told.overview.lines) == 3
        assert "2 个案件" in told.overview.lines[-1].zh
        assert "Ruled: 2" in told.overview.lines[-1].en
    with pytest.raises(NotVisible):
        group_statement(OTHER_BUYER, key, now=T0 + 5 * HOUR)


def test_before_any_ruling_there_is_no_joint_statement(db: Address) -> None:
    with_orders(2)
    first, _ = joined(1, 2)
    with pytest.raises(NotVisible):
        group_statement(BUYER, first.joined.group if first.joined else "", now=T0)


def test_a_group_lasts_until_each_has_ended(db: Address) -> None:
    with_orders(3)
    first, second, third = joined(1, 2, 3)
    key = first.joined.group if first.joined else ""
    act(BUYER, second.id, "withdraw", key="w", now=T0 + HOUR)
    standing = group(BUYER, key, now=T0 + HOUR)
    assert [m.case.id for m in standing.members] == [first.id, second.id, third.id]
    assert [m.case.closed_at is not None for m in standing.members] == [False, True, False]
    show(BUYER, first, after=2)
    assert len(now_of(third).evidence) == 1
    assert now_of(second).evidence == ()
    everything_holds()


def test_a_case_is_separated_and_keeps_what_it_was_shown(db: Address) -> None:
    with_orders(3)
    first, second, third = joined(1, 2, 3)
    show(BUYER, first, "共用")
    done = separate(ARBITRATOR, second.id, "案情不同", key="s", now=T0 + 2 * HOUR)
    assert [o.case.id for o in done] == [first.id, second.id, third.id]
    assert done[1].case.joined is None
    assert [e.given_in for e in done[1].case.evidence] == [first.id]
    assert done[0].case.joined is not None
    assert done[0].case.joined.members == (first.id, third.id)
    show(BUYER, first, "只在此", after=3)
    assert len(now_of(second).evidence) == 1
    assert len(now_of(third).evidence) == 2
    separate(ARBITRATOR, third.id, "亦然", key="s2", now=T0 + 3 * HOUR)
    assert now_of(first).joined is None
    assert one("SELECT count(*) FROM joined_case") == 0
    with pytest.raises(Conflict) as refusal:
        separate(ARBITRATOR, first.id, "x", key="s3", now=T0 + 3 * HOUR)
    assert code_of(refusal) == "joined.not_joined"
    everything_holds()


def test_offers_and_clocks_stay_with_each_case(db: Address) -> None:
    with_orders(2)
    first, second = joined(1, 2)
    act(MERCHANT, first.id, "agree", key="a", now=T0 + HOUR)
    assert now_of(first).stage() != now_of(second).stage()
    assert now_of(second).timers == second.timers
    assert now_of(second).arbitration is Arbitration.NONE


def test_two_hand_in_at_once_to_joined_cases_and_neither_waits_for_ever(db: Address) -> None:
    with_orders(2)
    cases = joined(1, 2)

    def give(number: int) -> None:
        show((BUYER, MERCHANT)[number % 2], cases[number // 2 % 2], f"第{number}件")
        release()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, range(12)))
    for case in cases:
        assert len(now_of(case).evidence) == 12
    everything_holds()


def test_the_table_of_groups_is_what_the_events_say(db: Address) -> None:
    with_orders(2)
    first, _ = joined(1, 2)
    with transaction() as on:
        (row,) = cursor(on).execute(
            "SELECT group_id::text, since FROM joined_case WHERE case_id = %s", (first.id,)
        )
    assert first.joined is not None
    assert row == (first.joined.group, first.joined.since)


def test_large_overrules_are_proposed_together_and_confirmed_together(db: Address) -> None:
    dear = OrderLine(line_id="1", title="相机", quantity=1, paid_fen=200_000)
    with_orders(2, lines=(dear,))
    key, cases = in_review(1, 2)
    departure = {"remedy": "refund_only", "liable": "none", "outbound_freight": "none",
                 "return_freight": "none", "overrule_reason": "特殊"}  # fmt: skip
    act_in_all(
        ARBITRATOR, key, "rule", {c.id: departure for c in cases}, key="r", now=T0 + 3 * HOUR
    )
    assert one("SELECT count(*) FROM event WHERE kind = 'ruling_proposed'") == 2
    assert one("SELECT count(*) FROM event WHERE kind = 'ruled'") == 0
    done = act_in_all(REVIEWER, key, "confirm_ruling", {}, key="c", now=T0 + 4 * HOUR)
    assert [o.case.ruling.actor for o in done if o.case.ruling] == ["u-reviewer", "u-reviewer"]
    everything_holds()


def test_a_file_is_kept_while_a_joined_case_refers_to_it(db: Address) -> None:
    with_orders(2)
    first, second = joined(1, 2)
    item = show(BUYER, first, "照片").evidence[0]
    act(BUYER, first.id, "withdraw", key="w", now=T0 + 2 * HOUR)
    much_later = T0 + 1200 * DAY
    rule = RetentionRule()
    run_retention(rule, dry_run=False, now=much_later)
    with open_evidence(BUYER, second.id, item.id) as (_, content):
        assert content.read() == "照片".encode()
    act(BUYER, second.id, "withdraw", key="w2", now=T0 + 3 * HOUR)
    run_retention(rule, dry_run=False, now=much_later)
    run_retention(rule, dry_run=False, now=much_later)
    with pytest.raises(NotVisible), open_evidence(BUYER, second.id, item.id):
        pass
    everything_holds()
