"""The API for integrators: payments, webhooks, keys, sandbox, imports, statements."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongdao.app.intake_orders import intake
from gongdao.core.kernel.time import BEIJING
from tests.app.world import MARKET, SHOP, an_order, everything_holds, one, rows
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
    assert moved.body == {
        "balance_fen": 500, "held_fen": 0, "free_fen": 500, "owed_fen": 0, "reserve_fen": 0, "holds": [],
    }  # fmt: skip
    assert Program("merchant").get(f"/payments/deposits/{SHOP}").body["balance_fen"] == 500
    assert Program("other-merchant").get(f"/payments/deposits/{SHOP}").status == 404
    assert ("move_deposit", "done") in rows("SELECT verb, result FROM audit_log")
    everything_holds()


def test_holds_reserves_and_shortfalls_are_told() -> None:
    case_id = opened(Program("buyer"), claim="refund_only")
    merchant, operator = Program("merchant"), Program("operator")
    assert merchant.act(case_id, "reject", reason="无").status == 200
    assert Program("buyer").act(case_id, "escalate", reason="有").status == 200
    operator.post(f"/payments/deposits/{SHOP}", {"amount_fen": 500, "external_ref": "d"}, key=None)
    standing = merchant.get(f"/payments/deposits/{SHOP}").body
    (hold,) = standing["holds"]
    assert (standing["held_fen"], hold["case_id"], hold["matter"]) == (500, case_id, "dispute")
    assert (hold["amount_fen"], hold["cite"]) == (14001, ["HOUSE-SETTLE-3"])
    assert hold["reason"]["zh"].startswith("平台介入的案件按争议金额冻结保证金")
    now = datetime.now(UTC)
    done = an_order(7, succeeded_at=now, attributes={"category": "珠宝"})
    intake(MARKET, [done])
    (kept,) = merchant.get(f"/payments/reserves/{SHOP}").body["items"]
    assert (kept["order_id"], kept["category"], kept["reserved_fen"]) == ("o7", "jewellery", 1400)
    assert kept["reason"]["en"].startswith("jewellery and collectibles: 30 days from ")
    day = f"{now.astimezone(BEIJING):%Y-%m-%d}"
    accounts = {
        a["account"]: a["closing_fen"]
        for a in merchant.get(f"/statements/{SHOP}/{day}").body["accounts"]
    }
    assert accounts["reserve"] == 1400
    assert operator.get("/payments/shortfalls").body == {"items": []}
    assert merchant.get("/payments/shortfalls").status == 403
    assert Program("other-merchant").get(f"/payments/reserves/{SHOP}").status == 404
    assert Program("buyer").get(f"/payments/reserves/{SHOP}").status == 403
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


def test_a_key_of_one_shop_is_rotated_and_revoked() -> None:
    merchant = Program("merchant")
    body = {"name": "ERP", "scopes": ["cases:read", "keys:write"], "shop_id": SHOP}
    made = merchant.post("/keys", body, key=None).body
    erp = Program("merchant")
    erp.key = made["key"]
    opened(Program("buyer"))
    assert len(erp.get("/cases").body["items"]) == 1
    assert erp.get("/orders").code == "permission.scope"
    assert erp.post("/keys", body | {"scopes": ["cases:write"]}, key=None).code == "token.bad_scope"
    assert merchant.post("/keys", body | {"shop_id": "x"}, key=None).status == 404
    seen = merchant.get("/keys").body["items"]
    (row,) = [k for k in seen if k["name"] == "ERP"]
    assert (row["shop_id"], row["scopes"]) == (SHOP, ["cases:read", "keys:write"])
    assert row["last_used_at"] is not None
    assert "key" not in row
    again = merchant.post(f"/keys/{made['id']}/rotate", {}, key=None, query="?overlap_seconds=0")
    assert erp.get("/cases").status == 401, "the old key ends with the overlap"
    erp.key = again.body["key"]
    assert erp.get("/cases").status == 200
    assert Program("buyer").post(f"/keys/{again.body['id']}/rotate", {}, key=None).status == 404
    assert merchant.delete(f"/keys/{again.body['id']}").status == 204
    assert erp.get("/cases").status == 401
    assert one("SELECT count(*) FROM api_token WHERE position('gd_' in encode(hash, 'escape')) > 0"
               ) == 0  # fmt: skip


def test_an_integrator_walks_a_path_in_the_sandbox() -> None:
    case_id = opened(Program("buyer"), claim="refund_only")
    operator = Program("operator")
    sandbox = f"/sandbox/{MARKET}"
    assert operator.put(f"{sandbox}/payer", {"pays_itself": False}).body["pays_itself"] is False
    passed = operator.post(f"{sandbox}/next-deadline", {}, key=None, query=f"?case_id={case_id}")
    assert (passed.body["fired"], passed.body["paid"]) == (1, 0)
    assert operator.get(f"/cases/{case_id}").body["case"]["outcome"] is not None
    for result, ref in (("failed", "f"), ("confirmed", "p"), ("confirmed", "q")):
        report = {"reference": f"{case_id}-1", "result": result, "amount_fen": 14001,
                  "external_ref": ref}  # fmt: skip
        told = operator.post("/payments/reports", {"reports": [report]}, key=None)
        assert told.body["items"][0]["settled"] == "taken"
    assert one("SELECT state FROM payment") == "confirmed"
    assert one("SELECT kind FROM payment_exception") == "paid_twice"
    assert operator.post(f"{sandbox}/next-deadline", {}, key=None).code == "sandbox.nothing_due"
    later = operator.put(f"{sandbox}/clock", {"now": "2024-05-01T00:00:00+08:00"}).body
    assert later["now"].startswith("2024-04-30T16:00:0")
    assert operator.put(f"{sandbox}/clock", {"now": "2324-05-01T00:00:00Z"}).status == 422
    stranger = Program("foreign-operator")
    assert stranger.get(sandbox).status == 404
    assert stranger.get("/sandbox/m2").code == "sandbox.only"
    assert Program("merchant").get(sandbox).code == "permission.role"
    everything_holds()


def test_too_many_calls_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongdao.web.api.v1.site import api

    monkeypatch.setattr(api.throttle, "_burst", 3)
    monkeypatch.setattr(api.throttle, "_a_second", 0.001)
    operator = Program("operator")
    assert [operator.get("/orders").status for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = operator.get("/orders")
    assert (refused.status, refused.code) == (429, "request.too_many")
    assert refused.headers["Retry-After"] == "1000"
    assert Program("operator").get("/orders").status == 200, "another key has its own bucket"


ROWS = [
    {"order_id": "i1", "shop_id": SHOP, "buyer_id": "b1", "payment": "online",
     "placed_at": "2024-02-20T10:00:00+08:00", "paid_at": "2024-02-20T10:01:00+08:00",
     "line_title": "伞", "line_quantity": 1, "line_paid_fen": 1999},
    {"order_id": "i1", "shop_id": SHOP, "buyer_id": "b1", "payment": "online",
     "placed_at": "2024-02-20T10:00:00+08:00", "paid_at": "2024-02-20T10:01:00+08:00",
     "line_title": "帽", "line_quantity": 2, "line_paid_fen": 2001},
    {"order_id": "i2", "shop_id": SHOP, "buyer_id": "b1", "payment": "barter",
     "placed_at": "2024-02-20T10:00:00+08:00", "paid_at": "", "line_title": "x",
     "line_quantity": 1, "line_paid_fen": 1},
]  # fmt: skip


def a_file(kind: str) -> bytes:
    import csv
    import io
    import json

    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    if kind == "jsonl":
        return "\n".join(json.dumps(row) for row in ROWS).encode()
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, ROWS[0])
        writer.writeheader()
        writer.writerows(ROWS)
        return text.getvalue().encode("utf-8-sig")
    made = io.BytesIO()
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), made)
        return made.getvalue()
    book = openpyxl.Workbook()
    book.active.append(list(ROWS[0]))
    for row in ROWS:
        book.active.append(list(row.values()))
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_file_of_orders_is_taken_once_with_its_errors_listed(kind: str) -> None:
    operator = Program("operator")
    where = f"/imports/orders?marketplace_id={MARKET}&filename=orders.{kind}"
    content = a_file(kind)
    done = operator.send_file(where, content)
    assert done.status == 200, done.body
    expected = {"rows": 3, "taken": 1, "errors": 1, "finished": True, "resumed_at": 0}
    assert {k: done.body[k] for k in expected} == expected
    order = operator.get(f"/orders/{SHOP}/i1").body
    assert (order["order"]["paid_fen"], order["refundable_fen"]) == (4000, 4000)
    errors = operator.get("/imports/errors", marketplace_id=MARKET, source=done.body["source"])
    assert done.body["unread"] == []
    lines = errors.body.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("3,import.")
    again = operator.send_file(where, content)
    assert (again.body["taken"], again.body["resumed_at"]) == (1, 3)
    assert Program("foreign-operator").send_file(where, content).status == 404
    assert Program("merchant").send_file(where, content).code == "permission.role"
    everything_holds()


def test_a_statement_adds_up_to_the_ledger_and_goes_out_as_a_file() -> None:
    import io

    import openpyxl
    import pyarrow.parquet as pq

    paid_case()
    merchant = Program("merchant")
    day = merchant.get(f"/statements/{SHOP}/2024-03-01").body
    ledger = dict(rows("SELECT account, sum(amount_fen)::int FROM posting WHERE shop_id = %s"
                       " GROUP BY 1", SHOP))  # fmt: skip
    assert {a["account"]: a["closing_fen"] for a in day["accounts"]} == ledger
    for account in day["accounts"]:
        moved = sum(li["amount_fen"] for li in day["lines"] if li["account"] == account["account"])
        assert account["moved_fen"] == moved
        assert account["closing_fen"] == account["opening_fen"] + moved
    assert sum(a["opening_fen"] for a in day["accounts"]) == 0
    assert [(li["account"], li["amount_fen"]) for li in day["lines"]] == [
        ("merchant", -14001), ("payable", 14001),
    ]  # fmt: skip
    file = f"/statements/{SHOP}/2024-03-01/file"
    assert len(merchant.get(file).body.decode("utf-8-sig").splitlines()) == 3
    sheet = openpyxl.load_workbook(io.BytesIO(merchant.get(file, format="xlsx").body)).active
    assert [c.value for c in sheet["G"]] == ["amount_fen", -14001, 14001]
    table = pq.read_table(io.BytesIO(merchant.get(file, format="parquet").body))
    assert table.column("amount_fen").to_pylist() == [-14001, 14001]
    assert Program("other-merchant").get(file).status == 404
    assert Program("buyer").get(file).code == "permission.role"
