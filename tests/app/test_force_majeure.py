"""Force majeure: previewed, applied in bulk, to cases opened since, ended, revoked; all exact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.force_majeure.apply import apply
from gongdao.app.force_majeure.declare import Declared, Declaring, declare
from gongdao.app.force_majeure.withdraw import end, listed, revoke
from gongdao.app.intake_orders import intake
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.store.postgres import Address
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
)

NINE_DAYS = timedelta(days=9)


def a_market(*regions: str | None) -> None:
    a_marketplace()
    intake(MARKET, [an_order(n, region=r) for n, r in enumerate(regions, start=1)])


def flood(key: str = "k", *, preview: bool = False, **changes: object) -> Declared:
    given: dict[str, object] = {
        "marketplace_id": MARKET,
        "province": "上海市",
        "district": "浦东新区",
        "since": T0 + HOUR,
        "until": T0 + HOUR + NINE_DAYS,
        "title": Text("洪水", "flood"),
        "proof": "沪防汛 12 号",
    } | changes
    return declare(
        OPERATOR,
        Declaring(**given),  # type: ignore[arg-type]
        key=key,
        preview=preview,
        now=T0 + 2 * HOUR,
    )


def test_a_flood_stretches_the_clocks_of_its_district_and_nothing_else(db: Address) -> None:
    a_market("上海市浦东新区", "上海市徐汇区", None, "上海 上海市 浦东新区")
    cases = [opened(n) for n in (1, 2, 3, 4)]
    seen = flood(preview=True)
    assert (seen.reach.cases, seen.reach.clocks) == (2, 2)
    assert seen.reach.sample[0].due_at - seen.reach.sample[0].was_due_at == NINE_DAYS
    assert one("SELECT count(*) FROM force_majeure") == 0
    assert one("SELECT count(*) FROM event WHERE kind = 'clocks_paused'") == 0
    done = flood()
    assert (done.reach.cases, done.reach.clocks, done.reach.sample) == (2, 2, seen.reach.sample)
    due = {str(r[0]): r[1] for r in rows("SELECT case_id, due_at FROM deadline")}
    for case, later in zip(cases, (NINE_DAYS, 0 * DAY, 0 * DAY, NINE_DAYS), strict=True):
        assert due[case.id] == case.timers[0].due_at + later
    reason = one("SELECT reason_zh FROM deadline WHERE case_id = %s", cases[0].id)
    assert str(reason).endswith("，+9 天 不可抗力 上海市浦东新区")
    assert rows("SELECT order_id, counted_in_score FROM cases ORDER BY order_id") == [
        ("o1", False),
        ("o2", True),
        ("o3", True),
        ("o4", False),
    ]
    everything_holds()


def test_nothing_fires_meanwhile_and_everything_after(db: Address) -> None:
    a_market("上海市浦东新区")
    case = opened()
    flood()
    due = case.timers[0].due_at + NINE_DAYS
    assert fire_due(now=due, marketplace_id=MARKET).fired == 0
    assert fire_due(now=due + HOUR, marketplace_id=MARKET).fired == 1
    everything_holds()


def test_a_state_entered_during_the_flood_and_a_case_opened_since(db: Address) -> None:
    a_market("上海市浦东新区", "上海市浦东新区")
    first = opened()
    row = flood().row
    done = act(MERCHANT, first.id, "reject", {"reason": "无"}, key="r", now=T0 + DAY + HOUR)
    until = T0 + HOUR + NINE_DAYS
    for timer in done.case.timers:
        assert timer.due_at - (timer.base_due_at or timer.due_at) == until - (T0 + DAY + HOUR)
    second = opened(2, now=T0 + 2 * DAY)
    assert apply(row, T0 + 2 * DAY).cases == 0
    assert one("SELECT due_at FROM deadline WHERE case_id = %s", second.id) == (
        (second.timers[0].base_due_at or T0) + (until - (T0 + 2 * DAY))
    )
    everything_holds()


def test_revoked_it_is_as_if_it_had_never_been(db: Address) -> None:
    a_market("上海市浦东新区", "上海市浦东新区")
    before = [opened(1), opened(2)]
    done = flood()
    act(BUYER, before[1].id, "withdraw", key="w", now=T0 + 3 * HOUR)
    back = revoke(OPERATOR, str(done.row.id), "查无此事", now=T0 + 4 * HOUR)
    assert back.cases == 2
    assert one("SELECT due_at FROM deadline") == before[0].timers[0].due_at
    assert one("SELECT bool_and(counted_in_score) FROM cases") is True
    assert revoke(OPERATOR, str(done.row.id), "再来", now=T0 + 5 * HOUR).cases == 0
    assert listed(OPERATOR)[0].revoked_because == "查无此事"
    everything_holds()


def test_open_ended_it_holds_the_clocks_until_it_is_ended(db: Address) -> None:
    a_market("上海市浦东新区")
    case = opened()
    done = flood(until=None)
    assert one("SELECT paused FROM deadline") is True
    assert fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET).fired == 0
    ended = end(OPERATOR, str(done.row.id), now=T0 + 90 * DAY)
    assert (ended.cases, one("SELECT paused FROM deadline")) == (1, False)
    left = case.timers[0].due_at - (T0 + 2 * HOUR)
    assert one("SELECT due_at FROM deadline") == T0 + 90 * DAY + left
    assert one("SELECT counted_in_score FROM cases") is False
    everything_holds()


def test_the_same_key_declares_once_and_another_content_is_refused(db: Address) -> None:
    a_market("上海市浦东新区")
    opened()
    first, again = flood(), flood()
    assert (first.repeated, again.repeated, again.reach.cases) == (False, True, 0)
    assert first.row.id == again.row.id
    with pytest.raises(Conflict) as refusal:
        flood(proof="别的")
    assert refusal.value.code == "command.key_reused"


def test_what_is_not_complete_or_not_allowed_is_refused(db: Address) -> None:
    a_market("上海市浦东新区")
    for changes, code in (
        ({"proof": " "}, "force_majeure.incomplete"),
        ({"until": T0}, "force_majeure.period"),
    ):
        with pytest.raises(BadInput) as refusal:
            flood(**changes)
        assert refusal.value.code == code
    with pytest.raises(NotAllowed):
        revoke(MERCHANT, "x", "y")
    assert one("SELECT count(*) FROM force_majeure") == 0


def test_a_case_opened_inside_the_period_begins_under_it_without_a_worker(db: Address) -> None:
    a_market("上海市浦东新区", "上海市徐汇区", "上海市浦东新区")
    declared = flood().row
    at, until = T0 + 2 * DAY, T0 + HOUR + NINE_DAYS
    inside, outside = opened(1, now=at), opened(2, now=at)
    (timer,) = inside.timers
    assert timer.due_at - (timer.base_due_at or timer.due_at) == until - at
    assert timer.reason.zh.endswith(" 不可抗力 上海市浦东新区")
    assert one("SELECT due_at FROM deadline WHERE case_id = %s", inside.id) == timer.due_at
    assert [p.cause for p in inside.pauses] == [declared.cause]
    assert outside.pauses == ()
    assert one("SELECT counted_in_score FROM cases WHERE id = %s", inside.id) is False
    assert apply(declared, at).cases == 0, "the worker finds nothing left to do"
    seen = opened(3, now=at, preview=True)
    assert seen.timers[0].due_at == timer.due_at
    assert revoke(OPERATOR, str(declared.id), "查无此事", now=at + HOUR).cases == 1
    assert one("SELECT due_at FROM deadline WHERE case_id = %s", inside.id) == timer.base_due_at
    assert opened(3, now=at + 2 * HOUR).pauses == ()
    everything_holds()


def test_open_ended_it_stops_the_clocks_of_a_case_opened_since_and_not_before_it_begins(
    db: Address,
) -> None:
    a_market("上海市浦东新区")
    with pytest.raises(BadInput) as refusal:
        flood(until=None, since=T0 + 3 * HOUR)
    assert refusal.value.code == "force_majeure.period"
    flood(until=None)
    case = opened(1, now=T0 + DAY)
    assert case.timers[0].paused_left_seconds == 48 * 3600
    assert fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET).fired == 0
    everything_holds()


def test_many_cases_opened_at_once_begin_under_it(db: Address) -> None:
    from gongdao.app.decide_opening import Opening
    from gongdao.app.open_many import open_many
    from gongdao.core.kernel.words import Claim, Reason

    a_market("上海市浦东新区", "江苏省苏州市")
    flood()
    openings = [
        Opening(
            case_id=f"00000000-0000-7000-8000-00000000000{n}", shop_id=SHOP, order_id=f"o{n}",
            claim=Claim.REFUND_ONLY, reason=Reason.QUALITY, by=BUYER.actor, at=T0 + n * DAY,
        )
        for n in (1, 2)
    ]  # fmt: skip
    assert len(open_many(openings).opened) == 2
    assert rows("SELECT order_id, cardinality(paused_by) FROM cases ORDER BY 1") == [
        ("o1", 1),
        ("o2", 0),
    ]
    everything_holds()


def test_one_revoked_before_its_turn_reaches_nobody(db: Address) -> None:
    a_market("上海市浦东新区")
    declared = flood().row
    revoke(OPERATOR, str(declared.id), "查无此事", now=T0 + 3 * HOUR)
    opened(1, now=T0 + 4 * HOUR)
    assert apply(declared, T0 + 5 * HOUR).cases == 0, "a sweep that read it before does nothing now"
    everything_holds()
