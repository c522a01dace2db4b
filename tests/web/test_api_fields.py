"""Sparse fields and filters of lists."""

from __future__ import annotations

import pytest

from tests.app.world import MARKET, SHOP
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")


def test_a_list_gives_the_fields_wanted_alone() -> None:
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    assert merchant.get("/cases", fields="case_id, stage").body == {
        "items": [{"case_id": case_id, "stage": "awaiting_merchant"}],
        "next_cursor": None,
    }
    page = merchant.get("/orders", fields="order_id,lines.paid_fen", limit=2).body
    assert page["items"] == [
        {"order_id": "o3", "lines": [{"paid_fen": 9000}, {"paid_fen": 4001}]},
        {"order_id": "o2", "lines": [{"paid_fen": 9000}, {"paid_fen": 4001}]},
    ]
    rest = merchant.get("/orders", fields="order_id", cursor=page["next_cursor"]).body
    assert rest == {"items": [{"order_id": "o1"}], "next_cursor": None}


def test_a_detail_gives_the_fields_wanted_and_keeps_its_etag() -> None:
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    whole = merchant.get(f"/cases/{case_id}")
    some = merchant.get(f"/cases/{case_id}", fields="case.id,case.order.order_id,allowed.name,now")
    assert some.headers["ETag"] == whole.headers["ETag"] == '"1"'
    assert some.body["case"] == {"id": case_id, "order": {"order_id": "o1"}}
    assert some.body["allowed"] == [{"name": a["name"]} for a in whole.body["allowed"]]
    assert set(some.body) == {"case", "allowed", "now"}
    for name, value in whole.body["case"].items():
        got = merchant.get(f"/cases/{case_id}", fields=f"case.{name}").body
        assert got == {"case": {name: value}}
    order = merchant.get(f"/orders/{SHOP}/o1", fields="case_ids,order.paid_fen").body
    assert order == {"case_ids": [case_id], "order": {"paid_fen": 14001}}


@pytest.mark.parametrize(
    ("path", "fields", "named"),
    [
        ("/cases", "case_id,colour", "colour"),
        ("/cases", "stage.name", "stage.name"),
        ("/cases", "", ""),
        ("/orders", "lines.colour", "lines.colour"),
        ("/orders/shop-1/o1", "order.order_id.x", "order.order_id.x"),
    ],
)
def test_an_unknown_field_is_refused_by_name(path: str, fields: str, named: str) -> None:
    got = Program("operator").get(path, fields=fields)
    assert (got.status, got.code, got.body["field"]) == (422, "fields.unknown", "fields")
    assert f"“{named}”" in got.body["detail"]


def test_every_unknown_field_is_named_and_the_known_ones_are_offered() -> None:
    got = Program("operator", lang="en").get("/cases", fields="x,case_id,y").body
    assert [f["message"] for f in got["findings"]] == [
        "there is no field `x`",
        "there is no field `y`",
    ]
    assert "case_id, shop_id" in got["cure"]


def orders(**query: object) -> list[str]:
    got = Program("operator").get("/orders", **query)
    assert got.status == 200, got.body
    return [i["order_id"] for i in got.body["items"]]


def test_orders_are_filtered() -> None:
    assert orders(search="o2") == ["o2"]
    assert orders(shop_id="shop-2") == orders(marketplace_id="m2") == orders(buyer_id="b9") == []
    assert len(orders(shop_id=SHOP, marketplace_id=MARKET, buyer_id="b1", refundable="true")) == 3
    assert orders(refundable="false") == []
    opened(Program("buyer"), order=3)
    assert orders(refundable="false") == ["o3"]
    at = "2024-02-25T02:00:00Z"
    assert len(orders(placed_since=at)) == 3
    assert orders(placed_until=at) == []
    assert orders(changed_since="2100-01-01T00:00:00Z") == []
    assert len(orders(changed_since="2020-01-01T00:00:00Z")) == 3


def cases(**query: object) -> list[str]:
    got = Program("operator").get("/cases", order="opened", **query)
    assert got.status == 200, got.body
    return [i["order_id"] for i in got.body["items"]]


def test_cases_are_filtered() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    opened(buyer, order=1)
    agreed = opened(buyer, order=2, claim="refund_only")
    assert merchant.act(agreed, "agree").status == 200
    withdrawn = opened(buyer, order=3)
    assert buyer.act(withdrawn, "withdraw").status == 200
    assert cases(money="granted") == ["o2"]
    assert cases(goods="with_buyer") == cases(marketplace_id=MARKET) == ["o3", "o2", "o1"]
    assert cases(marketplace_id="m2") == cases(buyer_id="b2") == cases(region="上海") == []
    assert len(cases(buyer_id="b1")) == 3
    (outcome,) = [i["outcome"] for i in buyer.get("/cases", open="false", order="opened",
                  order_id="o3").body["items"]]  # fmt: skip
    assert cases(outcome=outcome) == ["o3"]
    assert len(cases(opened_since="2024-03-01T00:00:00Z")) == 3
    assert cases(opened_until="2024-03-01T00:00:00Z") == []
    assert "o3" in cases(closed_since="2024-03-01T00:00:00Z")
    assert cases(closed_until="2024-03-01T00:00:00Z") == []
    assert "o1" in cases(due_before="2024-03-30T00:00:00Z")
    assert cases(due_before="2024-03-01T02:00:00Z") == []
    assert Program("operator").get("/cases", due_before="2024-03-01T02:00:00").status == 422
    assert Program("operator").get("/cases", goods="flown").status == 422
