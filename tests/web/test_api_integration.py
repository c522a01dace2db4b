"""The API for integrators: payments, webhooks, keys, sandbox, imports, statements."""

from __future__ import annotations

import pytest

from tests.app.world import MARKET, SHOP, everything_holds, one, rows
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")


def paid_case() -> str:
    case_id = opened(Program("buyer"), claim="refund_only")
    assert Program("merchant").act(case_id, "agree").status == 200
    return case_id


def test_payments_are_listed_reported_and_resolved() -> None:
    case_id = paid_case()
    operator = Program("operator")
    (due,) = operator.get("/payments", state="granted").body["items"]
    assert (due["reference"], due["amount_fen"], due["order_id"]) == (f"{case_id}-1", 14001, "o1")
    report = {"reference": due["reference"], "result": "confirmed", "external_ref": "p1"}
    wrong = operator.post("/payments/reports", {"reports": [report | {"amount_fen": 1}]}, key=None)
    assert wrong.body["items"][0] == {
        "reference": due["reference"],
        "settled": "exception",
        "state": None,
        "code": "payment.amount_differs",
        "message": {"zh": "应付 140.01 元，实付 0.01 元",
                    "en": "140.01 yuan was granted, 0.01 was paid"},
    }  # fmt: skip
    (found,) = operator.get("/payments/exceptions", open="true").body["items"]
    assert found["resolutions"] == ["confirm_settled", "retry", "dismiss"]
    done = operator.post(f"/payments/exceptions/{found['id']}",
                         {"resolution": "dismiss", "note": "误报"}, key=None)  # fmt: skip
    assert done.status == 204
    right = operator.post("/payments/reports", {"reports": [report | {"amount_fen": 14001}]},
                          key=None)  # fmt: skip
    assert right.body["items"][0]["state"] == "confirmed"
    assert operator.get("/payments", state="granted").body["items"] == []
    assert Program("foreign-operator").get("/payments").body["items"] == []
    assert Program("merchant").get("/payments").code == "permission.role"
    everything_holds()


def test_a_refund_outside_and_a_deposit_are_told() -> None:
    case_id = opened(Program("buyer"))
    operator = Program("operator")
    told = {"shop_id": SHOP, "order_id": "o1", "amount_fen": 14001, "external_ref": "x"}
    first = operator.post("/payments/outside-refunds", told, key=None)
    assert first.body == {
        "absorbed_fen": 14001, "too_much_fen": 0, "case_ids": [case_id], "repeated": False,
    }  # fmt: skip
    assert operator.post("/payments/outside-refunds", told, key=None).body["repeated"]
    moved = operator.post(f"/payments/deposits/{SHOP}",
                          {"amount_fen": 500, "external_ref": "d"}, key=None)  # fmt: skip
    assert moved.body == {"balance_fen": 500, "held_fen": 0, "free_fen": 500, "owed_fen": 0}
    assert Program("merchant").get(f"/payments/deposits/{SHOP}").body["balance_fen"] == 500
    assert Program("other-merchant").get(f"/payments/deposits/{SHOP}").status == 404
    assert ("move_deposit", "done") in rows("SELECT verb, result FROM audit_log")
    everything_holds()


def test_an_endpoint_is_made_tested_and_disabled() -> None:
    operator = Program("operator")
    body = {"marketplace_id": MARKET, "url": "http://127.0.0.1:9/", "kinds": ["case.opened"]}
    made = operator.post("/webhooks", body, key=None)
    assert made.body["secret"].startswith("whsec_")
    where = f"/webhooks/{made.body['id']}"
    assert operator.post(f"{where}/test", {}, key=None).status == 200
    (row,) = operator.get(f"{where}/deliveries", state="waiting").body["items"]
    assert row["kind"] == "webhook.test"
    (listed,) = operator.get("/webhooks").body["items"]
    assert (listed["waiting"], listed["dead"], "secret" in listed) == (1, 0, False)
    assert operator.post(f"{where}/secret", {}, key=None).body["secret"] != made.body["secret"]
    assert operator.post(f"{where}/replay", {}, key=None).body == {"replayed": 0}
    stranger = Program("foreign-operator")
    assert stranger.get(f"{where}/deliveries").status == 404
    assert operator.post("/webhooks", body | {"kinds": ["x"]}, key=None).code == "webhook.bad_kind"
    assert one("SELECT count(*) FROM webhook_endpoint") == 1
