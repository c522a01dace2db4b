"""Seven-day return 七天无理由: the gift did not come back and is charged at its marked price."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk

LINES = [
    {"line_id": "1", "title": "茶壶", "quantity": 1, "paid_fen": 19900},
    {"line_id": "g", "title": "茶巾", "quantity": 1, "paid_fen": 0, "own_price_fen": 1500,
     "gift": True},
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_price_less_the_gift_comes_back(db: Address, lang: str) -> None:
    walk = Walk("kuaishou", lang, "2024-03-01T10:00:00")
    walk.order(
        placed_at="2024-02-20T09:00:00", paid_at="2024-02-20T09:01:00",
        shipped_at="2024-02-21T09:00:00", signed_at="2024-02-26T09:00:00",
        tracking_number="SF1", freight_fen=1200, freight_prepaid_by="merchant", lines=LINES,
    )  # fmt: skip
    case = walk.open("return_refund", "no_reason")
    assert case["tracks"]["after_sale"]["rulebook"] == "kuaishou/after-sale@2024-01-03"
    assert case["requested_fen"] == 19900
    assert case["deadlines"][0]["cite"] == ["KS-AS-09"]
    walk.time_runs_out()  # 48 h of silence: the system agrees
    case = walk.case()
    assert (case["stage"], case["goods"]) == ("awaiting_return", "with_buyer")
    assert case["deadlines"][0]["reason"]["zh"].startswith("用户须在 7 天内填写退货单号")
    lacking = walk.refused("buyer", "ship_return")
    assert (lacking.status, lacking.code) == (422, "case.field_required")
    assert walk.act("buyer", "ship_return", tracking_number="YT7")["goods"] == "in_return"
    seen = walk["merchant"].post(
        f"/cases/{walk.case_id}/inspection", {"condition": "intact", "missing_gifts": ["g"]}
    )
    assert seen.body["case"]["inspection"]["charged_fen"] == 1500
    case = walk.act("merchant", "confirm_receipt")
    assert (case["outcome"], case["goods"]) == ("returned_refunded", "returned")
    (grant,) = case["grants"]
    assert [t["amount_fen"] for t in grant["transfers"]] == [18400]
    assert {"KS-AS-12", "KS-AS-13", "KS-AS-14"} <= set(grant["cite"])
    assert walk.pay_all() == 18400
    assert walk.balances("2024-03-04") == {"buyer": -1500, "merchant": 1500}
    assert walk.case()["counts"]["in_dispute_rate"] is False
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_gift_cannot_be_charged_before_anything_came_back(db: Address, lang: str) -> None:
    walk = Walk("kuaishou", lang, "2024-03-01T10:00:00")
    walk.order(
        placed_at="2024-02-20T09:00:00", paid_at="2024-02-20T09:01:00",
        shipped_at="2024-02-21T09:00:00", signed_at="2024-02-26T09:00:00", lines=LINES,
    )  # fmt: skip
    walk.open("return_refund", "no_reason")
    before = walk.kinds()
    early = walk["merchant"].post(
        f"/cases/{walk.case_id}/inspection", {"condition": "intact", "missing_gifts": ["g"]}
    )
    assert (early.status, early.code) == (409, "parcel.nothing_back")
    assert walk.kinds() == before
