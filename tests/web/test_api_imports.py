"""Files of parcels, requests and messages by the API: once, in pieces, every bad row told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from functools import cache

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongdao.app.intake_requests import request_case_id
from tests.app.world import MARKET, SHOP, everything_holds, one, rows
from tests.web.stage import Answer, Program

pytestmark = pytest.mark.usefixtures("stage")
Row = dict[str, object]
KINDS = ("csv", "jsonl", "xlsx", "parquet")


def a_file(kind: str, told: Sequence[Row]) -> bytes:
    """Return the rows as a file, the same bytes each time: a workbook also keeps when it was made."""
    return _file(kind, json.dumps(list(told)))


@cache
def _file(kind: str, rows_as_json: str) -> bytes:
    told: list[Row] = json.loads(rows_as_json)
    if kind == "jsonl":
        return "\n".join(json.dumps(row) for row in told).encode()
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, told[0])
        writer.writeheader()
        writer.writerows(told)
        return text.getvalue().encode("utf-8-sig")
    made = io.BytesIO()
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(told), made)
        return made.getvalue()
    book = openpyxl.Workbook()
    book.active.append(list(told[0]))
    for row in told:
        book.active.append(list(row.values()))
    book.save(made)
    return made.getvalue()


def send(subject: str, kind: str, told: Sequence[Row], who: str = "operator") -> Answer:
    where = f"/imports/{subject}?marketplace_id={MARKET}&filename=x.{kind}"
    return Program(who).send_file(where, a_file(kind, told))


def errors(source: str, written: str = "csv") -> list[tuple[int, str, str]]:
    got = Program("operator").get(
        "/imports/errors", marketplace_id=MARKET, source=source, format=written
    )
    if written == "jsonl":
        found = [json.loads(line) for line in got.body.decode().splitlines()]
    else:
        found = list(csv.DictReader(io.StringIO(got.body.decode("utf-8-sig"))))
    return [(int(f["row"]), f["code"], f["field"]) for f in found]


def step(number: str, event: str, at: str, **changes: object) -> Row:
    return {"shop_id": SHOP, "order_id": "o1", "tracking_number": number, "event": event,
            "at": f"2024-02-{at}", "carrier": "顺丰", "line_id": None, "line_quantity": None,
            } | changes  # fmt: skip


STEPS = [
    step("SF1", "signed", "28 20:00:00", line_id="1", line_quantity=2),  # before it left: by time
    step("SF1", "shipped", "26 10:00:00"),
    step("SF2", "shipped", "27 10:00:00", line_id="2", line_quantity=1),
    step("SF2", "in_transit", "28 10:00:00"),
    step("SF2", "signed", "29 09:00:00+08:00"),
    step("SF3", "signed", "29 09:00:00"),
    step("SF1", "shipped", "27 10:00:00", order_id="o9"),
    step("SF1", "lost", "27 10:00:00"),
    step("SF1", "shipped", "27 10:00:00", line_id="1"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_parcels_follow_what_the_carriers_tell(kind: str) -> None:
    done = send("parcels", kind, STEPS)
    assert done.status == 200, done.body
    want = {"rows": 9, "taken": 5, "errors": 4, "finished": True, "resumed_at": 0, "unread": []}
    assert {name: done.body[name] for name in want} == want
    assert errors(done.body["source"]) == errors(done.body["source"], "jsonl") == [
        (6, "order.bad_parcel", "parcels.2.signed_at"),
        (7, "not_visible", "order_id"),
        (8, "import.unknown_word", "event"),
        (9, "import.bad_cell", "line_id"),
    ]  # fmt: skip
    (snapshot,) = rows("SELECT snapshot FROM orders WHERE order_id = 'o1' AND shop_id = %s", SHOP)[
        0
    ]
    order = json.loads(bytes(snapshot))  # type: ignore[arg-type]
    assert [(p["tracking_number"], p["shipped_at"], p["signed_at"], p["lines"], p["carrier"])
            for p in order["parcels"]] == [
        ("SF1", "2024-02-26T02:00:00Z", "2024-02-28T12:00:00Z",
         [{"line_id": "1", "quantity": 2}], "顺丰"),
        ("SF2", "2024-02-27T02:00:00Z", "2024-02-29T01:00:00Z",
         [{"line_id": "2", "quantity": 1}], "顺丰"),
    ]  # fmt: skip
    before = rows("SELECT order_id, snapshot, updated_at FROM orders ORDER BY 1")
    assert send("parcels", kind, STEPS).body["resumed_at"] == 9
    assert rows("SELECT order_id, snapshot, updated_at FROM orders ORDER BY 1") == before
    everything_holds()


def asked(request: str, order: str, **changes: object) -> Row:
    return {"request_id": request, "shop_id": SHOP, "order_id": order, "claim": "return_refund",
            "reason": "quality", "asked_at": "2024-03-01T09:30:00+08:00", "line_id": None,
            "line_quantity": None, "requested_fen": None, "description": "裂了"} | changes  # fmt: skip


REQUESTS = [
    asked("r1", "o1", line_id="1", line_quantity=1),
    asked("r1", "o1", line_id="2", line_quantity=1),
    asked("r2", "o2", requested_fen=500, claim="refund_only"),
    asked("r3", "o3", line_id="1", line_quantity=3),
    asked("r4", "o3", claim="gift"),
    asked("r5", "o9"),
    asked("r6", "o1", shop_id="shop-2"),
    asked("r7", "o3", asked_at="2024-03-05T00:00:00+08:00"),
    asked("r2", "o3"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_requests_become_cases_once(kind: str) -> None:
    done = send("requests", kind, REQUESTS)
    assert done.status == 200, done.body
    assert (done.body["rows"], done.body["taken"], done.body["errors"]) == (9, 2, 6)
    assert errors(done.body["source"]) == [
        (4, "case.bad_line", "lines.0.quantity"),
        (5, "import.unknown_word", "claim"),
        (6, "not_visible", "order_id"),
        (7, "not_visible", "order_id"),
        (8, "request.in_future", "asked_at"),
        (9, "import.repeated_request", "request_id"),
    ]
    case_id = request_case_id(MARKET, SHOP, "r1")
    case = Program("operator").get(f"/cases/{case_id}").body["case"]
    assert [(li["line_id"], li["quantity"], li["goods_fen"]) for li in case["claim_lines"]] == [
        ("1", 1, 4500), ("2", 1, 4001),
    ]  # fmt: skip
    assert (case["opened_at"], case["opened_by"]) == ("2024-03-01T01:30:00Z", "operator")
    assert Program("buyer").get(f"/cases/{case_id}").body["case"]["description"] == "裂了"
    assert "裂了".encode() not in bytes(one("SELECT body FROM event WHERE case_id = %s", case_id))
    assert one("SELECT requested_fen FROM cases WHERE order_id = 'o2'") == 500
    heads = rows("SELECT id, head_hash FROM cases ORDER BY 1")
    assert send("requests", kind, REQUESTS).body["resumed_at"] == 9
    other = send("requests", kind, REQUESTS[:3])
    assert (other.body["taken"], other.body["errors"]) == (2, 0), "known requests stay as they are"
    assert rows("SELECT id, head_hash FROM cases ORDER BY 1") == heads
    everything_holds()


def said(number: int, direction: str, text: str, **changes: object) -> Row:
    return {"shop_id": SHOP, "message_id": f"n{number}", "session_id": "s1", "buyer_id": "b1",
            "direction": direction, "at": f"2024-02-20T10:00:{number:02}+08:00", "text": text,
            "agent_id": "a1" if direction == "agent" else None, "order_id": "o1",
            "colour": "red"} | changes  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_messages_are_taken_with_their_errors_listed(kind: str) -> None:
    told = [said(1, "buyer", "在吗"), said(2, "agent", "在"), said(3, "agent", ""),
            said(4, "cat", "喵"), said(5, "buyer", "x", at="yesterday")]  # fmt: skip
    done = send("messages", kind, told)
    assert (done.body["rows"], done.body["taken"], done.body["errors"]) == (5, 2, 3)
    assert done.body["unread"] == ["colour"]
    assert errors(done.body["source"]) == [
        (3, "message.bad_value", "text"),
        (4, "import.unknown_word", "direction"),
        (5, "import.bad_cell", "at"),
    ]
    assert one("SELECT count(*) FROM message") == 2


def test_an_order_file_names_further_facts_gifts_and_prices() -> None:
    told: list[Row] = [
        {"order_id": "i1", "shop_id": SHOP, "buyer_id": "b1", "payment": "online",
         "placed_at": "2024-02-20 10:00:00", "line_id": "1", "line_paid_fen": 900,
         "line_own_price_fen": 1000, "line_gift": "", "attribute.fresh:boolean": "是",
         "attribute.note": "007", "attribute.count:integer": 2},
        {"order_id": "i1", "shop_id": SHOP, "buyer_id": "b1", "payment": "online",
         "placed_at": "2024-02-20 10:00:00", "line_id": "2", "line_paid_fen": 0,
         "line_own_price_fen": 200, "line_gift": "true", "attribute.fresh:boolean": "",
         "attribute.note": "", "attribute.count:integer": None},
    ]  # fmt: skip
    assert send("orders", "csv", told).body["taken"] == 1
    (snapshot,) = rows("SELECT snapshot FROM orders WHERE order_id = 'i1'")[0]
    order = json.loads(bytes(snapshot))  # type: ignore[arg-type]
    assert order["attributes"] == {"fresh": True, "note": "007", "count": 2}
    assert [(li["own_price_fen"], li["gift"]) for li in order["lines"]] == [
        (1000, False),
        (200, True),
    ]
    bad = send("orders", "csv", [told[0] | {"attribute.x:float": "1"}])
    assert (bad.status, bad.code) == (422, "import.bad_column")
    short = {k: v for k, v in told[0].items() if k != "buyer_id"}
    lacking = send("orders", "csv", [short])
    assert (lacking.code, lacking.body["field"]) == ("import.missing_column", "buyer_id")


def test_who_imported_what_and_how_many_rows_is_on_the_record() -> None:
    sources = [
        send(subject, "csv", told).body["source"]
        for subject, told in (("parcels", STEPS), ("requests", REQUESTS))
    ]
    send("parcels", "csv", STEPS)
    log = rows("SELECT verb, key, result, rows, user_id FROM audit_log WHERE rows IS NOT NULL"
               " ORDER BY id")  # fmt: skip
    assert [line[:4] for line in log] == [
        ("intake_orders", sources[0], "done", 9), ("import_requests", sources[1], "done", 9),
    ]  # fmt: skip
    assert len({line[4] for line in log}) == 1
    listed = Program("operator").get("/imports", marketplace_id=MARKET).body["items"]
    assert {(i["source"], i["rows"], i["finished_at"] is not None) for i in listed} == {
        (sources[0], 9, True), (sources[1], 9, True),
    }  # fmt: skip


@pytest.mark.parametrize("subject", ["orders", "parcels", "requests", "messages"])
def test_an_import_is_for_the_operator_of_the_marketplace(subject: str) -> None:
    told = [said(1, "buyer", "在吗")]
    assert send(subject, "csv", told, "foreign-operator").status == 404
    for who in ("buyer", "merchant", "arbitrator", "auditor"):
        assert send(subject, "csv", told, who).code == "permission.role"
    assert send("refunds", "csv", told).status == 422
    assert one("SELECT count(*) FROM import_progress") == 0
    source = f"{subject}:x"
    elsewhere = {"marketplace_id": MARKET, "source": source}
    assert Program("foreign-operator").get("/imports/errors", **elsewhere).status == 404
    assert Program("merchant").get("/imports", marketplace_id=MARKET).code == "permission.role"


def test_orders_told_by_the_api_are_on_the_record() -> None:
    order: Row = {
        "order_id": "n1", "shop_id": SHOP, "buyer_id": "b1", "platform": "kuaishou",
        "payment": "online", "placed_at": "2024-03-01T09:00:00+08:00",
        "lines": [{"line_id": "1", "title": "伞", "quantity": 1, "paid_fen": 100}],
    }  # fmt: skip
    told = [order, order | {"shop_id": "shop-2"}]
    assert (
        Program("operator").post("/orders", {"marketplace_id": MARKET, "orders": told}).status
        == 200
    )
    Program("operator").post("/orders", {"marketplace_id": "m2", "orders": told})
    Program("merchant").post("/orders", {"marketplace_id": MARKET, "orders": told})
    assert rows("SELECT verb, result, rows FROM audit_log ORDER BY id") == [
        ("intake_orders", "done", 2), ("intake_orders", "not_visible", None),
    ]  # fmt: skip
