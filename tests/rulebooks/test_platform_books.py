"""What the books on Tmall, Taobao, JD, Kuaishou scores and the law promise beyond their golden cases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.money import round_half_up
from gongdao.core.kernel.time import BEIJING, parse_instant
from gongdao.core.process.clocks import due
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.library.shelf import Shelf

if TYPE_CHECKING:
    from gongdao.core.rulebook.model import Value

SHELF = Shelf()
TMALL = SHELF.exact("tmall/after-sale@2023-04-01")
TMALL_NEW = SHELF.exact("tmall/after-sale@2026-08-11")
LOGISTICS = SHELF.exact("tmall/logistics@2026-04-09")
JD_PAY = SHELF.exact("jd/customer-service@2023-04-20")
JD_DISPUTE = SHELF.exact("jd/dispute@2025-07-04")
KUAISHOU = SHELF.exact("kuaishou/shop-score@2023-07-12")
SEVEN_DAYS = SHELF.exact("law/seven-day-return@2017-03-15")
CONSUMER = SHELF.exact("law/consumer-protection@2014-03-15")
FEN = st.integers(0, 10_000_000)
INSTANTS = st.integers(0, 6 * 365 * 86400).map(
    lambda s: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)


@given(paid=FEN)
def test_out_of_stock_pays_thirty_per_cent_to_the_fen_and_never_more_than_500_yuan(
    paid: int,
) -> None:
    facts: dict[str, Value] = {
        "shipped": False, "paid_order": True, "paid": paid, "reason": "out_of_stock",
    }  # fmt: skip
    answer = evaluate(TMALL, "compensation", facts)
    assert answer.outputs["amount"] == min(round_half_up(Fraction(paid * 30, 100)), 50_000)


@given(paid=FEN, after=st.integers(-10 * 86400, 10 * 86400))
def test_late_shipping_on_tmall_never_pays_outside_5_to_500_yuan(paid: int, after: int) -> None:
    paid_at = parse_instant("2026-09-01T10:00:00+08:00")
    facts: dict[str, Value] = {
        "shipped": False,
        "paid_order": True,
        "paid": paid,
        "paid_at": paid_at,
        "reason": "late_shipping",
        "now": paid_at + timedelta(days=10, seconds=after),
    }
    out = evaluate(TMALL_NEW, "compensation", facts).outputs
    amount = out["amount"]
    assert isinstance(amount, int)
    assert 500 <= amount <= 50_000 if out["claimable"] else amount == 0


@given(paid=FEN, already=st.integers(0, 60_000))
def test_a_buyer_and_a_day_never_cost_a_tmall_seller_more_than_500_yuan(
    paid: int, already: int
) -> None:
    facts: dict[str, Value] = {"unrelated_or_empty": True, "paid": paid, "paid_today": already}
    amount = evaluate(LOGISTICS, "compensation", facts).outputs["amount"]
    assert isinstance(amount, int)
    assert amount >= 0
    assert already + amount <= max(already, 50_000)


@given(
    base=st.integers(110_000, 500_000),
    sales=FEN,
    returns=FEN,
    silent=FEN,
    silent_returns=FEN,
    agents=st.integers(1, 50),
)
def test_jd_pay_is_rounded_once(
    base: int, sales: int, returns: int, silent: int, silent_returns: int, agents: int
) -> None:
    facts: dict[str, Value] = {
        "month_ended": True,
        "base_salary": base,
        "own_sales": sales,
        "own_returns": returns,
        "silent_sales": silent,
        "silent_returns": silent_returns,
        "agents": agents,
    }
    exact = (
        base
        + Fraction(2 * sales - 4 * returns, 100)
        + Fraction(silent - silent_returns, 100 * agents)
    )
    assert evaluate(JD_PAY, "pay", facts).outputs["amount"] == round_half_up(exact)


@pytest.mark.parametrize(
    ("team_conversion", "team_basket"), [(Fraction(0), 100), (Fraction(1, 4), 0), (Fraction(0), 0)]
)
def test_a_team_value_of_zero_is_an_error_and_no_amount(
    team_conversion: Fraction, team_basket: int
) -> None:
    facts: dict[str, Value] = {
        "people_received": 10,
        "bonus_base": 100,
        "conversion": Fraction(1, 2),
        "own_basket": 5000,
        "team_conversion": team_conversion,
        "team_basket": team_basket,
        "flexible": 0,
    }
    out = evaluate(JD_PAY, "performance", facts).outputs
    assert str(out["status"]).endswith("_zero")
    assert out.get("total") is None


@given(start=INSTANTS)
def test_jd_evidence_is_four_hours_of_the_working_day(start: datetime) -> None:
    clock = JD_DISPUTE.processes["arbitration"].states["evidence"].clocks[0]
    end = due(clock, start, {})
    assert end is not None
    assert time(9) <= end.astimezone(BEIJING).time() <= time(18)
    counted, day = timedelta(0), start.astimezone(BEIJING).date()
    while day <= end.astimezone(BEIJING).date():
        opens = datetime.combine(day, time(9), BEIJING)
        closes = datetime.combine(day, time(18), BEIJING)
        counted += max(min(closes, end) - max(opens, start), timedelta(0))
        day += timedelta(days=1)
    assert counted == timedelta(hours=4)


@given(disputes=st.integers(0, 200), completed=st.integers(0, 50_000))
def test_kuaishou_passes_below_four_disputes_or_at_most_35_in_ten_thousand(
    disputes: int, completed: int
) -> None:
    facts: dict[str, Value] = {"merchant_fault_disputes": disputes, "completed_refunds": completed}
    verdict = evaluate(KUAISHOU, "assessment", facts).outputs["verdict"]
    if disputes > completed:
        assert verdict == "contradictory"
    else:
        passes = disputes < 4 or disputes * 10_000 <= 35 * completed
        assert verdict == ("passes" if passes else "fails")


@given(signed=INSTANTS, waited=st.integers(0, 20 * 86400))
def test_the_seven_days_end_at_midnight_in_beijing(signed: datetime, waited: int) -> None:
    asked = signed + timedelta(seconds=waited)
    facts: dict[str, Value] = {
        "distance_selling": True,
        "goods_class": "ordinary",
        "received": True,
        "signed_at": signed,
        "opened_at": asked,
        "complete": True,
        "goods_kind": "another",
    }
    last_day = signed.astimezone(BEIJING).date() + timedelta(days=8)
    in_time = asked <= datetime.combine(last_day, time(0), BEIJING)
    assert evaluate(SEVEN_DAYS, "return_right", facts).outputs["open"] is in_time


@given(price=FEN, loss=FEN)
def test_punitive_damages_keep_their_floors(price: int, loss: int) -> None:
    fraud: dict[str, Value] = {
        "fraud": True, "food_below_standard": False, "knowing": False, "price": price,
    }  # fmt: skip
    food: dict[str, Value] = {
        "food_below_standard": True, "harmless_flaw": False, "price": price, "loss": loss,
    }  # fmt: skip
    assert evaluate(CONSUMER, "punitive", fraud).outputs["damages"] == max(3 * price, 50_000)
    assert evaluate(CONSUMER, "punitive", food).outputs["damages"] == max(
        10 * price, 3 * loss, 100_000
    )
