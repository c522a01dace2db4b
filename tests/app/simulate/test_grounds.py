from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gongdao.app.simulate.grounds import Ground, Shown, shown_grounds
from gongdao.app.simulate.plan import SHIFT, moved, plan_case
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.words import Claim, Reason

PLACED = datetime(2018, 1, 10, 11, tzinfo=UTC)
PROMISED = datetime(2018, 1, 21, 1, 59, 59, tzinfo=UTC)
ENDS = datetime(2018, 10, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
CONTENT = Order(
    order_id="o1",
    shop_id="olist:s1",
    buyer_id="b1",
    platform="kuaishou",
    payment="online",
    placed_at=PLACED,
    paid_at=PLACED + timedelta(hours=1),
    promised_ship_at=PLACED + 3 * DAY,
    shipped_at=PLACED + 2 * DAY,
    promised_delivery_at=PROMISED,
    signed_at=PROMISED,
    lines=(OrderLine(line_id="1", title="lamp", quantity=1, paid_fen=19900),),
    attributes={
        "record_status": "delivered",
        "review_score": 3,
        "review_answered_at": "2018-01-22T10:00:00+00:00",
    },
)


def _with(order: Order, **attributes: str | int) -> Order:
    return replace(order, attributes={**order.attributes, **attributes})


def _plan(order: Order, *, by: timedelta = timedelta(0)):  # noqa: ANN202
    return plan_case(moved(order, marketplace_id="sim", platform="douyin", by=by), "sim", ENDS + by)


def test_an_order_delivered_on_the_last_second_with_three_stars_shows_nothing() -> None:
    assert shown_grounds(CONTENT, ENDS) == ()


def test_a_second_later_it_is_late_since_the_promise_was_broken() -> None:
    late = replace(CONTENT, signed_at=PROMISED + SECOND)
    assert shown_grounds(late, ENDS) == (Shown(Ground.DELIVERED_LATE, PROMISED + SECOND),)


def test_never_delivered_is_shown_only_once_the_promise_has_passed_within_the_record() -> None:
    lost = _with(replace(CONTENT, signed_at=None), record_status="shipped")
    assert shown_grounds(lost, PROMISED) == ()
    assert shown_grounds(lost, PROMISED + SECOND) == (
        Shown(Ground.NEVER_DELIVERED, PROMISED + SECOND),
    )


def test_a_status_delivered_without_a_date_contradicts_itself_and_proves_nothing() -> None:
    assert shown_grounds(replace(CONTENT, signed_at=None), ENDS) == ()


def test_cancelled_counts_only_after_payment_and_from_its_last_stamp() -> None:
    cancelled = _with(replace(CONTENT, signed_at=None), record_status="canceled")
    assert shown_grounds(cancelled, ENDS) == (
        Shown(Ground.CANCELLED_AFTER_PAYMENT, PLACED + 2 * DAY),
    )
    assert shown_grounds(replace(cancelled, paid_at=None), ENDS) == ()


@pytest.mark.parametrize(("stars", "shown"), [(1, True), (2, True), (3, False), (5, False)])
def test_one_or_two_stars_are_a_complaint(stars: int, shown: bool) -> None:
    answered = datetime(2018, 1, 22, 10, tzinfo=UTC)
    expected = (Shown(Ground.LOW_REVIEW, answered),) if shown else ()
    assert shown_grounds(_with(CONTENT, review_score=stars), ENDS) == expected


def test_one_order_is_one_case_and_its_other_grounds_are_kept() -> None:
    plan = _plan(_with(replace(CONTENT, signed_at=PROMISED + 5 * DAY), review_score=1))
    assert plan is not None
    assert (plan.ground, plan.others) == (Ground.DELIVERED_LATE, (Ground.LOW_REVIEW,))


def test_who_misses_the_parcel_asks_for_money_and_ends_when_it_comes() -> None:
    plan = _plan(replace(CONTENT, signed_at=PROMISED + 5 * DAY))
    assert plan is not None
    assert (plan.claim, plan.reason) == (Claim.REFUND_ONLY, Reason.NOT_RECEIVED)
    assert (plan.opens_at, plan.satisfied_at) == (PROMISED + SECOND, PROMISED + 5 * DAY)
    assert plan.asks_platform_at == (PROMISED + SECOND + DAY,)


def test_who_has_the_parcel_asks_to_return_it_and_proves_no_breach() -> None:
    plan = _plan(_with(CONTENT, review_score=1))
    assert plan is not None
    assert (plan.claim, plan.reason) == (Claim.RETURN_REFUND, Reason.OTHER)
    assert (plan.satisfied_at, plan.asks_platform_at, plan.findings) == (None, (), ())


@pytest.mark.parametrize(
    ("shipped_after", "fault", "reason"),
    [
        (timedelta(days=3), "unproven", Reason.NOT_RECEIVED),
        (timedelta(days=3, seconds=1), "proven", Reason.NOT_RECEIVED),
        (None, "proven", Reason.LATE_SHIPPING),
    ],
)
def test_fault_is_proven_by_a_missed_hand_over_alone(
    shipped_after: timedelta | None, fault: str, reason: Reason
) -> None:
    shipped_at = None if shipped_after is None else PLACED + shipped_after
    plan = _plan(
        _with(replace(CONTENT, shipped_at=shipped_at, signed_at=None), record_status="shipped")
    )
    assert plan is not None
    assert plan.reason is reason
    assert {f.name: f.value for f in plan.findings} == {
        "merchant_fault": fault,
        "buyer_fault": "unproven",
    }


def test_moving_the_record_moves_every_instant_by_whole_weeks() -> None:
    late = replace(CONTENT, signed_at=PROMISED + 5 * DAY)
    plan, later = _plan(late), _plan(late, by=SHIFT)
    assert plan is not None
    assert later is not None
    assert SHIFT % timedelta(weeks=1) == timedelta(0)
    assert later.opens_at - plan.opens_at == SHIFT
    assert later.order.shop_id == "sim:s1"
    assert later.order.attributes["review_answered_at"] == "2025-06-02T10:00:00+00:00"
    assert later.case_id == plan.case_id
