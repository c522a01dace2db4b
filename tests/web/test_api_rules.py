"""The API on orders, rules and health."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.app.world import MARKET, SHOP, one
from tests.web.stage import Program

pytestmark = pytest.mark.usefixtures("stage")
ORDER = {
    "order_id": "n1",
    "shop_id": SHOP,
    "buyer_id": "b1",
    "platform": "kuaishou",
    "payment": "online",
    "placed_at": "2024-02-28T10:00:00+08:00",
    "paid_at": "2024-02-28T10:01:00+08:00",
    "lines": [{"line_id": "1", "title": "伞", "quantity": 1, "paid_fen": 2990}],
}


def test_orders_are_told_once_and_read_back() -> None:
    operator = Program("operator")
    body = {"marketplace_id": MARKET, "orders": [ORDER]}
    assert operator.post("/orders", body).body == {"new": 1, "changed": 0, "same": 0, "refused": []}
    assert operator.post("/orders", body).body["same"] == 1
    got = Program("buyer").get(f"/orders/{SHOP}/n1").body
    assert got["order"]["paid_fen"] == got["refundable_fen"] == 2990
    assert got["case_ids"] == []
    listed = Program("buyer").get("/orders", limit=2).body
    assert listed["items"][0]["order_id"] == "n1"
    assert listed["next_cursor"]
    more = Program("buyer").get("/orders", limit=2, cursor=listed["next_cursor"]).body
    assert {o["order_id"] for o in listed["items"] + more["items"]} == {"n1", "o1", "o2", "o3"}


def test_an_order_without_offset_or_in_fractions_is_refused() -> None:
    operator = Program("operator")
    naive = ORDER | {"placed_at": "2024-02-28T10:00:00"}
    got = operator.post("/orders", {"marketplace_id": MARKET, "orders": [naive]})
    assert (got.status, got.body["field"]) == (422, "orders.0.placed_at")
    parts = ORDER | {"freight_fen": 10.5}
    got = operator.post("/orders", {"marketplace_id": MARKET, "orders": [parts]})
    assert (got.status, got.body["field"]) == (422, "orders.0.freight_fen")
    assert one("SELECT count(*) FROM orders WHERE order_id = 'n1'") == 0


def test_orders_of_another_marketplace_are_not_to_be_told() -> None:
    got = Program("foreign-operator").post("/orders", {"marketplace_id": MARKET, "orders": [ORDER]})
    assert (got.status, got.code) == (404, "not_visible")
    assert one("SELECT count(*) FROM orders WHERE order_id = 'n1'") == 0


def test_rulebooks_are_listed_and_shown_whole() -> None:
    buyer = Program("buyer")
    refs = [book["ref"] for book in buyer.get("/rulebooks").body]
    assert "kuaishou/after-sale@2024-01-03" in refs
    book = buyer.get("/rulebooks/kuaishou/after-sale@2024-01-03").body
    assert book["id"] == "kuaishou/after-sale"
    assert all(row["cite"] for table in book["tables"] for row in table["rows"])
    missing = buyer.get("/rulebooks/kuaishou/after-sale@1999-01-01")
    assert (missing.status, missing.headers["Content-Type"]) == (404, "application/problem+json")


def test_no_answer_falls_below_the_law_and_both_are_cited() -> None:
    asked = {
        "subject": "taobao/dispute",
        "table": "ruling",
        "at": "2024-08-05T00:00:00+08:00",
        "facts": {
            "shipped": True,
            "received": True,
            "reason": "no_reason",
            "claim": "return_refund",
            "fault": "buyer",
            "excluded_goods": False,
            "goods_intact": True,
            "signed_at": "2024-08-01T10:00:00+08:00",
            "opened_at": "2024-08-05T10:00:00+08:00",
        },
    }
    got = Program("buyer").post("/evaluate", asked, key=None).body
    assert got["outputs"]["remedy"] == "return_refund"
    assert got["cite"] == ["TB-XE-06", "HOUSE-4", "LAW-CPL-25", "LAW-7D-10"]


def test_facts_are_decided_or_what_is_needed_is_named() -> None:
    buyer = Program("buyer")
    asked = {
        "subject": "house/dispute",
        "facts": {"shipped": False, "merchant_fault": "proven", "buyer_fault": "refuted"},
    }
    got = buyer.post("/evaluate", asked, key=None).body
    assert (got["status"], got["outputs"]["remedy"]) == ("decided", "refund_only")
    assert got["outputs"]["liable"] == "merchant"
    assert got["rows"] == ["ruling/merchant-at-fault-unshipped"]
    less = buyer.post("/evaluate", asked | {"facts": {"shipped": True}}, key=None).body
    assert (less["status"], "merchant_fault" in less["needed"]) == ("undecided", True)
    wrong = buyer.post("/evaluate", asked | {"facts": {"shippd": True}}, key=None)
    assert (wrong.status, wrong.code, wrong.body["field"]) == (
        422,
        "facts.unknown_fact",
        "facts.shippd",
    )
    nowhere = buyer.post("/evaluate", asked | {"subject": "no/such"}, key=None)
    assert nowhere.status == 404


def test_a_process_is_replayed_over_dated_acts() -> None:
    buyer = Program("buyer")
    book = buyer.get("/rulebooks/house/after-sale@2020-01-01").body
    name = next(p["name"] for p in book["processes"] if "refund_unshipped" in p["name"])
    got = buyer.post(
        "/replay",
        {
            "subject": "house/after-sale",
            "process": name,
            "facts": {"claimed": "12.50"},
            "timeline": [{"at": "2024-03-01T10:00:00+08:00"}],
            "now": "2024-03-03T10:00:01+08:00",
        },
        key=None,
    ).body
    assert (got["state"], got["next"]) == ("refunded", None)
    assert [(f["do"], f["at"]) for f in got["fired"]] == [("agree", "2024-03-03T02:00:00Z")]


def test_health_needs_no_key_and_strangers_get_nothing_else() -> None:
    client = Client(SERVER_NAME="localhost")
    assert client.get("/api/v1/health").json()["status"] == "ok"
    got = client.get("/api/v1/cases")
    assert (got.status_code, got.json()["code"]) == (401, "auth.required")
    assert got.headers["WWW-Authenticate"] == "Bearer"
