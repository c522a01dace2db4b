"""Rows of the matrix for all that stands beside cases: orders, money, programs, rules, people."""

from __future__ import annotations

from datetime import timedelta

from gongdao.app.permissions import Verb
from gongdao.app.queries.clocks import clocks
from gongdao.app.queries.ledger import balance
from tests.app.world import MARKET, SHOP, T0
from tests.security.matrix_asks import Ask, Row, called, got, sent_file
from tests.security.matrix_world import FAST_REFUND, Recording, World, invoice, told
from tests.web.stage import Answer

_PARCEL_HEAD = "shop_id,order_id,tracking_number,event,at"
_REQUEST_HEAD = "request_id,shop_id,order_id,claim,reason"
_MESSAGE_HEAD = "shop_id,message_id,session_id,buyer_id,direction,at,text"
_DAY = str((T0 - timedelta(days=1)).date())


def _order(order_id: str) -> dict[str, object]:
    return {
        "order_id": order_id,
        "shop_id": SHOP,
        "buyer_id": "b1",
        "platform": "kuaishou",
        "payment": "online",
        "placed_at": "2024-02-28T10:00:00+08:00",
        "lines": [{"line_id": "1", "title": "伞", "quantity": 1, "paid_fen": 1}],
    }


def _act_on_task(p: Recording, w: World) -> Answer:
    """Do what the task offers, each on a task of his own."""
    path = f"/invoices/tasks/{w.task_for(p.name)}"
    page = p.get(path)
    offered = page.body["task"]["allowed"] if page.status == 200 else []
    action = next((a for a in offered if a["open"]), {"name": "nothing", "needs": []})
    payload = dict.fromkeys(action["needs"], "24317")
    return p.post(f"{path}/actions", {"action": action["name"], "payload": payload})


