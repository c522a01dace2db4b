"""The API on cases: exact answers, and refusals that change nothing."""

from __future__ import annotations

import pytest

from tests.app.world import SHOP, everything_holds, one
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "6661fd0f000126010c80124b5d0000000049454e44ae426082"
)


def test_a_case_is_opened_and_read_back() -> None:
    buyer = Program("buyer")
    made = buyer.post(
        "/cases",
        {"shop_id": SHOP, "order_id": "o1", "claim": "return_refund", "reason": "quality"},
    )
    assert made.status == 200
    case = made.body["case"]
    assert (case["version"], case["requested_fen"], case["stage"]) == (
        1,
        14001,
        "awaiting_merchant",
    )
    assert (case["goods"], case["money"], case["arbitration"]) == ("with_buyer", "none", "none")
    assert [e["kind"] for e in made.body["events"]] == ["opened"]
    got = buyer.get(f"/cases/{case['id']}")
    assert got.status == 200
    assert got.body["case"] == case
    assert got.headers["ETag"] == '"1"'
    assert got.body["waits_for"] == ["merchant"]
    assert [a["name"] for a in got.body["allowed"] if a["open"]] == ["withdraw"]
    timeline = buyer.get(f"/cases/{case['id']}/timeline").body["items"]
    assert [(e["seq"], e["kind"]) for e in timeline] == [(1, "opened")]


def test_part_of_a_line_is_claimed_at_its_share() -> None:
    case_id = opened(Program("buyer"), lines=[{"line_id": "1", "quantity": 1}])
    case = Program("buyer").get(f"/cases/{case_id}").body["case"]
    assert case["claim_lines"] == [
        {"line_id": "1", "quantity": 1, "goods_fen": 4500, "seen_fen": None}
    ]
    assert case["requested_fen"] == 4500


def test_a_preview_writes_nothing_and_uses_up_no_key() -> None:
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    body = {"action": "agree", "payload": {}}
    seen = merchant.post(f"/cases/{case_id}/actions", body, key="same", query="?preview=true")
    assert (seen.status, seen.body["preview"]) == (200, True)
    assert seen.body["case"]["version"] == 3
    assert one("SELECT count(*) FROM event") == 1
    done = merchant.post(f"/cases/{case_id}/actions", body, key="same")
    assert (done.status, done.body["repeated"]) == (200, False)
    assert done.body["case"]["stage"] == seen.body["case"]["stage"] == "awaiting_return"


def test_the_same_key_is_done_once() -> None:
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    body = {"action": "reject", "payload": {"reason": "已使用"}}
    first = merchant.post(f"/cases/{case_id}/actions", body, key="k1")
    again = merchant.post(f"/cases/{case_id}/actions", body, key="k1")
    assert (first.body["repeated"], again.body["repeated"]) == (False, True)
    assert again.body["case"] == first.body["case"]
    assert one("SELECT count(*) FROM event") == 2
    other = merchant.post(
        f"/cases/{case_id}/actions", {"action": "reject", "payload": {"reason": "别的"}}, key="k1"
    )
    assert (other.status, other.code) == (409, "command.key_reused")


def test_a_command_needs_a_key() -> None:
    case_id = opened(Program("buyer"))
    refused = Program("merchant").post(
        f"/cases/{case_id}/actions", {"action": "agree", "payload": {}}, key=None
    )
    assert (refused.status, refused.code) == (422, "input.required")
    assert refused.body["field"] == "Idempotency-Key"
    assert one("SELECT count(*) FROM event") == 1


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        ('"1"', 200, None),
        ("*", 200, None),
        ('"7"', 409, "case.version_conflict"),
        ("x", 422, "command.bad_version"),
    ],
)
def test_if_match_is_honoured(if_match: str, status: int, code: str | None) -> None:
    case_id = opened(Program("buyer"))
    got = Program("merchant").post(
        f"/cases/{case_id}/actions",
        {"action": "reject", "payload": {"reason": "无"}},
        If_Match=if_match,
    )
    assert got.status == status
    assert got.body.get("code") == code
    assert one("SELECT count(*) FROM event") == (2 if status == 200 else 1)


def test_refusals_are_problems_in_the_askers_language() -> None:
    case_id = opened(Program("buyer"))
    zh = Program("merchant").act(case_id, "reject")
    en = Program("merchant", lang="en").act(case_id, "reject")
    assert zh.status == en.status == 422
    assert zh.headers["Content-Type"] == "application/problem+json"
    assert zh.body == {
        "type": "urn:gongdao:problem:case.field_required",
        "title": "输入有误",
        "status": 422,
        "code": "case.field_required",
        "detail": "“拒绝”需要填写 reason",
        "field": "payload.reason",
        "cure": "请填写 reason",
        "findings": [
            {
                "code": "case.field_required",
                "field": "payload.reason",
                "message": "“拒绝”需要填写 reason",
                "cure": "请填写 reason",
                "severity": "error",
            }
        ],
    }
    assert en.body["title"] == "the input is not valid"
    assert en.body["detail"] == "`reject` needs `reason`"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "action", "input.required"),
        ({"action": "agree", "surprise": 1}, "surprise", "input.unknown"),
        ({"action": "agree", "payload": {"x": 1.5}}, "payload.x", "input.invalid"),
        ({"action": "agree", "payload": {"x": None}}, "payload.x", "input.invalid"),
    ],
)
def test_malformed_bodies_name_their_field(body: object, field: str, code: str) -> None:
    case_id = opened(Program("buyer"))
    got = Program("merchant").post(f"/cases/{case_id}/actions", body)
    assert (got.status, got.code) == (422, code)
    assert got.body["field"].startswith(field)


