"""Settlement: reserves kept by category, taken by recoupments, released in time; deposits that lack something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongdao.app.act import act
from gongdao.app.deposits import deposit, lacking, move_deposit, reserves
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.intake_orders import intake
from gongdao.app.queries.statement import day_statement
from gongdao.app.release_reserves import release_reserves
from gongdao.core.kernel.findings import NotAllowed, NotVisible
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Claim
from gongdao.core.remedies.reserve import draw, settle
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
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
    with_orders,
)  # fmt: skip

BACK = {
    "return_name": "仓库",
    "return_phone": "0571-88880000",
    "return_region": "浙江省 杭州市",
    "return_address": "一号路 1 号",
}


def succeeded(number: int, category: str | None = "apparel", **changes: object) -> None:
    attributes = {} if category is None else {"category": category}
    order = an_order(number, succeeded_at=T0, attributes=attributes, **changes)
    intake(MARKET, [order], now=T0)


def accounts() -> dict[str, int]:
    found = rows(
        "SELECT account, sum(amount_fen)::int FROM posting GROUP BY 1 HAVING sum(amount_fen) <> 0"
    )
    return {str(account): int(str(fen)) for account, fen in found}


def recouped(number: int, *, until: timedelta = 30 * DAY) -> None:
    """Let the merchant miss his voucher on a COD order: the platform pays and recoups it, 140.01 yuan."""
    intake(MARKET, [an_order(number, payment="cod")], now=T0)
    case = opened(number, claim=Claim.RETURN_REFUND)
    act(MERCHANT, case.id, "agree", BACK, key=f"a{number}", now=T0 + HOUR)
    act(
        BUYER,
        case.id,
        "ship_return",
        {"tracking_number": f"SF9{number}"},
        key=f"s{number}",
        now=T0 + 2 * HOUR,
    )
    act(MERCHANT, case.id, "confirm_receipt", key=f"c{number}", now=T0 + 3 * HOUR)
    fire_due(now=T0 + until, marketplace_id=MARKET)
    while dispatch(now=T0 + until, marketplace_id=MARKET).sent:
        pass


def test_a_part_by_category_is_kept_and_released_by_the_clock_once(db: Address) -> None:
    a_marketplace()
    for _ in range(2):
        succeeded(1, "服饰")
    assert accounts() == {"buyer": -14001, "merchant": 13301, "reserve": 700}  # 5 % of 140.01
    (kept,) = reserves(MERCHANT, SHOP)
    assert (kept.category, kept.reserved_fen, kept.left_fen) == ("apparel", 700, 700)
    assert kept.release_at == T0 + 15 * DAY
    assert (
        kept.reason.zh
        == "服饰鞋包：15 天，自 2024-03-01 10:00:00 起（HOUSE-SETTLE-1、HOUSE-SETTLE-2）"
    )
    assert deposit(MERCHANT, SHOP).reserve_fen == 700
    assert release_reserves(now=T0 + 15 * DAY, marketplace_id=MARKET) == 0
    assert release_reserves(now=T0 + 15 * DAY + HOUR, marketplace_id="elsewhere") == 0
    assert release_reserves(now=T0 + 15 * DAY + HOUR, marketplace_id=MARKET) == 1
    assert release_reserves(now=T0 + 99 * DAY, marketplace_id=MARKET) == 0
    assert accounts() == {"buyer": -14001, "merchant": 14001}
    assert reserves(OPERATOR, SHOP) == ()
    everything_holds()


def test_without_category_before_success_or_after_its_time_nothing_is_kept(db: Address) -> None:
    a_marketplace()
    succeeded(1, None)
    intake(MARKET, [an_order(2, attributes={"category": "fresh"})], now=T0)
    intake(
        MARKET, [an_order(3, succeeded_at=T0 - 3 * DAY, attributes={"category": "fresh"})], now=T0
    )
    assert "reserve" not in accounts()
    intake(MARKET, [an_order(2, succeeded_at=T0, attributes={"category": "fresh"})], now=T0)
    succeeded(4, "火星车")  # no word of the list: another category, 2 %
    assert [(r.order_id, r.category, r.left_fen) for r in reserves(MERCHANT, SHOP)] == [
        ("o2", "fresh", 140),
        ("o4", "other", 280),
    ]
    everything_holds()


def test_only_what_was_not_refunded_is_settled(db: Address) -> None:
    with_orders(1)
    case = opened()
    act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR)
    succeeded(1, "jewellery")
    assert reserves(MERCHANT, SHOP) == (), "all was given back"
    everything_holds()


def test_a_case_still_open_about_the_order_keeps_its_reserve(db: Address) -> None:
    a_marketplace()
    succeeded(1)
    case = opened()
    late = T0 + 40 * DAY
    assert release_reserves(now=late, marketplace_id=MARKET) == 0
    act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR)
    while dispatch(now=T0 + 2 * HOUR, marketplace_id=MARKET).sent:
        pass
    assert one("SELECT closed_at IS NOT NULL FROM cases") is True
    assert release_reserves(now=late, marketplace_id=MARKET) == 1
    everything_holds()


def test_a_recoupment_takes_the_reserve_first_the_earliest_released_before_others(
    db: Address,
) -> None:
    with_orders(1)
    move_deposit(OPERATOR, SHOP, 20000, "d1", now=T0)
    succeeded(1, "jewellery")  # 1400, thirty days
    succeeded(2, "apparel")  # 700, fifteen days
    recouped(9, until=10 * DAY)
    standing = deposit(MERCHANT, SHOP)
    assert (standing.balance_fen, standing.reserve_fen) == (20000 - 14001 + 2100, 0)
    assert rows("SELECT order_id, number, amount_fen FROM reserve_draw ORDER BY amount_fen") == [
        ("o2", 2, 700),
        ("o1", 2, 1400),
    ]
    assert release_reserves(now=T0 + 99 * DAY, marketplace_id=MARKET) == 0, (
        "nothing is left of them"
    )
    day = (T0 + 10 * DAY).astimezone(BEIJING).date()
    lines = [
        line
        for n in range(12)
        for line in day_statement(MERCHANT, SHOP, day - timedelta(days=n)).lines
        if line.account == "reserve" and line.purpose == "recoupment"
    ]
    assert sorted(line.amount_fen for line in lines) == [-1400, -700]
    everything_holds()


def test_what_a_deposit_lacks_is_listed_and_taken_from_later_settlements(db: Address) -> None:
    with_orders(1)
    move_deposit(OPERATOR, SHOP, 4001, "d1", now=T0)
    recouped(9, until=10 * DAY)
    assert deposit(MERCHANT, SHOP).owed_fen == 10000
    (lacks,) = lacking(OPERATOR)
    assert (lacks.shop_id, lacks.lacks_fen) == (SHOP, 10000)
    assert lacks.recouped_at is not None
    assert lacking(replace(OPERATOR, marketplace_ids=frozenset({"elsewhere"}))) == ()
    with pytest.raises(NotAllowed):
        lacking(MERCHANT)
    cheap = replace(an_order(20).lines[0], paid_fen=5000)
    succeeded(20, None, lines=(cheap,), freight_fen=0)
    assert deposit(MERCHANT, SHOP).owed_fen == 5000
    succeeded(30, "apparel")  # 140.01: 50.00 for the deposit, then 7.00 in reserve
    standing = deposit(MERCHANT, SHOP)
    assert (standing.balance_fen, standing.reserve_fen) == (0, 700)
    assert lacking(OPERATOR) == ()
    succeeded(40, None)
    assert one("SELECT count(*) FROM settlement") == 2
    everything_holds()


def test_holds_are_listed_with_what_they_are_for_and_end_with_the_case(db: Address) -> None:
    with_orders(1)
    intake(MARKET, [an_order(2, payment="cod")], now=T0)
    move_deposit(OPERATOR, SHOP, 50000, "d1", now=T0)
    case = opened()
    assert deposit(MERCHANT, SHOP).holds == ()
    act(MERCHANT, case.id, "reject", {"reason": "无质量问题"}, key="r", now=T0 + HOUR)
    act(BUYER, case.id, "escalate", {"reason": "有"}, key="e", now=T0 + 2 * HOUR)
    cod = opened(2, claim=Claim.RETURN_REFUND)
    act(MERCHANT, cod.id, "agree", BACK, key="a2", now=T0 + HOUR)
    act(BUYER, cod.id, "ship_return", {"tracking_number": "SF9"}, key="s2", now=T0 + 2 * HOUR)
    act(MERCHANT, cod.id, "confirm_receipt", key="c2", now=T0 + 3 * HOUR)
    standing = deposit(MERCHANT, SHOP)
    assert [(h.order_id, h.matter, h.amount_fen, h.cite) for h in standing.holds] == [
        ("o1", "dispute", 14001, ("HOUSE-SETTLE-3",)),
        ("o2", "payout", 14001, ("HOUSE-SETTLE-4",)),
    ]
    assert (standing.held_fen, standing.free_fen) == (28002, 21998)
    act(MERCHANT, cod.id, "upload_voucher", {"voucher": "v1"}, key="v2", now=T0 + 4 * HOUR)
    act(BUYER, case.id, "withdraw_dispute", key="w", now=T0 + 5 * HOUR)
    assert [h.matter for h in deposit(MERCHANT, SHOP).holds if h.order_id == "o2"] == []
    everything_holds()


def test_reserves_are_for_those_who_see_the_shops_ledger(db: Address) -> None:
    a_marketplace()
    succeeded(1)
    for caller, refusal in ((BUYER, NotAllowed), (ARBITRATOR, NotAllowed), (replace(MERCHANT, agent=True), NotAllowed),
                            (replace(MERCHANT, shop_ids=frozenset({"x"})), NotVisible), (replace(OPERATOR, marketplace_ids=frozenset({"x"})), NotVisible)):  # fmt: skip
        with pytest.raises(refusal):
            reserves(caller, SHOP)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_settlement_gives_no_more_than_it_has(fen: int, owed: int, wanted: int) -> None:
    done = settle(fen, owed, wanted)
    assert 0 <= done.recouped_fen <= owed
    assert 0 <= done.reserved_fen <= wanted
    assert done.recouped_fen + done.reserved_fen <= fen
    assert done.recouped_fen == owed or done.reserved_fen == 0, "a debt comes before a reserve"


@given(st.integers(0, 5000), st.lists(st.integers(0, 1000), max_size=8))
def test_a_draw_takes_all_it_can_and_in_order(fen: int, left: list[int]) -> None:
    taken = draw(fen, left)
    assert sum(taken) == min(fen, sum(left))
    assert all(0 <= t <= have for t, have in zip(taken, left, strict=True))
    first_spared = next(
        (i for i, (t, have) in enumerate(zip(taken, left, strict=True)) if t < have), len(left)
    )
    assert not any(taken[first_spared + 1 :])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["settle", "recoup", "pay_in", "release", "take_out"]), st.integers(0, 8)
    ),
    max_size=9,
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_any_sequence_keeps_the_ledger_at_zero_and_a_debtor_without_reserve(
    db: Address, steps: list[tuple[str, int]]
) -> None:
    a_marketplace()
    succeeded(1, None)
    run = int(str(one("SELECT count(*) FROM orders"))) + 1
    for index, (what, size) in enumerate(steps):
        number = run * 100 + index
        if what == "settle":
            category = ["fresh", "jewellery", "apparel", None][size % 4]
            attributes = {} if category is None else {"category": category}
            intake(
                MARKET,
                [an_order(number, succeeded_at=T0 + size * DAY, attributes=attributes)],
                now=T0 + size * DAY,
            )
        elif what == "recoup":
            recouped(number, until=11 * DAY)
        elif what == "release":
            release_reserves(now=T0 + size * 5 * DAY, marketplace_id=MARKET)
        else:
            free = deposit(OPERATOR, SHOP).free_fen
            fen = 1000 * (size + 1) if what == "pay_in" else -min(1000 * size, max(0, free))
            if fen:
                move_deposit(OPERATOR, SHOP, fen, f"d{number}", now=T0)
        standing = deposit(OPERATOR, SHOP)
        assert standing.reserve_fen >= 0
        assert standing.reserve_fen == sum(r.left_fen for r in reserves(OPERATOR, SHOP))
        assert one("SELECT coalesce(sum(amount_fen), 0)::int FROM posting") == 0
    everything_holds()


def test_the_worker_releases_by_the_marketplaces_own_clock(db: Address) -> None:
    from gongdao.worker.run import run_round

    a_marketplace()
    succeeded(1)
    from gongdao.store.connection import cursor, transaction

    with transaction() as on:
        cursor(on).execute(
            "UPDATE settlement SET release_at = clock_timestamp() + interval '1 day'"
        )
    assert run_round().released == 0
    with transaction() as on:
        cursor(on).execute("UPDATE marketplace SET clock_offset_seconds = 90000")
    assert run_round().released == 1
    assert run_round().released == 0
    everything_holds()


def test_a_recoupment_that_is_withdrawn_is_given_back_the_way_it_came(db: Address) -> None:
    from uuid import uuid4

    from gongdao.core.remedies.ledger import DEPOSIT, pair
    from gongdao.store.connection import transaction
    from gongdao.store.payments import Movement, post_entry
    from gongdao.store.reserves import Recoupment, draw_reserves, undo_draws

    a_marketplace()
    succeeded(1, "jewellery")  # 1400
    succeeded(2, "apparel")  # 700
    taken = Recoupment(
        shop_id=SHOP, case_id=uuid4(), number=1, order_id="o9", amount_fen=1000, at=T0
    )
    with transaction() as on:
        entry = pair(DEPOSIT, "payable", 1000, "recoupment")
        moved = Movement(
            shop_id=SHOP, order_id="o9", external_ref="", amount_fen=0, reported_by="", at=T0
        )
        post_entry(on, moved, uuid4(), entry)
        draw_reserves(on, [taken])
    assert accounts()["reserve"] == 1100
    assert release_reserves(now=T0 + 16 * DAY, marketplace_id=MARKET) == 0, (
        "all of the earliest was taken"
    )
    with transaction() as on:
        post_entry(on, moved, uuid4(), pair("payable", DEPOSIT, 1000, "recoupment"))
        undo_draws(on, [taken, taken])
    found = accounts()
    assert (found["reserve"], found.get("deposit", 0)) == (2100, 0)
    assert release_reserves(now=T0 + 16 * DAY, marketplace_id=MARKET) == 1
    assert release_reserves(now=T0 + 31 * DAY, marketplace_id=MARKET) == 1
    assert accounts() == {"buyer": -28002, "merchant": 28002}
    everything_holds()
