"""The rows of the security matrix: for each verb, every way in which it can be asked for.

A verb without a row, and an operation of the API that no row asks for, fail the matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from gongdao.app.permissions import Verb
from gongdao.app.queries.clocks import clocks
from gongdao.app.queries.ledger import balance
from gongdao.core.kernel.findings import NotAllowed, NotVisible
from tests.app.world import MARKET, SHOP, T0
from tests.security.matrix_world import FAST_REFUND, STAGES, Recording, World, invoice, told
from tests.web.stage import Answer

#: What a stranger finds: nothing (404), an empty list, a refusal within the answer; or, of what is
#: his own, what he asked for.
Finds = Literal["nothing", "empty", "refused", "his own"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One way in which a verb is asked for."""

    do: Callable[[Recording, World], Answer]
    stranger: Finds = "nothing"
    stages: tuple[str, ...] = ("opened",)
    """Where, over all of them, everybody who may succeeds."""
    but: frozenset[str] = frozenset()
    """Posts that may, but to whom no process offers it in these stages."""


@dataclass(frozen=True, slots=True)
class Row:
    """A verb's row of test data."""

    asks: tuple[Ask, ...]
    of_a_case: bool = False
    """What it comes to depends on the stage of the case; when that is closed, nothing."""
    changes: bool = True
    door: Callable[[Any, World], Any] | None = None
    """The same on a page, by a browser; None: no page does it."""


def _case(path: str) -> Callable[[World], str]:
    return lambda w: f"/cases/{w.case_id}{path}"


def _posted(path: Callable[[World], str], body: Any) -> Callable[[Recording, World], Answer]:
    return lambda p, w: p.post(path(w), body(w) if callable(body) else body)


def _got(path: Callable[[World], str], **query: str) -> Callable[[Recording, World], Answer]:
    return lambda p, w: p.get(path(w), **query)


def _called(use: Callable[[Any], object]) -> Callable[[Recording, World], Answer]:
    """Ask a use case that no address of the API leads to."""

    def do(p: Recording, w: World) -> Answer:
        try:
            found = use(w.caller(p))
        except NotAllowed as refusal:
            return Answer(403, {"code": refusal.code}, {})
        except NotVisible as refusal:
            return Answer(404, {"code": refusal.code}, {})
        return Answer(200, {"items": list(found) if isinstance(found, tuple) else []}, {})

    return do


def act_as_offered(p: Recording, w: World) -> Answer:
    """Do the first thing that the case offers; to whom it offers nothing, what arbitrators do."""
    page = p.get(f"/cases/{w.case_id}")
    offered = page.body.get("allowed_actions", []) if page.status == 200 else []
    given = {"tracking_number": "SF2", "part": "score", "ground": "新证据"}
    for action in offered:
        if action["open"]:
            payload = {name: given.get(name, "x") for name in action["needs"]}
            body = {"action": action["name"], "track": action["track"], "payload": payload}
            return p.post(f"/cases/{w.case_id}/actions", body)
    return p.act(w.case_id, "hand_over")


def _file(p: Recording, subject: str, head: str, line: str) -> Answer:
    query = f"?marketplace_id={MARKET}&filename=a.csv"
    return p.send_file(f"/imports/{subject}{query}", f"{head}\n{line}\n".encode())


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


#: The operator cancels there when the buyer has asked, by an action of the case.
NOT_ON_KUAISHOU = frozenset({"operator"})


def _cancel(p: Recording, _w: World) -> Answer:
    order = {"merchant": "o7", "merchant-agent": "o7", "operator": "o6"}.get(p.name, "o5")
    return p.post(f"/orders/{SHOP}/{order}/cancellation", {})


_PARCEL_HEAD = "shop_id,order_id,tracking_number,event,at"
_REQUEST_HEAD = "request_id,shop_id,order_id,claim,reason"
_MESSAGE_HEAD = "shop_id,message_id,session_id,buyer_id,direction,at,text"
_DAY = str((T0 - timedelta(days=1)).date())
_ANYWHERE = STAGES

