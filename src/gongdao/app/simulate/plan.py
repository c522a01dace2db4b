"""Plans (剧本): who acts when in the case of an order, because the record proves it; nobody else.

The merchant never answers. The buyer asks when the record shows the ground, withdraws when it
shows the parcel arriving, and on a platform that intervenes asks for it when the rule's gate opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from gongdao.app.simulate.grounds import Ground, Shown, shown_grounds
from gongdao.core.cases.model import Order, Plain
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import parse_instant
from gongdao.core.kernel.words import Claim, Reason

#: Whole weeks by which the record is moved, so that its first orders (2016) fall under the oldest
#: of today's rules (2024-01-03) and every day keeps its weekday.
SHIFT = timedelta(weeks=384)
#: How long the buyer waits for an answer before asking the platform: the rules' general gate.
ASKS_PLATFORM_AFTER = timedelta(hours=24)
#: Late shipping opens the gate at once where the rules say so; the buyer takes half an hour.
ASKS_AT_ONCE_AFTER = timedelta(minutes=30)
#: How long after the evidence is closed the arbitrator rules.
RULES_AFTER = timedelta(hours=1)
#: Grounds that the record itself proves; a low review is the buyer's word.
_PROVEN = frozenset({Ground.NEVER_DELIVERED, Ground.DELIVERED_LATE})
_NAMESPACE = UUID("6d1f3c0a-6f0e-5d0e-9a55-0b2c5a3f7e11")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenFact:
    """A fact that the arbitrator adopts because the record proves it."""

    name: str
    value: Plain
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One case to be: opened when, for what, and what the record proves afterwards."""

    case_id: UUID
    order: Order
    ground: Ground
    others: tuple[Ground, ...]
    """Further grounds that the same record shows; one order is one case."""
    claim: Claim
    reason: Reason
    opens_at: datetime
    satisfied_at: datetime | None
    """When the parcel that the claim misses arrived after all."""
    asks_platform_at: tuple[datetime, ...]
    """When the buyer tries the platform's door; empty where the record proves no breach."""
    description: str
    findings: tuple[ProvenFact, ...]


def moved(order: Order, *, marketplace_id: str, platform: str, by: timedelta = SHIFT) -> Order:
    """Return the order as one of another marketplace, all of its times moved by `by`."""

    def later(instant: datetime | None) -> datetime | None:
        return None if instant is None else instant + by

    attributes = dict(order.attributes)
    answered = attributes.get("review_answered_at")
    if answered is not None:
        attributes["review_answered_at"] = (parse_instant(answered) + by).isoformat()
    return replace(
        order,
        shop_id=f"{marketplace_id}:{order.shop_id.partition(':')[2]}",
        platform=platform,
        placed_at=order.placed_at + by,
        paid_at=later(order.paid_at),
        promised_ship_at=later(order.promised_ship_at),
        shipped_at=later(order.shipped_at),
        promised_delivery_at=later(order.promised_delivery_at),
        signed_at=later(order.signed_at),
        succeeded_at=later(order.succeeded_at),
        cancelled_at=later(order.cancelled_at),
        attributes=attributes,
    )


def plan_case(order: Order, marketplace_id: str, record_ends_at: datetime) -> Plan | None:
    """Return the case that the record of `order` gives rise to; None when it shows no ground."""
    shown = shown_grounds(order, record_ends_at)
    if not shown:
        return None
    main = shown[0]
    missing = order.signed_at is None or order.signed_at > main.since
    claim, reason = _claim(order, main, missing=missing)
    return Plan(
        case_id=uuid5(_NAMESPACE, f"{marketplace_id}\0{order.order_id}\0{main.ground}"),
        order=order,
        ground=main.ground,
        others=tuple(s.ground for s in shown[1:]),
        claim=claim,
        reason=reason,
        opens_at=main.since,
        satisfied_at=order.signed_at if missing and _awaits_parcel(main) else None,
        asks_platform_at=_asks_platform(main, reason),
        description=_said(order, main),
        findings=_findings(order, main),
    )


def last_instant(orders: Sequence[Order]) -> datetime:
    """Return the last instant that any of the records shows: where the data set ends."""
    stamps = [
        stamp
        for order in orders
        for stamp in (order.placed_at, order.paid_at, order.shipped_at, order.signed_at)
        if stamp is not None
    ]
    answers = (order.attributes.get("review_answered_at") for order in orders)
    stamps.extend(parse_instant(answer) for answer in answers if answer is not None)
    return max(stamps)


def _asks_platform(shown: Shown, reason: Reason) -> tuple[datetime, ...]:
    if shown.ground not in _PROVEN:
        return ()
    later = shown.since + ASKS_PLATFORM_AFTER
    if reason is Reason.LATE_SHIPPING:
        return shown.since + ASKS_AT_ONCE_AFTER, later
    return (later,)


def _awaits_parcel(shown: Shown) -> bool:
    return shown.ground is not Ground.CANCELLED_AFTER_PAYMENT


def _claim(order: Order, shown: Shown, *, missing: bool) -> tuple[Claim, Reason]:
    """Who has the goods asks to return them; who has none asks for the money alone."""
    if shown.ground is Ground.CANCELLED_AFTER_PAYMENT:
        return Claim.REFUND_ONLY, Reason.OTHER
    if not missing:
        return Claim.RETURN_REFUND, Reason.OTHER
    if order.shipped_at is not None and order.shipped_at <= shown.since:
        return Claim.REFUND_ONLY, Reason.NOT_RECEIVED
    if order.attributes.get("record_status") == "unavailable":
        return Claim.REFUND_ONLY, Reason.OUT_OF_STOCK
    return Claim.REFUND_ONLY, Reason.LATE_SHIPPING


def _findings(order: Order, shown: Shown) -> tuple[ProvenFact, ...]:
    """Fault is proven only by a missed hand-over; what the record does not show stays unproven."""
    if shown.ground not in _PROVEN:
        return ()
    limit = order.promised_ship_at
    missed = (
        limit is not None
        and limit < shown.since
        and (order.shipped_at is None or order.shipped_at > limit)
    )
    told = (
        Text(
            f"承诺 {limit:%Y-%m-%d %H:%M}（UTC）前发货，记录显示届时未交付承运人",
            f"promised to ship by {limit:%Y-%m-%d %H:%M} UTC; no hand-over by then on record",
        )
        if missed
        else Text("记录未显示商家延误发货", "the record shows no delay in shipping")
    )
    nothing = Text("记录未显示买家过错", "the record shows no fault of the buyer")
    return (
        ProvenFact(
            name="merchant_fault",
            value="proven" if missed else "unproven",
            note=f"{told.zh} · {told.en}",
        ),
        ProvenFact(name="buyer_fault", value="unproven", note=f"{nothing.zh} · {nothing.en}"),
    )


def _said(order: Order, shown: Shown) -> str:
    promise = order.promised_delivery_at
    day = f"{promise:%Y-%m-%d}" if promise is not None else "?"
    stars = order.attributes.get("review_score")
    said = {
        Ground.CANCELLED_AFTER_PAYMENT: Text("订单已付款，后被取消", "paid, then cancelled"),
        Ground.NEVER_DELIVERED: Text(f"预计 {day} 送达，未收到", f"due by {day}, not received"),
        Ground.DELIVERED_LATE: Text(
            f"预计 {day} 送达，尚未收到", f"due by {day}, not yet received"
        ),
        Ground.LOW_REVIEW: Text(f"评价 {stars} 星", f"reviewed with {stars} star(s)"),
    }[shown.ground]
    return f"{said.zh} · {said.en}"
