"""Joined cases over the API: every call, its refusals, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.world import SHOP, everything_holds, one
from tests.web.stage import Answer, Program, opened

pytestmark = pytest.mark.usefixtures("stage")
PROVEN = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False))


def asked(*orders: int) -> dict[str, Any]:
    requests = [{"order_id": f"o{n}", "claim": "refund_only", "reason": "quality"} for n in orders]
    return {"shop_id": SHOP, "requests": requests}


def together(*orders: int) -> tuple[str, list[str]]:
    made = Program("buyer").post("/joined-cases/openings", asked(*orders))
    assert made.status == 200, made.body
    cases = [item["case"] for item in made.body["items"]]
    assert {c["joined"]["group"] for c in cases} == {cases[0]["joined"]["group"]}
    return cases[0]["joined"]["group"], [c["id"] for c in cases]


def under_review(*orders: int) -> tuple[str, list[str]]:
    key, cases = together(*orders)
    for case_id in cases:
        assert Program("merchant").act(case_id, "reject", reason="不符").status == 200
        assert Program("buyer").act(case_id, "escalate").status == 200
    closed = Program("arbitrator").post(
        f"/joined-cases/{key}/actions", {"action": "close_evidence"}
    )
    assert closed.status == 200, closed.body
    return key, cases


def test_requests_on_several_orders_are_one_call() -> None:
    seen = Program("buyer").post("/joined-cases/openings", asked(1, 2), query="?preview=true")
    assert [item["preview"] for item in seen.body["items"]] == [True, True]
    assert one("SELECT count(*) FROM cases") == 0
    key, cases = together(1, 2, 3)
    standing = Program("merchant").get(f"/joined-cases/{key}")
    assert standing.status == 200
    assert [m["case"]["id"] for m in standing.body["members"]] == cases
    assert [m["waits_for"] for m in standing.body["members"]] == [["merchant"]] * 3
    assert standing.body["members"][0]["case"]["joined"]["members"] == cases
    everything_holds()


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (asked(1), 422, "joined.too_few", "requests"),
        (asked(1, 99), 404, "not_visible", "requests.1.order_id"),
        ({**asked(1, 2), "shop_id": "shop-2"}, 404, "not_visible", "requests.0.order_id"),
    ],
)
def test_what_is_wrong_with_an_opening_is_said_by_request(
    body: dict[str, Any], status: int, code: str, field: str
) -> None:
    got = Program("buyer").post("/joined-cases/openings", body)
    assert (got.status, got.code, got.body["field"]) == (status, code, field)
    assert one("SELECT count(*) FROM cases") == 0


def test_cases_are_joined_and_separated_with_a_reason() -> None:
    buyer = Program("buyer")
    first, second = opened(buyer, 1), opened(buyer, 2)
    arbitrator = Program("arbitrator")
    body = {"case_ids": [first, second], "reason": "同一批次，电话 13800138000"}
    done = arbitrator.post("/joined-cases", body)
    assert done.status == 200, done.body
    kinds = [[e["kind"] for e in item["events"]] for item in done.body["items"]]
    assert kinds == [["joined"], ["joined"]]
    said = buyer.get(f"/cases/{first}/timeline").body["items"][-1]
    assert said["kind"] == "joined"
    assert said["body"]["reason"].startswith("同一批次")
    assert "13800138000" not in said["body"]["reason"]
    apart = arbitrator.post("/joined-cases/separations", {"case_id": second, "reason": "案情不同"})
    assert [item["case"]["joined"] for item in apart.body["items"]] == [None, None]
    again = arbitrator.post("/joined-cases/separations", {"case_id": second, "reason": "x"})
    assert (again.status, again.code) == (409, "joined.not_joined")
    everything_holds()


def test_evidence_is_opened_from_the_case_that_refers_to_it() -> None:
    _, (first, second) = together(1, 2)
    buyer = Program("buyer")
    given = buyer.upload(f"/cases/{first}/evidence", b"chat", "a.txt", kind="chat")
    assert given.status == 200, given.body
    (item,) = buyer.get(f"/cases/{second}").body["case"]["evidence"]
    assert (item["given_in"], item["name"]) == (first, "a.txt")
    got = Program("merchant").get(f"/cases/{second}/evidence/{item['id']}/content")
    assert got.status == 200
    listed = Program("merchant").get(f"/cases/{second}/evidence-checklist").body["pieces"]
    assert [p["item"]["id"] for p in listed] == [item["id"]]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_rulings_are_previewed_and_given_together_and_told_together(lang: str) -> None:
    key, cases = under_review(1, 2)
    arbitrator = Program("arbitrator", lang=lang)
    seen = arbitrator.post(f"/joined-cases/{key}/actions/preview", {"action": "rule"}, key=None)
    assert [item["refused"]["code"] for item in seen.body["items"]] == [
        "case.ruling_undecided",
        "case.ruling_undecided",
    ]
    refused = arbitrator.post(f"/joined-cases/{key}/actions", {"action": "rule"})
    assert (refused.status, refused.code) == (409, "case.ruling_undecided")
    assert refused.body["field"].startswith(f"cases.{cases[0]}")
    for name, value in PROVEN:
        found = arbitrator.post(f"/joined-cases/{key}/findings", {"name": name, "value": value})
        assert len(found.body["items"]) == 2, found.body
    seen = arbitrator.post(f"/joined-cases/{key}/actions/preview", {"action": "rule"}, key=None)
    assert [item["outcome"]["case"]["rulings"][0]["remedy"] for item in seen.body["items"]] == [
        "refund_only",
        "refund_only",
    ]
    assert Program("buyer").get(f"/joined-cases/{key}/statement").status == 404
    done = arbitrator.post(f"/joined-cases/{key}/actions", {"action": "rule"})
    assert done.status == 200, done.body
    assert all(item["case"]["rulings"][0]["cite"] for item in done.body["items"])
    told = Program("merchant", lang=lang).get(f"/joined-cases/{key}/statement").body
    assert told["audience"] == "merchant"
    assert [part["case_id"] for part in told["parts"]] == cases
    assert len(told["overview"]["lines"]) == 3
    everything_holds()


def calls(key: str, cases: list[str]) -> dict[str, tuple[str, Any]]:
    return {
        "join": ("/joined-cases", {"case_ids": cases, "reason": "x"}),
        "separate": ("/joined-cases/separations", {"case_id": cases[0], "reason": "x"}),
        "find": (f"/joined-cases/{key}/findings", {"name": "merchant_fault", "value": "proven"}),
        "act": (f"/joined-cases/{key}/actions", {"action": "hand_over"}),
        "preview": (f"/joined-cases/{key}/actions/preview", {"action": "hand_over"}),
    }


def counted() -> tuple[object, ...]:
    return (
        one("SELECT count(*) FROM event"),
        one("SELECT count(*) FROM joined_case"),
        one("SELECT count(*) FROM assignment"),
        one("SELECT count(*) FROM posting"),
        one("SELECT count(*) FROM audit_log WHERE result = 'done'"),
    )


def answer_of(who: str, call: tuple[str, Any]) -> Answer:
    return Program(who).post(*call)


def test_who_may_do_none_of_it_leaves_no_trace() -> None:
    key, cases = under_review(1, 2)
    before = counted()
    for who, codes in {
        "buyer": {"join": 403, "separate": 403, "find": 403, "act": 403},
        "merchant": {"join": 403, "separate": 403, "find": 403, "act": 403},
        "merchant-agent": {"join": 403, "separate": 403, "find": 403, "act": 403},
        "auditor": {"join": 403, "separate": 403, "find": 403, "act": 403, "preview": 403},
        "operator": {"find": 403},
        "other-buyer": {"act": 404, "preview": 404},
        "other-merchant": {"act": 404, "preview": 404},
        "foreign-operator": {"join": 404, "separate": 404, "act": 404, "preview": 404},
    }.items():
        for name, status in codes.items():
            got = answer_of(who, calls(key, cases)[name])
            assert (who, name, got.status) == (who, name, status), got.body
    for who in ("other-buyer", "other-merchant", "foreign-operator", "foreign-auditor"):
        assert Program(who).get(f"/joined-cases/{key}").status == 404
        assert Program(who).get(f"/joined-cases/{key}/statement").status == 404
    assert counted() == before
