"""The desk's doors: which verb each address of the desk is for. An address without a row fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongdao.app.permissions import Verb
from tests.app.world import SHOP

if TYPE_CHECKING:
    from tests.security.matrix_world import World

#: Name of the address -> the verb that guards it; None: for whoever is signed in.
DOORS: dict[str, Verb | None] = {
    "home": None,
    "choose_role": None,
    "overview": None,
    "queue": Verb.SEE_CASES,
    "take_next": Verb.TAKE_CASE,
    "case": Verb.SEE_CASES,
    "act": Verb.ACT,
    "take": Verb.TAKE_CASE,
    "offer": Verb.NEGOTIATE,
    "answer": Verb.NEGOTIATE,
    "inspect": Verb.INSPECT_RETURN,
    "report_lost": Verb.REPORT_LOST,
    "send_return": Verb.SEND_RETURN,
    "receive_return": Verb.RECEIVE_RETURN,
    "return_address": Verb.GIVE_RETURN_ADDRESS,
    "ask_pickup": Verb.REQUEST_PICKUP,
    "report_pickup": Verb.REPORT_PICKUP,
    "find": Verb.RECORD_FINDING,
    "submit_evidence": Verb.SUBMIT_EVIDENCE,
    "evidence": Verb.SEE_EVIDENCE,
    "challenge": Verb.CHALLENGE_EVIDENCE,
    "statement": Verb.SEE_CASES,
    "quote_messages": Verb.SUBMIT_EVIDENCE,
    "join": Verb.JOIN_CASES,
    "separate": Verb.JOIN_CASES,
    "joined": Verb.SEE_CASES,
    "joined_act": Verb.ACT,
    "joined_statement": Verb.SEE_CASES,
    "orders": Verb.SEE_ORDERS,
    "order": Verb.SEE_ORDERS,
    "open": Verb.OPEN_CASE,
    "cancel": Verb.CANCEL_ORDER,
    "invoices": Verb.SEE_INVOICES,
    "invoice_task": Verb.SEE_INVOICES,
    "invoice_act": Verb.HANDLE_INVOICE,
    "wrong_invoice": Verb.TELL_INVOICE,
    "tell_invoice": Verb.TELL_INVOICE,
    "keys": Verb.MANAGE_KEYS,
    "revoke_key": Verb.MANAGE_KEYS,
    "rotate_key": Verb.MANAGE_KEYS,
    "webhooks": Verb.MANAGE_WEBHOOKS,
    "endpoint": Verb.MANAGE_WEBHOOKS,
    "endpoint_act": Verb.MANAGE_WEBHOOKS,
    "payments": Verb.REPORT_PAYMENT,
    "report_payment": Verb.REPORT_PAYMENT,
    "outside_refund": Verb.REPORT_OUTSIDE_REFUND,
    "resolve_exception": Verb.RESOLVE_PAYMENTS,
    "shop_money": Verb.SEE_LEDGER,
    "shop_address": Verb.SET_RETURN_ADDRESS,
    "move_deposit": Verb.MOVE_DEPOSIT,
    "strategies": Verb.MANAGE_STRATEGIES,
    "strategy_keep": Verb.MANAGE_STRATEGIES,
    "strategy_try": Verb.MANAGE_STRATEGIES,
    "strategy_switch": Verb.MANAGE_STRATEGIES,
    "force_majeure": Verb.SEE_FORCE_MAJEURE,
    "declare_force_majeure": Verb.DECLARE_FORCE_MAJEURE,
    "withdraw_force_majeure": Verb.DECLARE_FORCE_MAJEURE,
    "service": Verb.SEE_SERVICE,
    "exports": Verb.SEE_EXPORTS,
    "marks": Verb.SEE_MARKS,
    "rulebooks": Verb.SEE_RULES,
    "rulebook": Verb.SEE_RULES,
}


def filled(world: World) -> dict[str, object]:
    """Return something that is there for each part of an address."""
    return {
        "case_id": world.case_id,
        "evidence_id": world.evidence_id(),
        "group_id": world.group,
        "task_id": world.invoice_task,
        "endpoint_id": world.endpoint_of("operator"),
        "exception_id": world.exception_id,
        "declaration_id": world.declaration,
        "shop_id": SHOP,
        "order_id": "o1",
        "number": 1,
        "parcel": 1,
        "version": 1,
        "name": "fast-refund",
        "ref": "kuaishou/after-sale@2024-01-03",
    }


#: What a form may hold; each page reads what it knows of it.
FORM = {
    "key": "door", "confirm": "yes", "action": "withdraw", "track": "after_sale", "reason": "理由",
    "name": "k", "scopes": "cases:read", "remedy": "partial_refund", "refund": "1.00",
    "condition": "intact", "proof": "丢件证明", "tracking_number": "SF9", "kind": "chat",
    "claim": "refund_only", "answer": "decline", "state": "cancelled", "note": "说明",
    "amount": "1.00", "external_ref": "x", "shop_id": SHOP, "shop": SHOP, "order_id": "o1",
    "result": "sent", "resolution": "dismiss", "province": "北京市", "since": "2024-03-01T10:00",
    "until": "2024-03-09T10:00", "because": "误报", "what": "test", "how": "revoke", "on": "on", "text": "x",
    "url": "https://hooks.example/g", "marketplace_id": "m1", "return_name": "仓库",
    "return_phone": "021-60000000", "return_region": "上海", "return_address": "一号库",
    "medium": "digital", "issued_at": "2024-02-28T10:00",
}  # fmt: skip
