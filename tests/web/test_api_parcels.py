"""The API on parcels: orders of several, return addresses, couriers, parcels sent back."""

from __future__ import annotations

import pytest

from tests.app.world import MARKET, SHOP, everything_holds, one
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
ADDRESS = {
    "return_name": "李仓管",
    "return_phone": "13912345678",
    "return_region": "浙江省",
    "return_address": "杭州市文一路 9 号",
}


def test_an_order_is_told_with_its_parcels_and_shown_with_them() -> None:
    order = {
        "order_id": "split", "shop_id": SHOP, "buyer_id": "b1", "platform": "kuaishou",
        "payment": "online", "placed_at": "2024-02-20T10:00:00+08:00",
        "paid_at": "2024-02-20T10:00:00+08:00",
        "lines": [{"line_id": "1", "title": "杯子", "quantity": 2, "paid_fen": 9000}],
        "parcels": [
            {
                "tracking_number": "A", "lines": [{"line_id": "1", "quantity": 1}],
                "shipped_at": "2024-02-21T10:00:00+08:00", "signed_at": "2024-02-23T10:00:00+08:00",
            },
            {
                "tracking_number": "B", "carrier": "顺丰", "lines": [{"line_id": "1", "quantity": 1}],
                "shipped_at": "2024-02-22T10:00:00+08:00",
            },
        ],
    }  # fmt: skip
    operator = Program("operator")
    told = operator.post("/orders", {"marketplace_id": MARKET, "orders": [order]})
    assert told.body["new"] == 1
    shown = Program("buyer").get(f"/orders/{SHOP}/split").body["order"]
    assert [p["tracking_number"] for p in shown["parcels"]] == ["A", "B"]
    assert (shown["shipped_at"], shown["signed_at"]) == ("2024-02-21T10:00:00+08:00", None)
    order["parcels"][1]["lines"][0]["quantity"] = 2  # type: ignore[index]
    refused = operator.post("/orders", {"marketplace_id": MARKET, "orders": [order]}).body
    assert [(r["code"], r["field"]) for r in refused["refused"]] == [
        ("order.bad_parcel", "parcels.1.lines")
    ]


def test_the_owner_sets_the_shops_address_and_the_buyer_is_told_it() -> None:
    place = f"/shops/{SHOP}/return-address"
    owner, agent = Program("merchant"), Program("merchant-agent")
    assert agent.put(place, ADDRESS).status == 403
    assert Program("other-merchant").put(place, ADDRESS).status == 404
    bad = owner.put(place, ADDRESS | {"return_phone": "x"})
    assert (bad.status, bad.code) == (422, "return_address.bad_phone")
    assert owner.put(place, ADDRESS).body == ADDRESS | {"of_shop": True}
    assert agent.get(place).body["return_name"] == "李仓管"
    assert Program("buyer").get(place).status == 403
    case_id = opened(Program("buyer"), claim="return_refund")
    owner.act(case_id, "agree")
    told = Program("buyer").get(f"/cases/{case_id}").body["case"]["return_address"]
    assert told == ADDRESS | {"of_shop": False}
    own = ADDRESS | {"return_address": "二号库"}
    moved = agent.post(f"/cases/{case_id}/return-address", own)
    assert moved.body["case"]["return_address"]["return_address"] == "二号库"
    masked = Program("operator").get(f"/cases/{case_id}").body["case"]["return_address"]
    assert "13912345678" not in str(masked)


def test_a_courier_and_further_parcels_by_the_api() -> None:
    buyer, operator, merchant = Program("buyer"), Program("operator"), Program("merchant")
    case_id = opened(buyer, claim="return_refund")
    merchant.act(case_id, "agree")
    asked = buyer.post(
        f"/cases/{case_id}/pickups",
        {
            "slot_from": "2024-03-02T09:00:00+08:00", "slot_until": "2024-03-02T12:00:00+08:00",
            "pickup_address": "杭州", "contact_name": "王", "contact_phone": "13900001111",
        },
    )  # fmt: skip
    assert (asked.status, asked.body["case"]["pickups"][0]["state"]) == (200, "requested")
    report = {"state": "collected", "tracking_number": "SF8", "freight_fen": 1200}
    assert buyer.post(f"/cases/{case_id}/pickups/1/report", report).code == "pickup.not_yours"
    done = operator.post(f"/cases/{case_id}/pickups/1/report", report).body["case"]
    assert (done["goods"], done["returns"][0]["tracking_number"]) == ("in_return", "SF8")
    lines = [{"line_id": "2", "quantity": 1}]
    more = buyer.post(f"/cases/{case_id}/returns", {"tracking_number": "SF9", "lines": lines})
    assert [p["number"] for p in more.body["case"]["returns"]] == [1, 2]
    got = merchant.post(f"/cases/{case_id}/returns/1/receipt", {})
    assert [p["state"] for p in got.body["case"]["returns"]] == ["received", "sent"]
    lost = operator.post(f"/cases/{case_id}/loss", {"proof": "丢件证明", "parcel": 2})
    assert [p["state"] for p in lost.body["case"]["returns"]] == ["received", "lost"]
    assert one("SELECT count(*) FROM cases WHERE closed_at IS NOT NULL") == 0
    everything_holds()


def test_a_refusal_at_the_door_is_told_by_its_reason() -> None:
    refused = Program("buyer").post(f"/orders/{SHOP}/o1/cancellation", {"reason": "refused"})
    assert (refused.status, refused.code) == (409, "case.action_not_offered")
