"""Cash on delivery 货到付款: no refund voucher in 48 h, so the platform pays and takes it back."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import SHOP, everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk


def received(lang: str) -> Walk:
    """A COD return that the merchant has received."""
    walk = Walk("kuaishou", lang, "2024-03-01T10:00:00")
    walk.order(
        payment="cod", placed_at="2024-02-20T09:00:00", shipped_at="2024-02-21T09:00:00",
        signed_at="2024-02-26T09:00:00", tracking_number="SF1",
        lines=[{"line_id": "1", "title": "雨伞", "quantity": 1, "paid_fen": 8800}],
    )  # fmt: skip
    deposit = walk["operator"].post(
        f"/payments/deposits/{SHOP}", {"amount_fen": 100000, "external_ref": "D-1"}
    )
    assert deposit.status == 200, deposit.body
    walk.open("return_refund", "quality")
    walk.act("merchant", "agree")
    walk.act("buyer", "ship_return", tracking_number="YT1")
    walk.act("merchant", "confirm_receipt")
    return walk


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_platform_pays_in_advance_and_recoups(db: Address, lang: str) -> None:
    walk = received(lang)
    case = walk.case()
    assert case["stage"] == "awaiting_voucher"
    (deadline,) = case["deadlines"]
    assert deadline["cite"] == ["KS-AS-19", "KS-AS-20"]
    assert deadline["reason"][walk.said("zh", "en")].startswith(
        walk.said(
            "商家须在确认收货后 48 小时内上传退款凭证，逾期先行赔付并处罚",
            "the voucher is due within 48 h of receipt; then advance payout and a penalty",
        )
    )
    walk.time_runs_out()
    case = walk.case()
    assert (case["stage"], case["outcome"]) == ("advanced", "returned_refunded")
    assert [p["code"] for p in case["penalties"]] == ["missed_refund_voucher"]
    assert case["counts"]["penalty_stands"] is True
    assert walk.pay_all() == 8800
    assert walk.case()["money"] == "confirmed"
    # 88.00 came out of the 1,000.00 that the merchant had deposited.
    assert walk.balances("2024-03-04") == {"deposit": 91200, "merchant": -91200}
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_voucher_in_time_ends_it_without_penalty(db: Address, lang: str) -> None:
    walk = received(lang)
    case = walk.act("merchant", "upload_voucher", voucher="V-1")
    assert (case["outcome"], case["penalties"]) == ("returned_refunded", [])
    assert walk.balances("2024-03-04") == {"deposit": 100000, "merchant": -100000}
    everything_holds()
