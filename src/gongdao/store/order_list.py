"""Lists of orders (订单列表): newest first, by page; the key of a page's last row is its cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from gongdao.core.cases.model import Order
from gongdao.store.codec import decode_order
from gongdao.store.connection import Connection, cursor
from gongdao.store.queue import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order as a list shows it."""

    order: Order
    marketplace_id: str
    shop_title: str
    refundable_fen: int
    """What may still be claimed back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersWanted:
    """Which orders."""

    search: str | None = None
    """The beginning of an order id."""
    marketplace_id: str | None = None
    shop_id: str | None = None
    buyer_id: str | None = None
    placed_since: datetime | None = None
    placed_until: datetime | None = None
    """Before this instant."""
    changed_since: datetime | None = None
    refundable: bool | None = None
    """Whether something may still be claimed back."""


_CONDITIONS = {
    "search": sql.SQL("starts_with(o.order_id, %(search)s)"),
    "marketplace_id": sql.SQL("o.marketplace_id = %(marketplace_id)s"),
    "shop_id": sql.SQL("o.shop_id = %(shop_id)s"),
    "buyer_id": sql.SQL("o.buyer_id = %(buyer_id)s"),
    "placed_since": sql.SQL("o.placed_at >= %(placed_since)s"),
    "placed_until": sql.SQL("o.placed_at < %(placed_until)s"),
    "changed_since": sql.SQL("o.updated_at >= %(changed_since)s"),
    "refundable": sql.SQL(
        "(o.paid_fen > o.refunded_fen + o.held_fen + o.outside_fen) = %(refundable)s"
    ),
}
_SELECT = sql.SQL("""
SELECT
    o.snapshot, o.marketplace_id, s.title,
    o.paid_fen - o.refunded_fen - o.held_fen - o.outside_fen
FROM orders AS o
INNER JOIN shop AS s ON o.shop_id = s.id
WHERE {conditions}
ORDER BY o.placed_at DESC, o.shop_id DESC, o.order_id DESC
LIMIT %(limit)s
""")


_OF_CASES = sql.SQL(
    "EXISTS (SELECT 1 FROM cases AS c WHERE c.id = ANY(%(cases)s)"
    " AND c.shop_id = o.shop_id AND c.order_id = o.order_id)"
)


def read_orders(
    on: Connection,
    reach: Reach,
    wanted: OrdersWanted,
    after: tuple[datetime, str, str] | None,
    limit: int,
) -> tuple[OrderRow, ...]:
    """Return at most `limit` orders after the (placed, shop, order) of the last one seen."""
    conditions: list[sql.Composable] = [sql.SQL("o.marketplace_id = ANY(%(marketplaces)s)")]
    given: dict[str, object] = {"marketplaces": sorted(reach.marketplace_ids), "limit": limit}
    if reach.shop_ids is not None:
        conditions.append(sql.SQL("o.shop_id = ANY(%(shops)s)"))
        given["shops"] = sorted(reach.shop_ids)
    if reach.buyer_id is not None:
        conditions.append(sql.SQL("o.buyer_id = %(buyer)s"))
        given["buyer"] = reach.buyer_id
    if reach.case_ids is not None:
        conditions.append(_OF_CASES)
        given["cases"] = [UUID(case_id) for case_id in sorted(reach.case_ids)]
    for name, condition in _CONDITIONS.items():
        if (value := getattr(wanted, name)) is not None:
            conditions.append(condition)
            given[name] = value
    if after is not None:
        conditions.append(
            sql.SQL("(o.placed_at, o.shop_id, o.order_id) < (%(at)s, %(shop)s, %(order)s)")
        )
        given |= {"at": after[0], "shop": after[1], "order": after[2]}
    query = _SELECT.format(conditions=sql.SQL(" AND ").join(conditions))
    rows = cursor(on).execute(query, given, prepare=False).fetchall()
    return tuple(
        OrderRow(
            order=decode_order(row[0]),
            marketplace_id=row[1],
            shop_title=row[2],
            refundable_fen=max(0, row[3]),
        )
        for row in rows
    )