HOUSE_ROWS: dict[Verb, Row] = {
    Verb.SEE_ORDERS: Row(
        (
            Ask(got(lambda _w: f"/orders/{SHOP}/o1")),
            Ask(got(lambda _w: f"/orders/{SHOP}/o1/claims")),
            Ask(got(lambda _w: "/orders", search="o2"), "empty"),
        ),
        changes=False,
        door=lambda b, _w: b.get(f"/orders/{SHOP}/o1/"),
    ),
    Verb.INTAKE_ORDERS: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    "/orders", {"marketplace_id": MARKET, "orders": [_order("n1")]}
                )
            ),
            Ask(
                lambda p, _w: sent_file(
                    p, "parcels", _PARCEL_HEAD, f"{SHOP},o5,SF7,shipped,2024-02-29T10:00:00+08:00"
                )
            ),
            Ask(got(lambda _w: "/imports", marketplace_id=MARKET)),
            Ask(got(lambda _w: "/imports/errors", marketplace_id=MARKET, source="orders:0")),
        )
    ),
    Verb.MANAGE_STRATEGIES: Row(
        (
            Ask(lambda p, _w: p.post(f"/shops/{SHOP}/strategies", {"text": FAST_REFUND}, key=None)),
            Ask(lambda p, w: p.post(f"{w.strategy}/dry-run", {}, key=None)),
            Ask(lambda p, w: p.post(f"{w.strategy}/switch", {"on": True}, key=None)),
            Ask(lambda p, _w: p.get(f"/shops/{SHOP}/strategies")),
        )
    ),
    Verb.REPORT_PAYMENT: Row(
        (
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.granted}/payments",
                    {"number": 1, "result": "sent", "amount_fen": 14001},
                )
            ),
            Ask(
                lambda p, w: p.post(
                    "/payments/reports",
                    {
                        "reports": [
                            {
                                "reference": f"{w.granted}-1",
                                "result": "sent",
                                "amount_fen": 14001,
                                "external_ref": "r",
                            }
                        ]
                    },
                    key=None,
                ),
                "refused",
            ),
            Ask(got(lambda _w: "/payments"), "empty"),
        )
    ),
    Verb.RESOLVE_PAYMENTS: Row(
        (
            Ask(
                lambda p, w: p.post(
                    f"/payments/exceptions/{w.exception_id}",
                    {"resolution": "dismiss", "note": "误报"},
                    key=None,
                )
            ),
            Ask(got(lambda _w: "/payments/exceptions"), "empty"),
        )
    ),
    Verb.REPORT_OUTSIDE_REFUND: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    "/payments/outside-refunds",
                    {"shop_id": SHOP, "order_id": "o2", "amount_fen": 1, "external_ref": "x"},
                )
            ),
        )
    ),
    Verb.MOVE_DEPOSIT: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    f"/payments/deposits/{SHOP}", {"amount_fen": 1, "external_ref": "x"}
                )
            ),
        )
    ),
    Verb.MANAGE_WEBHOOKS: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    "/webhooks",
                    {
                        "marketplace_id": MARKET,
                        "url": "https://hooks.example/g",
                        **({"shop_id": SHOP} if "merchant" in p.name else {}),
                    },
                )
            ),
            Ask(lambda p, w: p.post(f"/webhooks/{w.endpoint_of(p.name)}/test", {}, key=None)),
            Ask(lambda p, w: p.post(f"/webhooks/{w.endpoint_of(p.name)}/secret", {}, key=None)),
            Ask(lambda p, w: p.post(f"/webhooks/{w.endpoint_of(p.name)}/replay", {}, key=None)),
            Ask(lambda p, w: p.get(f"/webhooks/{w.endpoint_of(p.name)}/deliveries")),
            Ask(got(lambda _w: "/webhooks"), "empty"),
            Ask(lambda p, w: p.delete(f"/webhooks/{w.endpoint_of(p.name)}")),
        )
    ),
    Verb.MANAGE_KEYS: Row(
        (
            Ask(lambda p, _w: p.post("/keys", {"name": "k", "scopes": ["cases:read"]}), "his own"),
            Ask(lambda p, w: p.post(f"/keys/{w.key_of(p.name)}/rotate", {}, key=None)),
            Ask(got(lambda _w: "/keys"), "his own"),
            Ask(lambda p, w: p.delete(f"/keys/{w.key_of(p.name)}")),
        )
    ),
    Verb.DRIVE_SANDBOX: Row(
        (
            Ask(lambda p, _w: p.get(f"/sandbox/{MARKET}")),
            Ask(lambda p, _w: p.put(f"/sandbox/{MARKET}/payer", {"pays_itself": False})),
            Ask(
                lambda p, _w: p.put(
                    f"/sandbox/{MARKET}/clock", {"now": (T0 + timedelta(hours=1)).isoformat()}
                )
            ),
            Ask(lambda p, _w: p.post(f"/sandbox/{MARKET}/next-deadline", {}, key=None)),
        )
    ),
    Verb.SEE_LEDGER: Row(
        (
            Ask(got(lambda _w: f"/statements/{SHOP}/{_DAY}")),
            Ask(got(lambda _w: f"/statements/{SHOP}/{_DAY}/file")),
            Ask(got(lambda _w: f"/payments/deposits/{SHOP}")),
            Ask(got(lambda _w: f"/payments/reserves/{SHOP}")),
        ),
        changes=False,
    ),
    Verb.SEE_CLOCKS: Row((Ask(called(clocks), "his own"),), changes=False),
    Verb.SEE_FORCE_MAJEURE: Row((Ask(got(lambda _w: "/force-majeure"), "empty"),), changes=False),
    Verb.DECLARE_FORCE_MAJEURE: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    "/force-majeure",
                    {
                        "marketplace_id": MARKET,
                        "province": "上海市",
                        "since": T0.isoformat(),
                        "until": (T0 + timedelta(days=9)).isoformat(),
                        "proof": "12 号",
                    },
                )
            ),
            Ask(lambda p, w: p.post(f"/force-majeure/{w.declaration}/end", {}, key=None)),
            Ask(
                lambda p, w: p.post(
                    f"/force-majeure/{w.declaration}/revoke", {"because": "误报"}, key=None
                )
            ),
        )
    ),
    Verb.SEE_MARKS: Row((Ask(got(lambda _w: "/marks"), "empty"),), changes=False),
    Verb.SEE_INVOICES: Row(
        (
            Ask(lambda p, w: p.get("/invoices", shop_id=SHOP, order_id=w.invoiced)),
            Ask(lambda p, w: p.get(f"/invoices/tasks/{w.invoice_task}")),
            Ask(got(lambda _w: "/invoices/tasks"), "empty"),
        ),
        changes=False,
    ),
    Verb.TELL_INVOICE: Row(
        (
            Ask(lambda p, w: p.post("/invoices", invoice(w.orders_for(p.name)[0]), key=None)),
            Ask(
                lambda p, w: p.post(
                    "/invoices/wrong", {"shop_id": SHOP, "number": w.invoice_for(p.name)}
                )
            ),
        )
    ),
    Verb.HANDLE_INVOICE: Row((Ask(_act_on_task),)),
    Verb.SEE_RULES: Row(
        (
            Ask(got(lambda _w: "/rulebooks"), "his own"),
            Ask(got(lambda _w: "/rulebooks/kuaishou/after-sale@2024-01-03"), "his own"),
            Ask(
                lambda p, _w: p.post(
                    "/evaluate", {"subject": "kuaishou/after-sale", "facts": {}}, key=None
                ),
                "his own",
                but=frozenset(),
            ),
        ),
        changes=False,
        door=lambda b, _w: b.get("/rulebooks/"),
    ),
    Verb.VERIFY: Row(
        (Ask(called(balance), "his own"), Ask(got(lambda _w: "/payments/shortfalls"), "empty")),
        changes=False,
    ),
    Verb.ERASE_PERSON: Row(
        (
            Ask(
                lambda p, _w: p.post(
                    "/people/erasures", {"marketplace_id": MARKET, "buyer_id": "b-nobody"}
                )
            ),
        )
    ),
    Verb.INTAKE_MESSAGES: Row(
        (
            Ask(lambda p, _w: p.post("/messages", told("m-9"), key=None)),
            Ask(
                lambda p, _w: sent_file(
                    p,
                    "messages",
                    _MESSAGE_HEAD,
                    f"{SHOP},m-7,s-1,b1,buyer,2024-02-29T10:00:00+08:00,hi",
                )
            ),
        )
    ),
    Verb.SEE_MESSAGES: Row(
        (Ask(lambda p, w: p.get("/messages", shop_id=SHOP, order_id="o1"), "empty"),),
        changes=False,
    ),
    Verb.SEE_SERVICE: Row(
        (Ask(got(lambda _w: "/messages/measures", since=_DAY, until=_DAY), "empty"),),
        changes=False,
    ),
    Verb.IMPORT_REQUESTS: Row(
        (
            Ask(
                lambda p, _w: sent_file(
                    p, "requests", _REQUEST_HEAD, f"r-1,{SHOP},o2,return_refund,quality"
                )
            ),
        )
    ),
    Verb.SEE_EXPORTS: Row(
        (
            Ask(lambda p, w: p.get(f"/exports/{MARKET}")),
            Ask(lambda p, w: p.get(f"/exports/{MARKET}/{w.exported_day}/cases")),
        )
    ),  # a download leaves its line in the log
}
