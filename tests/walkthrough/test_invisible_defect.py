"""A defect no photo shows: the same facts under Douyin's rule of 2023 and under that of 2026.

The buyer only describes it, the merchant's papers do not prove where the goods come from. In 2023
nobody's fault is found: goods back, and the buyer pays to send them. In 2026 proving the source is
the merchant's first turn, and failing it he is liable for both ways.
"""

from __future__ import annotations

from typing import Any

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk

PAID, OUT, BACK = 29900, 1000, 1500


def reviewed(lang: str, year: int) -> Walk:
    """A dispute of `year` whose evidence is closed."""
    walk = Walk("douyin", lang, f"{year}-09-01T10:00:00")
    walk.order(
        placed_at=f"{year}-08-20T09:00:00", paid_at=f"{year}-08-20T09:01:00",
        shipped_at=f"{year}-08-21T09:00:00", signed_at=f"{year}-08-23T09:00:00",
        tracking_number="SF1", freight_fen=OUT,
        lines=[{"line_id": "1", "title": "电饭煲", "quantity": 1, "paid_fen": PAID}],
    )  # fmt: skip
    walk.open("return_refund", "quality", description="煮不熟，外观看不出来")
    walk.act("merchant", "reject", reason="出厂检验合格")
    walk.act("buyer", "escalate")
    walk.evidence("buyer", "photo", "外观照片，看不出问题")
    walk.evidence("merchant", "purchase_proof", "一张看不清的进货单")
    walk.act("arbitrator", "close_evidence")
    return walk


def rule(walk: Walk, **findings: Any) -> dict[str, Any]:
    """Let the arbitrator find the facts and rule; return the ruling."""
    proof = walk.case()["evidence"][-1]["id"]
    undecided = walk.refused("arbitrator", "rule")
    assert (undecided.status, undecided.code) == (409, "case.ruling_undecided")
    for name, value in findings.items():
        walk.finding("arbitrator", name, value, proof)
    return walk.act("arbitrator", "rule")["rulings"][-1]


def returned(walk: Walk) -> dict[str, Any]:
    """Let the goods go back, the freight of it paid by the buyer at first."""
    walk.act("buyer", "ship_return", tracking_number="YT1", return_freight_fen=BACK)
    return walk.act("merchant", "confirm_receipt")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_2023_a_description_does_not_win(db: Address, lang: str) -> None:
    walk = reviewed(lang, 2023)
    ruling = rule(walk, quality_defect="unproven", buyer_proof="weak", merchant_proof="weak")
    assert ruling["rulebook"] == "douyin/dispute@2023-07-29"
    assert "ruling/quality-unclear" in ruling["rows"]
    assert "DY-DISPUTE-10" in ruling["cite"]
    assert (ruling["remedy"], ruling["liable"]) == ("return_refund", "none")
    case = returned(walk)
    (grant,) = case["grants"]
    assert walk.pay_all() == PAID + OUT  # the way back stays his
    assert {t["purpose"] for t in grant["transfers"]} == {"goods", "outbound_freight"}
    walk.at("2023-09-20T10:00:00")
    assert walk.balances("2023-09-20") == {}
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_2026_the_source_is_the_merchants_to_prove(db: Address, lang: str) -> None:
    walk = reviewed(lang, 2026)
    ruling = rule(walk, visible=False, buyer_proof="weak", merchant_proof="weak")
    assert ruling["rulebook"] == "douyin/dispute@2026-06-13"
    assert "ruling/invisible" in ruling["rows"]
    assert {"DY-ZZ-46", "DY-ZZ-59"} <= set(ruling["cite"])
    assert (ruling["remedy"], ruling["liable"]) == ("return_refund", "merchant")
    told = walk.statement("merchant")
    lines = [line for section in told.values() for line in section]
    assert any("DY-ZZ-59" in line for line in lines)
    returned(walk)
    assert walk.pay_all() == PAID + OUT + BACK
    walk.at("2026-09-20T10:00:00")
    assert walk.balances("2026-09-20") == {"buyer": BACK, "merchant": -BACK}
    everything_holds()
