"""Facts of a case (案件事实): what the record itself shows, and what people established.

A rulebook asks for facts by name. The names below are the ones that every case answers from its
own record; a rulebook that uses them need not ask anybody. Everything else has to be found.
What the record does not show is left out: unknown is not false.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gongdao.core.cases.model import Case, ClaimLine, Order
from gongdao.core.cases.offer_states import agreement_in_force
from gongdao.core.cases.outbound import Reach, reach
from gongdao.core.cases.returned import inspections_of
from gongdao.core.kernel.words import Claim, Goods, Reason
from gongdao.core.remedies.parcel import Condition
from gongdao.core.rulebook.covers import covers
from gongdao.core.rulebook.facts import read_fact
from gongdao.core.rulebook.model import Rulebook, Value

#: Name -> where it comes from. The reference page of standard facts is made from this table.
STANDARD: dict[str, str] = {
    "payment": "order: online | cod",
    "order_stage": (
        "order: awaiting_payment | preparing | shipped | received | succeeded | cancelled"
    ),
    "paid_order": "order: the buyer has paid",
    "shipped": "order: a carrier has the parcel, or one of those that carry what is claimed",
    "received": "order: all that is claimed was signed for",
    "free_shipping": "order: the merchant paid the freight to the buyer",
    "placed_at": "order",
    "paid_at": "order",
    "promised_ship_at": "order",
    "promised_delivery_at": "order",
    "shipped_at": "order: when the last of the parcels that carry what is claimed left",
    "signed_at": "order: when all that is claimed had arrived",
    "succeeded_at": "order",
    "cancelled_at": "order",
    "paid": "order: all the buyer paid, fen",
    "postage": "order: freight of the parcel to the buyer that the buyer paid, fen",
    "goods_amount": "order: price paid for all goods, fen",
    "tracking_known": "order: a tracking number is on record",
    "region": "order: where the parcel goes",
    "claim": "case: what the buyer asks for",
    "reason": "case: why",
    "claimed": "case: amount asked back, fen",
    "claimed_goods": "case: price paid for what the claim is about, fen",
    "seen_goods": "case: what that costs at the lower price seen (price protection), fen",
    "opened_at": "case: when the after-sale was applied for",
    "disputed_at": "case: when the platform was asked to intervene",
    "ruled_at": "case: when the ruling in force was given",
    "closed_at": "case: when it ended, unless it was opened again",
    "return_address_known": "case: the buyer was told where the goods go back to",
    "goods_returned": "case: the goods are back with the merchant",
    "return_inspected": "case: the merchant showed by evidence what came back",
    "return_fault_shown": "case: he showed it to be damaged, other goods, empty or not all",
    "return_empty": "case: he showed a parcel that came back to be empty",
    "penalised": "case: a breach by the merchant is on record",
    "score_affected": "case: the ruling in force weighs on the merchant's score",
    "agreed_remedy": "case: what both sides agreed on, while no ruling came after it",
    "now": "the instant of the act",
    "merchant_rejected": "case: the merchant refused the request",
    "buyer_evidence": "case: number of pieces of evidence the buyer gave",
    "merchant_evidence": "case: number of pieces of evidence the merchant gave",
}


def order_facts(
    order: Order,
    now: datetime,
    claimed: Mapping[str, int] | None = None,
    reason: Reason | None = None,
) -> dict[str, Value]:
    """Return the facts that the order's own record shows at `now`.

    Of several parcels those count that carry `claimed` (line -> quantity; None: everything): see
    `core.cases.outbound`.
    """
    come = reach(order, claimed, reason)
    facts: dict[str, Value] = {
        "payment": order.payment,
        "order_stage": _stage(order, come, now),
        "paid_order": _by(order.paid_at, now),
        "shipped": _by(come.left_at, now),
        "received": _by(come.signed_at, now),
        "free_shipping": order.freight_prepaid_by.value == "merchant",
        "paid": order.paid_fen,
        "postage": order.paid_fen - order.goods_fen,
        "goods_amount": order.goods_fen,
        "tracking_known": come.tracking_known,
        "now": now,
    }
    instants = {
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "shipped_at": come.shipped_at,
        "signed_at": come.signed_at,
        "succeeded_at": order.succeeded_at,
        "cancelled_at": order.cancelled_at,
    }
    facts.update({k: v for k, v in instants.items() if v is not None and v <= now})
    promises = {
        "promised_ship_at": order.promised_ship_at,
        "promised_delivery_at": order.promised_delivery_at,
    }
    facts.update({k: v for k, v in promises.items() if v is not None})
    if order.region is not None:
        facts["region"] = order.region
    return facts


def case_facts(
    case: Case, book: Rulebook, now: datetime
) -> tuple[dict[str, Value], dict[str, str]]:
    """Return every fact known of `case` at `now`, and for each where it comes from.

    Findings overrule the record: a person who established otherwise did so on evidence.
    """
    claimed = {line.line_id: line.quantity for line in case.claim_lines}
    facts = order_facts(case.order, now, claimed, case.reason)
    facts.update(claim_facts(case.claim, case.reason, case.requested_fen, case.claim_lines))
    if not covers(book, case.claim):
        del facts["claim"]
    facts["opened_at"] = case.opened_at
    facts["buyer_evidence"] = sum(1 for e in case.evidence if e.by.value == "buyer")
    facts["merchant_evidence"] = sum(1 for e in case.evidence if e.by.value == "merchant")
    dispute = case.tracks.get("dispute")
    if dispute is not None and "disputed_at" not in case.facts:
        facts["disputed_at"] = dispute.entered_at
    agreement = agreement_in_force(case)
    if agreement is not None:
        facts["agreed_remedy"] = agreement.terms.remedy.value
    facts["penalised"] = bool(case.penalties)
    facts.update(_return_facts(case))
    if case.closed_at is not None:
        facts["closed_at"] = case.closed_at
    if case.ruling is not None:
        facts["ruled_at"] = case.ruling.at
        facts["score_affected"] = case.ruling.score_effect
    origins = dict.fromkeys(facts, "record")
    for name, plain in case.order.attributes.items():
        declared = book.facts.get(name)
        if declared is not None:
            facts[name] = read_fact(book, declared, plain)
            origins[name] = "record"
    for found in case.facts.values():
        declared = book.facts.get(found.name)
        if declared is not None:
            facts[found.name] = read_fact(book, declared, found.value)
            origins[found.name] = f"finding:{found.by.value}"
    return facts, origins


def _return_facts(case: Case) -> dict[str, Value]:
    """Return what the record shows of goods on their way back, or back."""
    shown = [i for i in inspections_of(case) if i.evidence]
    return {
        "return_address_known": case.return_address is not None,
        "goods_returned": case.goods is Goods.RETURNED,
        "return_inspected": bool(shown),
        "return_fault_shown": any(
            i.condition is not Condition.INTACT or i.received is not None for i in shown
        ),
        "return_empty": any(i.condition is Condition.EMPTY for i in shown),
    }


def claim_facts(
    claim: Claim, reason: Reason, requested_fen: int, lines: tuple[ClaimLine, ...]
) -> dict[str, Value]:
    """Return the facts of what is asked for."""
    facts: dict[str, Value] = {
        "claim": claim.value,
        "reason": reason.value,
        "claimed": requested_fen,
        "claimed_goods": sum(line.goods_fen for line in lines),
    }
    seen = [line.seen_fen for line in lines if line.seen_fen is not None]
    if seen and len(seen) == len(lines):
        facts["seen_goods"] = sum(seen)
    return facts


def order_stage(order: Order, now: datetime) -> str:
    """Return how far the whole order has come at `now`."""
    return _stage(order, reach(order), now)


def _stage(order: Order, come: Reach, now: datetime) -> str:
    ladder = (
        (order.cancelled_at, "cancelled"),
        (order.succeeded_at, "succeeded"),
        (come.signed_at, "received"),
        (come.left_at, "shipped"),
    )
    for instant, stage in ladder:
        if _by(instant, now):
            return stage
    if order.payment == "online" and not _by(order.paid_at, now):
        return "awaiting_payment"
    return "preparing"


def _by(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now
