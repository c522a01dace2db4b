"""The API on after-sales: offers and agreements, strategies, cancellations, parcels."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.world import SHOP, everything_holds, one
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
FAST = Path(__file__).parents[2] / "rulebooks" / "merchant" / "fast-refund" / "2020-01-01.yaml"


def test_an_offer_is_made_countered_and_accepted() -> None:
    case_id = opened(Program("buyer"))
    buyer, merchant = Program("buyer"), Program("merchant")
    offer = {"remedy": "partial_refund", "refund_fen": 1000}
    made = merchant.post(f"/cases/{case_id}/offers", offer).body["case"]
    assert [(o["number"], o["by"], o["state"]) for o in made["offers"]] == [(1, "merchant", "open")]
    buyer.post(f"/cases/{case_id}/offers", offer | {"refund_fen": 2000})
    done = merchant.post(f"/cases/{case_id}/offers/2/answer", {"answer": "accept"})
    assert done.status == 200
    assert [e["kind"] for e in done.body["events"]][:2] == ["agreed", "acted"]
    assert done.body["case"]["agreement"]["terms"]["refund_fen"] == 2000
    assert [o["state"] for o in done.body["case"]["offers"]] == ["countered", "accepted"]
    assert one("SELECT refunded_fen FROM orders WHERE refunded_fen > 0") == 2000
    everything_holds()


def test_bad_offers_are_problems_in_both_languages() -> None:
    case_id = opened(Program("buyer"))
    offer = {"remedy": "partial_refund", "refund_fen": 99999999}
    refused = Program("merchant").post(f"/cases/{case_id}/offers", offer)
    assert (refused.status, refused.code) == (422, "offer.bad_terms")
    assert one("SELECT count(*) FROM event") == 1


def test_a_strategy_is_kept_tried_and_switched() -> None:
    merchant = Program("merchant")
    kept = merchant.post(f"/shops/{SHOP}/strategies", {"text": FAST.read_text()})
    assert (kept.status, kept.body["version"]) == (200, 1)
    place = f"/shops/{SHOP}/strategies/fast-refund/1"
    assert merchant.post(f"{place}/switch", {"on": True}).code == "strategy.not_tried"
    tried = merchant.post(f"{place}/dry-run", {})
    assert (tried.status, tried.body["requests"]) == (200, 0)
    assert merchant.post(f"{place}/switch", {"on": True}).body[0]["is_on"] is True
    seen = merchant.get(f"/shops/{SHOP}/strategies").body
    assert [(s["name"], s["is_on"]) for s in seen] == [("fast-refund", True)]
    assert Program("buyer").get(f"/shops/{SHOP}/strategies").status == 403


def test_a_delivered_order_is_not_cancelled_and_nothing_is_inspected_or_lost() -> None:
    refused = Program("buyer").post(f"/orders/{SHOP}/o1/cancellation", {})
    assert (refused.status, refused.code) == (409, "case.action_not_offered")
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    inspected = merchant.post(f"/cases/{case_id}/inspection", {"condition": "empty"})
    assert (inspected.status, inspected.code) == (409, "parcel.nothing_back")
    assert merchant.post(f"/cases/{case_id}/loss", {"proof": "x"}).status == 403
