"""What the Douyin governance books and the service desk promise beyond their golden cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.time import Span, parse_instant
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Value
from gongdao.library.shelf import Shelf

SHELF = Shelf()
LEVEL = SHELF.exact("douyin/merchant-level@2020-04-10")
BEFORE = SHELF.exact("douyin/experience-score@2020-10-09")
REVISED = SHELF.exact("douyin/experience-score@2022-06-21")
RECENT = SHELF.exact("douyin/experience-score@2026-07-14")
FRAUD = SHELF.exact("douyin/fraud-shipping@2026-08-03")
HOURS = SHELF.exact("service-desk/hours@2022-01-01")
NOW = parse_instant("2021-03-01T10:00:00+08:00")
SCORES = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))
COUNTS = st.integers(0, 500_000)


def test_gmv_caps_are_a_hundred_yuan_an_order_and_sales_eight_days_of_the_cap() -> None:
    for level in range(7):
        caps = evaluate(LEVEL, "caps", {"level": level}).outputs
        needed = evaluate(LEVEL, "sales_needed", {"level": level}).outputs["orders"]
        orders, gmv = caps["daily_orders"], caps["daily_gmv"]
        assert isinstance(orders, int)
        assert gmv == orders * 100 * 100
        assert needed == orders * 8


@st.composite
def metrics(draw: st.DrawFn) -> dict[str, Value]:
    """Thirty days of one merchant: every count of a part at most the whole."""
    orders = draw(COUNTS)
    to_ship, shipped, reviews = (draw(st.integers(0, orders)) for _ in range(3))
    sessions = draw(st.integers(0, 1000))
    return {
        "now": NOW,
        "category": "fresh",
        "level": draw(st.integers(0, 7)),
        "level_since": NOW - timedelta(days=31),
        "level_changed": draw(st.booleans()),
        "orders": orders,
        "valid_orders": orders,
        "orders_to_ship": to_ship,
        "on_time_orders": draw(st.integers(0, to_ship)),
        "shipped_orders": shipped,
        "false_orders": draw(st.integers(0, shipped)),
        "im_sessions": sessions,
        "im_waiting": Span(0, draw(st.integers(0, sessions * 600))),
        "reviews": reviews,
        "service_good": draw(st.integers(0, reviews)),
        "product_good": draw(st.integers(0, reviews)),
        "complaints": draw(st.integers(0, orders)),
    }


@given(metrics())
def test_a_level_moves_by_one_at_most_and_stays_within_its_ends(facts: dict[str, Value]) -> None:
    answer = evaluate(LEVEL, "evaluation", facts)
    level, new = facts["level"], answer.outputs["new_level"]
    assert isinstance(level, int)
    assert isinstance(new, int)
    assert answer.status == "decided"
    assert abs(new - level) <= 1
    assert 0 <= new <= 7
    moved = {"rise": 1, "fall": -1, "stay": 0}[str(answer.outputs["movement"])]
    assert new - level == moved
    next_at = answer.outputs["next_evaluation"]
    assert isinstance(next_at, datetime)
    wait = next_at - NOW
    assert wait == timedelta(days=30) if moved else timedelta(0) < wait <= timedelta(days=1)


@given(SCORES, SCORES, SCORES)
def test_the_score_is_the_weighted_sum(one: Fraction, two: Fraction, three: Fraction) -> None:
    facts: dict[str, Value] = {"product_score": one, "logistics_score": two, "service_score": three}
    assert _score(evaluate(BEFORE, "score", facts)) == one / 2 + two * 15 / 100 + three * 35 / 100
    revised = one * 425 / 1000 + two / 5 + three * 375 / 1000
    assert _score(evaluate(REVISED, "score", facts)) == revised


def _score(answer: Answer) -> Fraction:
    found = answer.outputs["score"]
    assert isinstance(found, (int, Fraction))
    return Fraction(found)


@given(st.integers(5000, 10_000), st.integers(0, 20), st.integers(0, 3))
def test_the_formal_score_lies_between_50_and_100_and_bad_acts_never_raise_it(
    points: int, acts: int, fakes: int
) -> None:
    clean = _formal(Fraction(points, 100), 0, 0)
    tainted = _formal(Fraction(points, 100), acts, fakes)
    assert 50 <= tainted <= clean <= 100
    assert clean - tainted <= 30


def _formal(points: Fraction, acts: int, fakes: int) -> Fraction:
    facts: dict[str, Value] = {
        "valid_paid_orders": 1000, "shop_type": "enterprise", "bad_acts": acts, "fake_trades": fakes,
        "product_score": points, "logistics_score": points, "service_score": points,
        "product_weight": Fraction(2, 5), "logistics_weight": Fraction(3, 10),
        "service_weight": Fraction(3, 10), "remote_orders": 0,
    }  # fmt: skip
    return _score(evaluate(RECENT, "score", facts))


@given(st.integers(1, 2_000_000), st.booleans())
def test_fraud_shipping_pays_whole_yuan_within_its_bounds(paid: int, metal: bool) -> None:
    facts: dict[str, Value] = {
        "kind": "empty_parcel", "consumer_excluded": False, "paid": paid, "investment_metal": metal,
    }  # fmt: skip
    amount = evaluate(FRAUD, "compensation", facts).outputs["compensation"]
    assert isinstance(amount, int)
    assert amount % 100 == 0
    most = 1000 if paid < 1000 else 100_000 if metal else 50_000
    assert (500 if paid < 1000 else 1000) <= amount <= most


@given(st.integers(0, 8 * 366 * 86400))
def test_the_desk_is_open_from_nine_to_midnight_beijing_time(seconds: int) -> None:
    instant = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    hour = (instant + timedelta(hours=8)).hour
    assert evaluate(HOURS, "open", {"now": instant}).outputs["open"] == (hour >= 9)


@pytest.mark.parametrize(
    ("subject", "instant", "version"),
    [
        ("douyin/experience-score", "2022-06-20T23:59:59+08:00", "2020-10-09"),
        ("douyin/experience-score", "2022-06-21T00:00:00+08:00", "2022-06-21"),
        ("douyin/experience-score", "2026-05-06T23:59:59+08:00", "2022-06-21"),
        ("douyin/experience-score", "2026-05-07T00:00:00+08:00", "2026-05-07"),
        ("douyin/experience-score", "2026-07-14T00:00:00+08:00", "2026-07-14"),
        ("douyin/store-authorisation", "2026-07-15T23:59:59+08:00", "2022-05-15"),
        ("douyin/store-authorisation", "2026-07-16T00:00:00+08:00", "2026-07-16"),
        ("douyin/dispute", "2026-06-12T23:59:59+08:00", "2023-07-29"),
        ("douyin/dispute", "2026-06-13T00:00:00+08:00", "2026-06-13"),
        ("douyin/merchant-level", "2020-04-10T00:00:00+08:00", "2020-04-10"),
    ],
)
def test_the_version_of_the_day(subject: str, instant: str, version: str) -> None:
    assert SHELF.in_force(subject, parse_instant(instant)).version == version
