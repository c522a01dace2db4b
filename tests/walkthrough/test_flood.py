"""A flood 洪水 pauses a district for nine days: clocks move on, merchants are not assessed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongdao.store.postgres import Address
from tests.app.world import MARKET, everything_holds
from tests.walkthrough.walk import LANGUAGES, Walk, instant

LINES = [{"line_id": "1", "title": "伞", "quantity": 1, "paid_fen": 6600}]
FLOOD = {
    "marketplace_id": MARKET,
    "province": "浙江省",
    "city": "杭州市",
    "district": "余杭区",
    "since": "2024-03-02T00:00:00+08:00",
    "until": "2024-03-11T00:00:00+08:00",
    "proof": "余杭区防汛 3 号",
}


def two_districts(lang: str) -> tuple[Walk, dict[str, str], dict[str, str]]:
    """A case in the flooded district and one in the next; their ids, and when silence agrees."""
    walk = Walk("kuaishou", lang, "2024-03-01T10:00:00")
    ids: dict[str, str] = {}
    due: dict[str, str] = {}
    for name, region in (("in", "浙江省杭州市余杭区"), ("out", "浙江省杭州市西湖区")):
        walk.order(
            order_id=name, region=region, lines=LINES, tracking_number="SF1",
            placed_at="2024-02-20T09:00:00", paid_at="2024-02-20T09:01:00",
            shipped_at="2024-02-21T09:00:00", signed_at="2024-02-26T09:00:00",
        )  # fmt: skip
        case = walk.open("return_refund", "quality", order_id=name)
        ids[name], due[name] = case["id"], case["deadlines"][0]["due_at"]
    return walk, ids, due


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_district_stands_still(db: Address, lang: str) -> None:
    walk, ids, due = two_districts(lang)
    seen = walk["operator"].post("/force-majeure", FLOOD, query="?preview=true").body
    assert (seen["preview"], seen["reach"]["cases"], seen["reach"]["clocks"]) == (True, 1, 1)
    (sample,) = seen["reach"]["sample"]
    assert (sample["order_id"], sample["was_due_at"]) == ("in", due["in"])
    assert walk["operator"].get("/force-majeure").body["items"] == []
    assert walk["operator"].post("/force-majeure", FLOOD).status == 200

    walk.case_id = ids["in"]
    (deadline,) = walk.case()["deadlines"]
    assert instant(deadline["due_at"]) - instant(due["in"]) == timedelta(days=9)
    assert deadline["reason"][walk.said("zh", "en")].endswith(
        walk.said("+9 天 不可抗力 浙江省杭州市余杭区", "+9 days force majeure 浙江省杭州市余杭区")
    )
    case = walk.case()
    assert case["counts"]["in_score"] is False
    assert {lift["part"] for lift in case["lifts"]} == {"score", "penalty"}

    walk.at("2024-03-04T10:00:00")  # past the 48 h of both
    assert walk.case()["stage"] == "awaiting_merchant"
    walk.case_id = ids["out"]
    assert (walk.case()["stage"], walk.case()["counts"]["in_score"]) == ("awaiting_return", True)
    walk.case_id = ids["in"]
    walk.at("2024-03-12T11:00:00")
    assert walk.case()["stage"] == "awaiting_return"
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_revoked_it_is_as_if_it_had_not_been(db: Address, lang: str) -> None:
    walk, ids, due = two_districts(lang)
    declared = walk["operator"].post("/force-majeure", FLOOD).body["declaration"]["id"]
    path = f"/force-majeure/{declared}/revoke"
    refused = walk["merchant"].post(path, {"because": "误报"})
    assert (refused.status, refused.code) == (403, "permission.role")
    assert walk["operator"].post(path, {"because": "误报"}).status == 200
    walk.case_id = ids["in"]
    case = walk.case()
    assert [d["due_at"] for d in case["deadlines"]] == [due["in"]]
    assert (case["pauses"], case["counts"]["in_score"]) == ([], True)
    walk.at("2024-03-04T10:00:00")
    assert walk.case()["stage"] == "awaiting_return"
    everything_holds()
