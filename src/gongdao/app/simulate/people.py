"""People (人物): who acts in a generated marketplace, as callers of the use cases."""

from __future__ import annotations

from gongdao.app.permissions import Caller
from gongdao.app.simulate.generate import Generated
from gongdao.core.cases.model import Order
from gongdao.core.kernel.words import Role


def caller_of(made: Generated, order: Order, role: Role) -> Caller:
    """Return who acts on an order in a role: its buyer, its shop, or the platform's people."""
    marketplaces = frozenset({made.marketplace_id})
    if role is Role.BUYER:
        buyer = order.buyer_id
        return Caller(user_id=buyer, role=role, marketplace_ids=marketplaces, buyer_id=buyer)
    if role is Role.MERCHANT:
        shop = order.shop_id
        return Caller(
            user_id=shop, role=role, marketplace_ids=marketplaces, shop_ids=frozenset({shop})
        )
    return Caller(user_id=f"demo:{role}", role=role, marketplace_ids=marketplaces)
