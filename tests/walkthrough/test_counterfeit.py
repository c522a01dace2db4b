"""Counterfeit 假货: tested and proven; goods back, both freights, and three times the price."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("paid", "damages"),
    [(30000, 90000), (9900, 50000)],
    ids=["three times", "at least 500 yuan"],
)
def test_the_buyer_gets_three_times_the_price_on_top(
    db: Address, lang: str, paid: int, damages: int
) -> None:
    walk = Walk("douyin", lang, "2026-09-01T10:00:00")
    walk.order(
        placed_at="2026-08-20T09:00:00", paid_at="2026-08-20T09:01:00",
        shipped_at="2026-08-21T09:00:00", signed_at="2026-08-23T09:00:00",
        tracking_number="SF1", freight_fen=1000,
        lines=[{"line_id": "1", "title": "香水", "quantity": 1, "paid_fen": paid}],
    )  # fmt: skip
    walk.open("return_refund", "counterfeit")
    walk.act("merchant", "reject", reason="正品")
    walk.act("buyer", "escalate")
    report = walk.evidence("buyer", "appraisal", "检测报告：非品牌方生产")
    challenged = walk["merchant"].post(
        f"/cases/{walk.case_id}/evidence/{report}/challenges", {"reason": "检测机构无资质"}
    )
    assert challenged.status == 200
    walk.act("arbitrator", "close_evidence")
    walk.finding("arbitrator", "inspection", "proven", report)
    case = walk.act("arbitrator", "rule")
    ruling = case["rulings"][-1]
    assert "ruling/counterfeit-tested" in ruling["rows"]
    assert {"DY-ZZ-59", "DY-ZZ-67", "LAW-CPL-55"} <= set(ruling["cite"])
    assert (ruling["liable"], ruling["compensation_fen"]) == ("merchant", damages)
    walk.act("buyer", "ship_return", tracking_number="YT1", return_freight_fen=1500)
    case = walk.act("merchant", "confirm_receipt")
    purposes = {t["purpose"]: t["amount_fen"] for g in case["grants"] for t in g["transfers"]}
    assert purposes == {
        "goods": paid, "outbound_freight": 1000, "return_freight": 1500, "compensation": damages,
    }  # fmt: skip
    assert walk.pay_all() == paid + 1000 + 1500 + damages
    walk.at("2026-09-20T10:00:00")
    assert walk.balances("2026-09-20") == {"buyer": 1500 + damages, "merchant": -1500 - damages}
    everything_holds()
