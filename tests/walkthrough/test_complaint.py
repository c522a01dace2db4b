"""A complaint 投诉 upheld against the adjudicator: he is marked, and another one rules anew."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.disputes import PAID, reviewed
from tests.walkthrough.walk import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_adjudicator_is_marked_and_the_case_ruled_anew(db: Address, lang: str) -> None:
    walk = reviewed("kuaishou", lang)
    proof = walk.case()["evidence"][-1]["id"]
    walk.finding("arbitrator", "merchant_fault", "refuted", proof)
    walk.finding("arbitrator", "buyer_fault", "proven", proof)
    case = walk.act("arbitrator", "rule")
    assert (case["rulings"][-1]["remedy"], case["stage"]) == ("dismiss", "dismissed")

    case = walk.act("buyer", "file_complaint", ground="利益冲突", note="仲裁员与商家相识")
    grounds = next(d for d in case["deadlines"] if d["track"] == "complaint")
    assert grounds["reason"][walk.said("zh", "en")].startswith(
        walk.said(
            "须在期限内审查理由，逾期视为受理：72 小时",
            "the grounds must be checked in time; then they are accepted: 72 h",
        )
    )
    assert not {"accept_complaint", "uphold_complaint"} & walk.offered("arbitrator")
    walk.act("reviewer", "accept_complaint")
    found = {"ground": "利益冲突", "note": "属实"}
    own = walk.refused("reviewer", "uphold_complaint", **found)  # he has accepted it himself
    assert (own.status, own.code) == (403, "case.not_independent")
    assert "uphold_complaint" not in walk.offered("reviewer")
    case = walk.act("second-reviewer", "uphold_complaint", **found)

    (mark,) = case["marks"]
    assert (mark["about"], mark["cite"]) == ("arbitrator", ["HOUSE-COMP-4"])
    assert mark["kind"] == "conflict_of_interest"
    assert [m["case_id"] for m in walk["operator"].get("/marks").body["items"]] == [case["id"]]
    assert case["stage"] == "in_dispute"
    assert case["tracks"]["dispute"]["state"] == "evidence"
    censured = walk.refused("arbitrator", "close_evidence")
    assert (censured.status, censured.code) == (403, "case.not_independent")
    assert "close_evidence" not in walk.offered("arbitrator")

    walk.act("reviewer", "close_evidence")
    walk.finding("reviewer", "merchant_fault", "proven", proof)
    walk.finding("reviewer", "buyer_fault", "refuted", proof)
    walk.finding("reviewer", "goods_returnable", value=False)
    case = walk.act("reviewer", "rule")
    assert [r["remedy"] for r in case["rulings"]] == ["dismiss", "refund_only"]
    assert {"HOUSE-9"} <= set(case["rulings"][-1]["cite"])
    assert walk.pay_all() == PAID
    assert walk.balances("2024-03-02") == {}
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_listed_ground_nothing_is_filed(db: Address, lang: str) -> None:
    walk = reviewed("kuaishou", lang)
    proof = walk.case()["evidence"][-1]["id"]
    walk.finding("arbitrator", "merchant_fault", "refuted", proof)
    walk.finding("arbitrator", "buyer_fault", "proven", proof)
    before = walk.act("arbitrator", "rule")
    refused = walk.refused("buyer", "file_complaint", ground="不服", note="x")
    assert (refused.status, refused.code) == (422, "case.not_a_choice")
    assert refused.body["cure"].startswith(walk.said("可选：", "choose from: "))
    assert walk.case() == before
