"""Price protection by the API and by the order page: offered, asked, previewed, opened."""

from __future__ import annotations

import re

import pytest

from tests.app.world import DAY, SHOP, T0, everything_holds, one
from tests.web.stage import Program, move_clock, opened, signed_in
from tests.web.test_pages import hidden, text

pytestmark = pytest.mark.usefixtures("stage")
ASKED = {
    "claim": "price_protection",
    "reason": "price_drop",
    "lines": [{"line_id": "1", "quantity": 2, "seen_price_fen": 4000}],
}


def offered(order: str = "o1") -> dict[str, bool]:
    items = Program("buyer").get(f"/orders/{SHOP}/{order}/claims").body["items"]
    return {item["claim"]: item["open"] for item in items}


def test_it_is_offered_while_the_period_runs() -> None:
    assert offered() == dict.fromkeys(offered(), True)
    move_clock(T0 + 10 * DAY + DAY)
    items = Program("buyer").get(f"/orders/{SHOP}/o1/claims").body["items"]
    barred = {i["claim"]: i for i in items if not i["open"]}
    assert list(barred) == ["price_protection"]
    assert barred["price_protection"]["code"] == "case.not_accepted"
    assert "15" in barred["price_protection"]["message"]["zh"]
    assert Program("other-buyer").get(f"/orders/{SHOP}/o1/claims").status == 404


def test_the_api_asks_and_the_merchant_pays_the_difference() -> None:
    case_id = opened(Program("buyer"), **ASKED)
    case = Program("buyer").get(f"/cases/{case_id}").body["case"]
    assert (case["requested_fen"], case["claim_lines"][0]["seen_fen"]) == (1000, 8000)
    done = Program("merchant").act(case_id, "agree")
    assert (done.status, done.body["case"]["outcome"]) == (200, "difference_paid")
    assert one("SELECT refunded_fen FROM orders WHERE refunded_fen > 0") == 1000
    everything_holds()


def test_a_price_too_high_is_a_problem_that_names_the_line() -> None:
    lines = [{"line_id": "1", "quantity": 2, "seen_price_fen": 4500}]
    body = {"shop_id": SHOP, "order_id": "o1", **ASKED, "lines": lines}
    got = Program("buyer", lang="en").post("/cases", body)
    assert (got.status, got.code) == (422, "case.price_not_lower")
    assert got.body["field"] == "lines.0.seen_price_fen"
    assert "90.00 yuan for 2" in got.body["detail"]


def test_the_order_page_asks_for_the_price_seen() -> None:
    client = signed_in("buyer", HTTP_ACCEPT_LANGUAGE="zh-CN")
    page = client.get(f"/orders/{SHOP}/o1/").content.decode()
    assert '<option value="price_protection">价保</option>' in page
    form = {
        "claim": "price_protection", "reason": "price_drop", "key": hidden(page, "key"),
        "line.1": "", "price.1": "40.00", "bought.1": hidden(page, "bought.1"),
        "line.2": "", "price.2": "", "bought.2": "1",
    }  # fmt: skip
    seen = client.post(f"/orders/{SHOP}/o1/open/", form)
    assert "¥10.00" in text(seen)
    assert one("SELECT count(*) FROM cases") == 0
    done = client.post(f"/orders/{SHOP}/o1/open/", form | {"confirm": "yes"})
    assert done.status_code == 302
    shown = text(client.get(done["Location"]))
    assert re.search(r"价保 · 买后降价.*所见低价共 ¥80\.00", shown)


def test_after_the_period_the_page_offers_it_no_more() -> None:
    move_clock(T0 + 11 * DAY)
    page = signed_in("buyer").get(f"/orders/{SHOP}/o1/").content.decode()
    assert "return_refund" in page
    assert "price_protection" not in page
