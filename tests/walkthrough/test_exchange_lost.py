"""Exchange 换货: what the merchant sent instead is lost on the way; the carrier bears it."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk

PAID = 45600


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_buyer_is_refunded_and_the_carrier_makes_the_merchant_whole(
    db: Address, lang: str
) -> None:
    walk = Walk("taobao", lang, "2026-03-01T10:00:00")
    walk.order(
        placed_at="2026-02-20T09:00:00", paid_at="2026-02-20T09:01:00",
        shipped_at="2026-02-21T09:00:00", signed_at="2026-02-26T09:00:00",
        tracking_number="SF1",
        lines=[{"line_id": "1", "title": "键盘", "quantity": 1, "paid_fen": PAID}],
    )  # fmt: skip
    case = walk.open("exchange", "quality")
    assert case["tracks"]["after_sale"]["process"] == "exchange"
    walk.act("merchant", "agree")
    assert walk.act("buyer", "ship_return", tracking_number="YT1")["goods"] == "in_return"
    assert walk.act("merchant", "confirm_receipt")["stage"] == "awaiting_exchange"
    case = walk.act("merchant", "resend", tracking_number="SF2")
    assert (case["stage"], case["goods"]) == ("exchange_sent", "resent")

    loss = {"proof": "承运商证明 7 号"}
    for name in ("buyer", "merchant", "arbitrator"):  # only the platform takes a parcel for lost
        refused = walk[name].post(f"/cases/{walk.case_id}/loss", loss)
        assert (refused.status, refused.code) == (403, "permission.role")
    lost = walk["operator"].post(f"/cases/{walk.case_id}/loss", loss)
    assert lost.status == 200, lost.body
    case = walk.case()
    assert (case["stage"], case["outcome"], case["goods"]) == ("refunded", "refunded", "lost")
    assert walk.kinds() == [
        "opened", "acted", "return_address_given", "acted", "acted", "acted",
        "parcel_lost", "acted", "money_granted", "closed",
    ]  # fmt: skip
    (grant,) = case["grants"]
    assert grant["transfers"] == [
        {"giver": "merchant", "taker": "buyer", "amount_fen": PAID, "purpose": "goods"},
        {"giver": "carrier", "taker": "merchant", "amount_fen": PAID, "purpose": "recoupment"},
    ]
    assert walk.pay_all() == PAID
    # The merchant has the money of a sale and none of the goods; the carrier paid for them.
    assert walk.balances("2026-03-01") == {"carrier": -PAID, "merchant": PAID}
    everything_holds()
