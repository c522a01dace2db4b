"""False shipping 虚假发货: a tracking number was entered and no parcel ever moved."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_buyer_gets_all_back_and_the_merchant_is_liable(db: Address, lang: str) -> None:
    walk = Walk("douyin", lang, "2024-03-05T10:00:00")
    walk.order(
        placed_at="2024-03-01T09:00:00", paid_at="2024-03-01T09:01:00",
        shipped_at="2024-03-02T09:00:00", tracking_number="SF1", freight_fen=800,
        lines=[{"line_id": "1", "title": "台灯", "quantity": 1, "paid_fen": 12900}],
    )  # fmt: skip
    case = walk.open("refund_only", "false_shipping")
    assert case["tracks"]["after_sale"]["process"] == "refund_not_received"
    assert case["requested_fen"] == 13700
    walk.act("merchant", "reject", reason="已揽收")
    walk.act("buyer", "escalate")
    trace = walk.evidence("buyer", "tracking", "四天没有任何揽收记录")
    walk.act("arbitrator", "close_evidence")
    wanted = walk.refused("arbitrator", "rule")
    assert (wanted.status, wanted.code) == (409, "case.ruling_undecided")
    assert wanted.body["detail"] == walk.said(
        "依现有事实尚不能裁决，还需认定：物流信息、收货地址错误、双方已协商一致",
        "the facts found do not settle the ruling; still needed: "
        "logistics information, error in the address, the parties reached agreement",
    )
    assert [f["field"] for f in wanted.body["findings"]] == [
        "facts.logistics_info", "facts.address_error", "facts.agreement_reached",
    ]  # fmt: skip
    walk.finding("arbitrator", "logistics_info", "blank", trace)
    walk.finding("arbitrator", "address_error", "none", trace)
    ruling = walk.act("arbitrator", "rule")["rulings"][-1]
    assert "ruling/false-shipping" in ruling["rows"]
    assert {"DY-DISPUTE-19", "DY-DISPUTE-23"} <= set(ruling["cite"])
    assert (ruling["remedy"], ruling["liable"]) == ("refund_only", "merchant")
    case = walk.case()
    assert (case["stage"], case["money"]) == ("refunded", "granted")
    assert walk.pay_all() == 13700
    assert case["counts"] == {
        "in_dispute_rate": True, "in_score": True, "penalty_stands": False,
    }  # fmt: skip
    walk.time_runs_out()  # nobody appeals
    assert walk.case()["arbitration"] == "final"
    assert walk.balances("2024-03-12") == {}
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_parcel_moves_the_platform_does_not_step_in(db: Address, lang: str) -> None:
    walk = Walk("douyin", lang, "2024-03-05T10:00:00")
    walk.order(
        placed_at="2024-03-01T09:00:00", paid_at="2024-03-01T09:01:00",
        shipped_at="2024-03-02T09:00:00", tracking_number="SF1",
        lines=[{"line_id": "1", "title": "台灯", "quantity": 1, "paid_fen": 12900}],
    )  # fmt: skip
    walk.open("refund_only", "false_shipping")
    walk.act("merchant", "reject", reason="运输正常")
    walk.act("buyer", "escalate")
    trace = walk.evidence("merchant", "tracking", "每日均有运输记录")
    walk.act("arbitrator", "close_evidence")
    walk.finding("arbitrator", "logistics_info", "normal", trace)
    ruling = walk.act("arbitrator", "rule")["rulings"][-1]
    case = walk.case()
    assert (ruling["remedy"], case["stage"], case["grants"]) == ("not_accepted", "dismissed", [])
    assert ruling["cite"]
    assert walk.balances("2024-03-05") == {"buyer": -12900, "merchant": 12900}
    everything_holds()
