"""The API on invoices: told, followed by a task, acted on by whom it waits for, told by webhook."""

from __future__ import annotations

import pytest

from gongdao.app.invoices.follow_cases import follow_cases
from tests.app.world import SHOP, T0, one, rows
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
INVOICE = {
    "shop_id": SHOP,
    "order_id": "o1",
    "number": "N1",
    "medium": "digital",
    "amount_fen": 14001,
    "issued_at": T0.isoformat(),
}


def refunded_with_invoice() -> str:
    """Tell an invoice, refund its order, let the worker follow; return the task's id."""
    assert Program("merchant").post("/invoices", INVOICE, key=None).status == 200
    case_id = opened(Program("buyer"), claim="refund_only")
    assert Program("merchant").act(case_id, "agree").status == 200
    assert follow_cases().opened == 1
    (task,) = Program("merchant").get("/invoices/tasks", case_id=case_id).body["items"]
    return str(task["id"])


def test_told_listed_acted_and_closed() -> None:
    task_id = refunded_with_invoice()
    merchant, buyer = Program("merchant"), Program("buyer", lang="en")
    waiting = merchant.get("/invoices/tasks", waits_for="merchant", open=True).body["items"]
    assert [t["id"] for t in waiting] == [task_id]
    assert {a["name"]: a["open"] for a in waiting[0]["allowed"]} == {
        "enter": True,
        "enter_unneeded": True,
        "void_copies": False,
    }
    path = f"/invoices/tasks/{task_id}/actions"
    entered = merchant.post(path, {"action": "enter"}, key="one", If_Match='"1"')
    assert (entered.status, entered.body["task"]["code"]) == (200, "02")
    assert merchant.post(path, {"action": "enter"}, key="one").body["task"]["version"] == 2
    assert merchant.post(path, {"action": "withdraw_entry"}, If_Match='"1"').status == 409
    seen = buyer.get(f"/invoices/tasks/{task_id}").body
    assert "72 h" in seen["task"]["deadlines"][0]["reason"]["en"]
    assert buyer.post(path, {"action": "confirm"}).status == 200
    lacking = merchant.post(path, {"action": "issue_red", "payload": {}})
    assert (lacking.status, lacking.code) == (422, "case.field_required")
    numbers = {"red_invoice_number": "R1", "confirmation_number": "C1"}
    done = merchant.post(path, {"action": "issue_red", "payload": numbers}).body
    assert (done["task"]["outcome"], len(done["events"])) == ("red_issued", 4)
    (left,) = buyer.get("/invoices", shop_id=SHOP, order_id="o1").body["items"]
    assert left["left_fen"] == 0


def test_strangers_see_nothing_and_roles_are_kept() -> None:
    task_id = refunded_with_invoice()
    before = rows("SELECT count(*) FROM invoice_event")
    for name in ("other-buyer", "other-merchant", "foreign-operator", "foreign-auditor"):
        program = Program(name)
        assert program.get(f"/invoices/tasks/{task_id}").status == 404
        assert program.get("/invoices/tasks").body["items"] == []
        assert program.get("/invoices", shop_id=SHOP, order_id="o1").status == 404
    for name in ("arbitrator", "reviewer", "auditor"):
        assert Program(name).get(f"/invoices/tasks/{task_id}").status == 200
        refused = Program(name).post(f"/invoices/tasks/{task_id}/actions", {"action": "enter"})
        assert (refused.status, refused.code) == (403, "permission.role")
    assert Program("buyer").post("/invoices", INVOICE, key=None).status == 403
    weak = Program("merchant", scopes=frozenset({"invoices:read"}))
    refused = weak.post(f"/invoices/tasks/{task_id}/actions", {"action": "enter"})
    assert (refused.status, refused.code) == (403, "permission.scope")
    assert rows("SELECT count(*) FROM invoice_event") == before
    assert one("SELECT count(*) FROM invoice") == 1


def test_a_webhook_hears_of_tasks() -> None:
    made = Program("operator").post(
        "/webhooks",
        {"marketplace_id": "m1", "url": "https://example.com/h", "kinds": ["invoice.opened"]},
    )
    assert made.status in {200, 201}, made.body
    refunded_with_invoice()
    assert rows("SELECT kind, seq FROM webhook_delivery") == [("invoice.opened", 1)]


def test_an_invoice_issued_wrongly() -> None:
    Program("merchant").post("/invoices", INVOICE, key=None)
    got = Program("merchant").post("/invoices/wrong", {"shop_id": SHOP, "number": "N1"})
    assert (got.status, got.body["task"]["red_reason"]) == (200, "wrongly_issued")
    assert Program("other-merchant").post(
        "/invoices/wrong", {"shop_id": SHOP, "number": "N1"}
    ).status == 404  # fmt: skip
    reused = Program("merchant").post("/invoices", INVOICE | {"amount_fen": 1}, key=None)
    assert (reused.status, reused.code) == (409, "invoice.number_reused")
