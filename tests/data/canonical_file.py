"""What a reader yields, written as a canonical file: the way an integrator would hand it in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gongdao.app.intake_requests import RequestTold
from gongdao.core.cases.model import Order

_PLAIN = ("order_id", "shop_id", "buyer_id", "payment", "tracking_number", "region")
_INSTANTS = (
    "placed_at", "paid_at", "promised_ship_at", "shipped_at", "promised_delivery_at", "signed_at",
    "succeeded_at", "cancelled_at",
)  # fmt: skip
_TYPES = {bool: ":boolean", int: ":integer", str: ""}


def orders_file(orders: Iterable[Order]) -> bytes:
    """Return the orders as JSON Lines, one line an order line."""
    told = list(orders)
    facts = {
        name: f"attribute.{name}{_TYPES[type(value)]}"
        for order in told
        for name, value in order.attributes.items()
    }
    lines: list[str] = []
    for order in told:
        of_order: dict[str, object] = {name: getattr(order, name) for name in _PLAIN}
        of_order |= {
            name: at.isoformat() if (at := getattr(order, name)) else None for name in _INSTANTS
        }
        of_order |= {
            "freight_fen": order.freight_fen,
            "freight_prepaid_by": order.freight_prepaid_by,
        }
        of_order |= {column: order.attributes.get(name) for name, column in facts.items()}
        lines += [
            json.dumps(of_order | {
                "line_id": line.line_id, "line_title": line.title, "line_quantity": line.quantity,
                "line_paid_fen": line.paid_fen,
            }) for line in order.lines
        ]  # fmt: skip
    return "\n".join(lines).encode()


def requests_file(requests: Iterable[RequestTold]) -> bytes:
    """Return the requests as JSON Lines, one line a claimed order line."""
    lines = [
        json.dumps({
            "request_id": told.request_id, "shop_id": told.shop_id, "order_id": told.order_id,
            "claim": told.claim, "reason": told.reason, "requested_fen": told.requested_fen,
            "asked_at": told.asked_at.isoformat() if told.asked_at else None,
            "line_id": line.line_id, "line_quantity": line.quantity,
        }) for told in requests for line in told.lines
    ]  # fmt: skip
    return "\n".join(lines).encode()
