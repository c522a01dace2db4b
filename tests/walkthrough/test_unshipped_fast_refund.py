"""Unshipped, fast refund 极速退款: the merchant's own strategy agrees the moment the buyer asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongdao.store.postgres import Address
from tests.app.world import SHOP, everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk

STRATEGY = Path(__file__).parents[2] / "rulebooks" / "merchant" / "fast-refund" / "2020-01-01.yaml"
PLACE = f"/shops/{SHOP}/strategies/fast-refund/1"
LINES = [{"line_id": "1", "title": "杯子", "quantity": 2, "paid_fen": 9000}]


def switched_on(lang: str) -> Walk:
    """A shop that has tried and switched on its strategy, and an order not yet shipped."""
    walk = Walk("kuaishou", lang, "2024-03-01T10:00:00")
    kept = walk["merchant"].post(f"/shops/{SHOP}/strategies", {"text": STRATEGY.read_text()})
    assert (kept.status, kept.body["remarks"]) == (200, [])
    early = walk["merchant"].post(f"{PLACE}/switch", {"on": True})
    assert (early.status, early.code) == (409, "strategy.not_tried")
    assert early.body["detail"] == walk.said(
        "该策略还没有试跑过", "this version has not been tried yet"
    )
    assert walk["merchant"].post(f"{PLACE}/dry-run", {}).status == 200
    assert walk["merchant"].post(f"{PLACE}/switch", {"on": True}).body[0]["is_on"] is True
    paid = {"placed_at": "2024-03-01T09:00:00", "paid_at": "2024-03-01T09:01:00"}
    walk.order(**paid, freight_fen=1000, lines=LINES)
    return walk


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_refunded_at_once_by_the_strategy(db: Address, lang: str) -> None:
    walk = switched_on(lang)
    case = walk.open("refund_only", "not_wanted")
    assert (case["stage"], case["outcome"], case["money"]) == ("refunded", "refunded", "granted")
    assert case["deadlines"] == []
    assert walk.kinds() == ["opened", "acted", "money_granted", "closed"]
    acted = walk.events()[1]
    assert acted["actor"] == "strategy:fast-refund@1"
    assert acted["payload"]["cite"] == "KS-SCORE-16,MERCHANT-1"
    (grant,) = case["grants"]
    assert grant["transfers"] == [
        {"giver": "merchant", "taker": "buyer", "amount_fen": 10000, "purpose": "goods"}
    ]
    assert walk.pay_all() == 10000
    assert walk.case()["money"] == "confirmed"
    assert walk.balances("2024-03-01") == {}  # paid 100.00, given back 100.00
    assert case["counts"]["in_dispute_rate"] is False
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_above_its_limit_the_strategy_leaves_it_to_the_merchant_and_his_clock(
    db: Address, lang: str
) -> None:
    walk = switched_on(lang)
    dear = [{"line_id": "1", "title": "杯子", "quantity": 1, "paid_fen": 50001}]
    walk.order(
        order_id="A-2", placed_at="2024-03-01T09:00:00", paid_at="2024-03-01T09:01:00", lines=dear
    )
    case = walk.open("refund_only", "not_wanted", order_id="A-2")
    assert case["stage"] == "awaiting_merchant"
    (deadline,) = case["deadlines"]
    assert deadline["reason"][walk.said("zh", "en")].startswith(
        walk.said(
            "商家须在期限内答复，逾期视为同意：48 小时，自 2024-03-01 10:0",
            "the merchant must answer in time; silence is agreement: 48 h from 2024-03-01 10:0",
        )
    )
    walk.time_runs_out()
    assert walk.case()["outcome"] == "refunded"
    assert walk.pay_all() == 50001
    everything_holds()
