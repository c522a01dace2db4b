"""The API of hearings: checklist, challenges, dossiers, second review, assignments, statements."""

from __future__ import annotations

import pytest

from tests.app.world import everything_holds, one
from tests.web.stage import Program, opened, signed_in

pytestmark = pytest.mark.usefixtures("stage")


def disputed() -> str:
    case_id = opened(Program("buyer"))
    assert Program("merchant").act(case_id, "reject", reason="不符").status == 200
    assert Program("buyer").act(case_id, "escalate", reason="不服").status == 200
    return case_id


def ruled() -> str:
    case_id = disputed()
    shown = Program("buyer").upload(
        f"/cases/{case_id}/evidence", "开箱记录".encode(), "开箱.txt", kind="photo"
    )
    evidence_id = shown.body["case"]["evidence"][0]["id"]
    arbitrator = Program("arbitrator")
    assert arbitrator.act(case_id, "close_evidence").status == 200
    facts = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False))
    for name, value in facts:
        body = {"name": name, "value": value, "evidence": [evidence_id]}
        assert arbitrator.post(f"/cases/{case_id}/findings", body).status == 200
    assert arbitrator.act(case_id, "rule").status == 200
    return case_id


def test_the_checklist_tells_everybody_what_is_missing_and_whose_it_is() -> None:
    case_id = disputed()
    seen = Program("merchant").get(f"/cases/{case_id}/evidence-checklist")
    assert seen.status == 200
    assert seen.body["complete"] is False
    assert [(s["kind"], s["party"]) for s in seen.body["slots"] if s["missing"]] == [
        ("photo", "buyer")
    ]
    assert seen.body["slots"][0]["title"] == {"zh": "照片", "en": "photo"}
    Program("buyer").upload(f"/cases/{case_id}/evidence", b"x", "a.txt", kind="photo")
    now = Program("buyer").get(f"/cases/{case_id}/evidence-checklist").body
    assert now["complete"] is True
    (piece,) = now["pieces"]
    assert (piece["challenge_open"], piece["item"]["admission"]) == (True, "accepted")
    assert Program("other-buyer").get(f"/cases/{case_id}/evidence-checklist").status == 404


def test_a_challenge_is_on_the_item_and_in_the_dossier() -> None:
    case_id = disputed()
    shown = Program("buyer").upload(f"/cases/{case_id}/evidence", b"x", "a.txt", kind="photo")
    evidence_id = shown.body["case"]["evidence"][0]["id"]
    path = f"/cases/{case_id}/evidence/{evidence_id}/challenges"
    assert Program("buyer").post(path, {"reason": "x"}).code == "evidence.not_yours_to_challenge"
    assert Program("merchant").post(path, {"reason": ""}).code == "evidence.reason_required"
    done = Program("merchant").post(path, {"reason": "并非本单"})
    assert done.status == 200, done.body
    assert [c["reason"] for c in done.body["case"]["challenges"]] == ["并非本单"]
    assert Program("merchant").post(path, {"reason": "再"}).code == "evidence.challenged_already"
    case = Program("arbitrator").act(case_id, "close_evidence").body["case"]
    (dossier,) = case["dossiers"]
    assert dossier["pieces"][0]["challenged"] == ["并非本单"]
    assert len(dossier["digest"]) == 64


def test_matches_are_for_those_who_rule() -> None:
    first, second = opened(Program("buyer"), 1), opened(Program("buyer"), 2)
    for case_id in (first, second):
        Program("buyer").upload(f"/cases/{case_id}/evidence", b"same", "a.txt", kind="chat")
    found = Program("arbitrator").get(f"/cases/{first}/evidence-matches")
    assert [(m["other_case_id"], m["distance"]) for m in found.body["items"]] == [(second, 0)]
    for name in ("buyer", "merchant", "operator"):
        assert Program(name).get(f"/cases/{first}/evidence-matches").code == "permission.role"


def test_cases_are_taken_and_given_back() -> None:
    case_id = disputed()
    Program("arbitrator").act(case_id, "close_evidence")
    arbitrator = Program("arbitrator")
    taken = arbitrator.put("/assignments/next", {})
    assert taken.body["taken"]["case_id"] == case_id
    assert Program("reviewer").put("/assignments/next", {}).body["taken"]["case_id"] == case_id
    assert arbitrator.put("/assignments/next", {}).body["taken"] is None
    assert [a["case_id"] for a in arbitrator.get("/assignments").body["items"]] == [case_id]
    assert arbitrator.put(f"/assignments/{case_id}", {}).body["id"] == taken.body["taken"]["id"]
    assert arbitrator.delete(f"/assignments/{case_id}").body == {"items": []}
    assert arbitrator.get("/assignments").body["items"] == []
    for name in ("buyer", "merchant", "operator"):
        assert Program(name).put("/assignments/next", {}).code == "permission.role"
    assert one("SELECT count(*) FROM audit_log WHERE verb = 'take_case'") == 3


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_each_party_reads_the_reasons_in_both_languages(lang: str) -> None:
    case_id = ruled()
    told = {
        name: Program(name, lang=lang).get(f"/cases/{case_id}/rulings/1/statement").body
        for name in ("buyer", "merchant", "arbitrator")
    }
    sections = {s["title"]["en"]: s["lines"] for s in told["buyer"]["sections"]}
    assert sections["What it means for you"][0] == {
        "zh": "您将收到 140.01 元。",
        "en": "You will receive 140.01 yuan.",
    }
    merchant = {s["title"]["en"]: s["lines"] for s in told["merchant"]["sections"]}
    assert merchant["What it means for you"][0]["zh"] == "您须退款和赔付合计 140.01 元。"
    assert "What it means for you" not in [s["title"]["en"] for s in told["arbitrator"]["sections"]]
    facts = [line["zh"] for line in sections["Facts established"]]
    assert "商家有过错：已证实（仲裁员认定），凭证：开箱.txt" in facts
    assert any(
        line["zh"].startswith("买家：开箱.txt（按时") for line in sections["Evidence considered"]
    )
    assert any(line["en"].startswith("HOUSE-9: goods that cannot") for line in sections["Clauses"])
    assert "7" in sections["What follows"][0]["zh"]
    assert told["buyer"]["in_force"] is True
    assert len(told["buyer"]["dossier_digest"]) == 64
    everybody = str(told["buyer"]) + str(told["merchant"])
    assert "arbitrator'" not in everybody
    assert Program("other-buyer").get(f"/cases/{case_id}/rulings/1/statement").status == 404
    assert Program("buyer").get(f"/cases/{case_id}/rulings/2/statement").status == 404
    everything_holds()


def test_the_statement_prints_in_both_languages_for_whoever_may_see_it() -> None:
    case_id = ruled()
    page = signed_in("buyer").get(f"/cases/{case_id}/rulings/1/")
    text = page.content.decode()
    assert page.status_code == 200
    for sentence in ("您将收到 140.01 元。", "You will receive 140.01 yuan.", "裁决书（第 1 号）"):
        assert sentence in text
    assert "<script" not in text
    assert signed_in("other-buyer").get(f"/cases/{case_id}/rulings/1/").status_code == 404
    assert signed_in("buyer").get(f"/cases/{case_id}/rulings/9/").status_code == 404