ROWS: dict[Verb, Row] = {
    Verb.SEE_ORDERS: Row(
        (
            Ask(_got(lambda _w: f"/orders/{SHOP}/o1")),
            Ask(_got(lambda _w: f"/orders/{SHOP}/o1/claims")),
            Ask(_got(lambda _w: "/orders", search="o2"), "empty"),
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
                lambda p, _w: _file(
                    p, "parcels", _PARCEL_HEAD, f"{SHOP},o5,SF7,shipped,2024-02-29T10:00:00+08:00"
                )
            ),
            Ask(_got(lambda _w: "/imports", marketplace_id=MARKET)),
            Ask(_got(lambda _w: "/imports/errors", marketplace_id=MARKET, source="orders:0")),
        )
    ),
    Verb.OPEN_CASE: Row(
        (
            Ask(
                lambda p, w: p.post(
                    "/cases",
                    {
                        "shop_id": SHOP,
                        "order_id": w.orders_for(p.name)[0],
                        "claim": "return_refund",
                        "reason": "quality",
                    },
                )
            ),
            Ask(
                lambda p, w: p.post(
                    "/joined-cases/openings",
                    {
                        "shop_id": SHOP,
                        "requests": [
                            {"order_id": n, "claim": "refund_only", "reason": "quality"}
                            for n in w.orders_for(p.name, 2)
                        ],
                    },
                )
            ),
        ),
        door=lambda b, _w: b.post(
            f"/orders/{SHOP}/o4/open/",
            {"claim": "refund_only", "reason": "quality", "key": "d-open", "confirm": "yes"},
        ),
    ),
    Verb.CANCEL_ORDER: Row((Ask(_cancel, but=NOT_ON_KUAISHOU),)),
    Verb.SEE_CASES: Row(
        (
            Ask(_got(_case(""))),
            Ask(_got(_case("/timeline"))),
            Ask(_got(_case("/evidence-checklist"))),
            Ask(_got(_case("/rulings/1/statement")), stages=("ruled",)),
            Ask(_got(lambda _w: "/cases"), "empty"),
            Ask(lambda p, w: p.get(f"/joined-cases/{w.group}")),
            Ask(lambda p, w: p.get(f"/joined-cases/{w.ruled_group}/statement")),
        ),
        changes=False,
        door=lambda b, w: b.get(f"/cases/{w.case_id}/"),
    ),
    Verb.ACT: Row(
        (
            Ask(act_as_offered, stages=_ANYWHERE),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group_for(p.name)}/actions", {"action": "close_evidence"}
                ),
                but=frozenset({"buyer", "merchant", "merchant-agent", "operator"}),
            ),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group}/actions/preview", {"action": "close_evidence"}
                )
            ),
        ),
        of_a_case=True,
        door=lambda b, w: b.post(
            f"/cases/{w.case_id}/act/",
            {
                "action": "withdraw",
                "track": "after_sale",
                "key": "d-act",
                "confirm": "yes",
                "reason": "x",
            },
        ),
    ),
    Verb.NEGOTIATE: Row(
        (
            Ask(_posted(_case("/offers"), {"remedy": "partial_refund", "refund_fen": 100})),
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.another_case()}/offers/{w.offer}/answer",
                    {"answer": "decline" if p.name == "buyer" else "withdraw"},
                ),
                but=frozenset({"merchant", "merchant-agent"}),
            ),
        ),
        of_a_case=True,
    ),
    Verb.INSPECT_RETURN: Row(
        (Ask(_posted(_case("/inspection"), {"condition": "intact"}), stages=("returned",)),),
        of_a_case=True,
    ),
    Verb.REPORT_LOST: Row(
        (Ask(_posted(_case("/loss"), {"proof": "丢件证明"}), stages=("returned",)),),
        of_a_case=True,
    ),
    Verb.MANAGE_STRATEGIES: Row(
        (
            Ask(lambda p, _w: p.post(f"/shops/{SHOP}/strategies", {"text": FAST_REFUND}, key=None)),
            Ask(lambda p, w: p.post(f"{w.strategy}/dry-run", {}, key=None)),
            Ask(lambda p, w: p.post(f"{w.strategy}/switch", {"on": True}, key=None)),
            Ask(lambda p, _w: p.get(f"/shops/{SHOP}/strategies")),
        )
    ),
    Verb.SUBMIT_EVIDENCE: Row(
        (
            Ask(
                lambda p, w: p.upload(f"/cases/{w.case_id}/evidence", b"chat", "b.txt", kind="chat")
            ),
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.case_id}/evidence/messages", {"message_ids": [w.message_id]}
                )
            ),
        ),
        of_a_case=True,
    ),
    Verb.CHALLENGE_EVIDENCE: Row(
        (
            Ask(
                lambda p, w: p.post(
                    f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/challenges",
                    {"reason": "假"},
                ),
                but=frozenset({"buyer"}),  # it is his own
            ),
        ),
        of_a_case=True,
    ),
    Verb.SEE_EVIDENCE: Row(
        (
            Ask(lambda p, w: p.get(f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/link")),
            Ask(lambda p, w: p.get(f"/cases/{w.case_id}/evidence/{w.evidence_id(p.name)}/content")),
        ),
        changes=False,
        door=lambda b, w: b.get(f"/cases/{w.case_id}/evidence/{w.evidence_id()}/"),
    ),
    Verb.SEE_MATCHES: Row((Ask(_got(_case("/evidence-matches"))),), changes=False),
    Verb.TAKE_CASE: Row(
        (
            Ask(lambda p, w: p.put(f"/assignments/{w.case_id}", {}), stages=("disputed",)),
            Ask(lambda p, w: p.delete(f"/assignments/{w.case_id}"), stages=("disputed",)),
            Ask(lambda p, _w: p.put("/assignments/next", {}), "his own", stages=("disputed",)),
            Ask(_got(lambda _w: "/assignments"), "empty"),
        )
    ),
    Verb.RECORD_FINDING: Row(
        (
            Ask(
                _posted(_case("/findings"), {"name": "merchant_fault", "value": "proven"}),
                stages=("disputed",),
            ),
            Ask(
                lambda p, w: p.post(
                    f"/joined-cases/{w.group}/findings",
                    {"name": "merchant_fault", "value": "proven"},
                ),
            ),
        ),
        of_a_case=True,
    ),
    Verb.JOIN_CASES: Row(
        (
            Ask(
                lambda p, w: p.post(
                    "/joined-cases",
                    {
                        "case_ids": [w.another_case(p.name), w.another_case(f"{p.name} 2")],
                        "reason": "同一批次",
                    },
                )
            ),
            Ask(
                lambda p, w: p.post(
                    "/joined-cases/separations",
                    {"case_id": w.joined_case(p.name), "reason": "案情不同"},
                )
            ),
        ),
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
            Ask(_got(lambda _w: "/payments"), "empty"),
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
            Ask(_got(lambda _w: "/payments/exceptions"), "empty"),
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
            Ask(_got(lambda _w: "/webhooks"), "empty"),
            Ask(lambda p, w: p.delete(f"/webhooks/{w.endpoint_of(p.name)}")),
        )
    ),
    Verb.MANAGE_KEYS: Row(
        (
            Ask(lambda p, _w: p.post("/keys", {"name": "k", "scopes": ["cases:read"]}), "his own"),
            Ask(lambda p, w: p.post(f"/keys/{w.key_of(p.name)}/rotate", {}, key=None)),
            Ask(_got(lambda _w: "/keys"), "his own"),
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
            Ask(_got(lambda _w: f"/statements/{SHOP}/{_DAY}")),
            Ask(_got(lambda _w: f"/statements/{SHOP}/{_DAY}/file")),
            Ask(_got(lambda _w: f"/payments/deposits/{SHOP}")),
            Ask(_got(lambda _w: f"/payments/reserves/{SHOP}")),
        ),
        changes=False,
    ),
    Verb.SEE_CLOCKS: Row((Ask(_called(clocks), "his own"),), changes=False),
    Verb.SEE_FORCE_MAJEURE: Row((Ask(_got(lambda _w: "/force-majeure"), "empty"),), changes=False),
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
    Verb.SEE_MARKS: Row((Ask(_got(lambda _w: "/marks"), "empty"),), changes=False),
    Verb.SEE_INVOICES: Row(
        (
            Ask(lambda p, w: p.get("/invoices", shop_id=SHOP, order_id=w.invoiced)),
            Ask(lambda p, w: p.get(f"/invoices/tasks/{w.invoice_task}")),
            Ask(_got(lambda _w: "/invoices/tasks"), "empty"),
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
    Verb.HANDLE_INVOICE: Row(
        (
            Ask(_act_on_task, but=frozenset({"buyer"})),  # it waits for the merchant
        )
    ),
    Verb.SEE_RULES: Row(
        (
            Ask(_got(lambda _w: "/rulebooks"), "his own"),
            Ask(_got(lambda _w: "/rulebooks/kuaishou/after-sale@2024-01-03"), "his own"),
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
        (Ask(_called(balance), "his own"), Ask(_got(lambda _w: "/payments/shortfalls"), "empty")),
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
                lambda p, _w: _file(
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
        (Ask(_got(lambda _w: "/messages/measures", since=_DAY, until=_DAY), "empty"),),
        changes=False,
    ),
    Verb.IMPORT_REQUESTS: Row(
        (
            Ask(
                lambda p, _w: _file(
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
