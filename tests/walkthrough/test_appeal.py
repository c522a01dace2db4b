"""An appeal 申诉 that gives the merchant his score back, and leaves the buyer his refund."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.disputes import PAID, ruled
from tests.walkthrough.walk import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_score_is_lifted_and_the_refund_stays(db: Address, lang: str) -> None:
    walk = ruled("kuaishou", lang)
    case = walk.case()
    assert case["counts"] == {"in_dispute_rate": True, "in_score": True, "penalty_stands": True}
    appeal = next(d for d in case["deadlines"] if d["name"] == "appeal")
    assert appeal["cite"] == ["HOUSE-4"]
    case = walk.act("merchant", "appeal", ground="新证据")
    assert case["arbitration"] == "appealed"
    assert "lift_part" not in walk.offered("arbitrator")  # who ruled does not decide the appeal
    walk.act("reviewer", "lift_part", part="score", note="物流途中破损，不计考核")
    case = walk.act("reviewer", "uphold")
    assert case["arbitration"] == "final"
    assert case["counts"] == {"in_dispute_rate": True, "in_score": False, "penalty_stands": True}
    assert [(x["part"], x["reason"]) for x in case["lifts"]] == [
        ("score", "物流途中破损，不计考核")
    ]
    assert [(g["state"], len(g["transfers"])) for g in case["grants"]] == [("confirmed", 1)]
    assert walk.pay_all() == 0
    assert walk.balances("2024-03-01") == {}
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_appeal_too_late_is_refused_and_changes_nothing(db: Address, lang: str) -> None:
    walk = ruled("kuaishou", lang)
    walk.time_runs_out()
    before = walk.case()
    late = walk.refused("merchant", "appeal", ground="新证据")
    assert late.status == 409
    assert walk.case() == before
    assert before["arbitration"] == "final"
    assert walk.balances("2024-03-09") == {}
    assert sum(t["amount_fen"] for g in before["grants"] for t in g["transfers"]) == PAID