def test_broken_json_is_a_problem_too() -> None:
    from django.test import Client

    key = Program("merchant").key
    got = Client(SERVER_NAME="localhost").post(
        "/api/v1/cases",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "k"},
    )
    assert (got.status_code, got.json()["code"]) == (400, "request.malformed")
    assert got.headers["Content-Type"] == "application/problem+json"


def test_from_request_to_ruling_to_money() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    arbitrator, operator = Program("arbitrator"), Program("operator")
    case_id = opened(buyer)
    assert merchant.act(case_id, "reject", reason="无质量问题").status == 200
    assert buyer.act(case_id, "escalate").status == 200
    given = buyer.upload(f"/cases/{case_id}/evidence", PNG, "划痕.png", kind="photo", note="划痕")
    assert given.status == 200
    item = given.body["case"]["evidence"][0]
    assert (item["media_type"], item["by"], item["size_bytes"]) == ("image/png", "buyer", len(PNG))
    read = merchant.get(f"/cases/{case_id}/evidence/{item['id']}/content")
    assert (read.status, read.body) == (200, PNG)
    assert read.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert arbitrator.act(case_id, "close_evidence").status == 200
    early = arbitrator.act(case_id, "rule")
    assert (early.status, early.code) == (409, "case.ruling_undecided")
    wanted = arbitrator.get(f"/cases/{case_id}").body["facts_wanted"]
    assert wanted
    assert early.body["field"] == f"facts.{wanted[0]}"
    for name, value in (
        ("merchant_fault", "proven"),
        ("buyer_fault", "refuted"),
        ("goods_returnable", False),
    ):
        found = arbitrator.post(
            f"/cases/{case_id}/findings",
            {"name": name, "value": value, "evidence": [item["id"]]},
        )
        assert found.status == 200, found.body
    ruled = arbitrator.act(case_id, "rule")
    assert ruled.status == 200, ruled.body
    ruling = ruled.body["case"]["rulings"][0]
    assert (ruling["remedy"], ruling["liable"], ruling["overruled"]) == (
        "refund_only",
        "merchant",
        False,
    )
    assert ruling["cite"]
    assert {r["name"] for r in ruling["read"]} >= {"merchant_fault", "goods_returnable"}
    grant = ruled.body["case"]["grants"][0]
    owed = sum(t["amount_fen"] for t in grant["transfers"] if t["taker"] == "buyer")
    assert owed == 14001
    wrong = operator.post(
        f"/cases/{case_id}/payments",
        {"number": 1, "result": "confirmed", "amount_fen": owed - 1, "external_ref": "P1"},
    )
    assert (wrong.status, wrong.code) == (409, "payment.amount_differs")
    paid = operator.post(
        f"/cases/{case_id}/payments",
        {"number": 1, "result": "confirmed", "amount_fen": owed, "external_ref": "P1"},
    )
    assert paid.body["case"]["money"] == "confirmed"
    everything_holds()


def test_lists_page_by_cursor_and_filter() -> None:
    buyer = Program("buyer")
    cases = [opened(buyer, n) for n in (1, 2, 3)]
    first = buyer.get("/cases", limit=2).body
    rest = buyer.get("/cases", limit=2, cursor=first["next_cursor"]).body
    got = [row["case_id"] for row in first["items"] + rest["items"]]
    assert sorted(got) == sorted(cases)
    assert (len(first["items"]), rest["next_cursor"]) == (2, None)
    assert buyer.get("/cases", order_id="o2").body["items"][0]["case_id"] == cases[1]
    assert buyer.get("/cases", claim="exchange").body["items"] == []
    bad = buyer.get("/cases", cursor="nonsense")
    assert (bad.status, bad.code) == (422, "queue.bad_cursor")
    worse = buyer.get("/cases", claim="everything")
    assert (worse.status, worse.body["field"]) == (422, "claim")


def test_an_executable_posing_as_a_picture_is_refused() -> None:
    case_id = opened(Program("buyer"))
    got = Program("buyer").upload(
        f"/cases/{case_id}/evidence", b"MZ\x90\x00" + bytes(200), "photo.png", kind="photo"
    )
    assert (got.status, got.code) == (422, "evidence.type_not_accepted")
    assert one("SELECT count(*) FROM event") == 1


def test_a_fault_of_the_server_is_a_problem_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from gongdao.web.api.v1 import cases

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(cases, "queue", fail)
    got = Program("buyer").get("/cases")
    assert (got.status, got.code) == (500, "server.fault")
    assert "secret" not in str(got.body)
    assert "secret inside" in caplog.text
