"""Orders (订单查询): those a caller has to do with, newest first, and one of them."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime

from gongdao.app.permissions import ORDER, Caller, Verb, allow, not_visible
from gongdao.app.privacy import shown, shown_orders
from gongdao.app.queries.queue import LARGEST_PAGE, reach_of
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.order_list import OrderRow, OrdersWanted, read_orders
from gongdao.store.orders import KnownOrder, case_about, find_order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A page of orders; `next_cursor` asks for the next one."""

    rows: tuple[OrderRow, ...]
    next_cursor: str | None


def orders(
    caller: Caller,
    wanted: OrdersWanted | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> OrderPage:
    """Return a page of the orders the caller may see.

    Raises NotAllowed; BadInput `orders.bad_cursor` for a cursor that no page gave.
    """
    allow(caller, Verb.SEE_ORDERS)
    size = max(1, min(limit, LARGEST_PAGE))
    after = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        rows = read_orders(on, reach_of(caller), wanted or OrdersWanted(), after, size + 1)
        more = len(rows) > size
        rows = rows[:size]
        readable = shown_orders(on, caller, [row.order for row in rows])
    rows = tuple(replace(r, order=o) for r, o in zip(rows, readable, strict=True))
    return OrderPage(rows=rows, next_cursor=_cursor(rows[-1]) if more else None)


def order(caller: Caller, shop_id: str, order_id: str) -> KnownOrder:
    """Return one order. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_ORDERS)
    with transaction() as on:
        known = find_order(on, shop_id, order_id, lock=False)
        case_id = case_about(on, caller.case_ids or (), shop_id, order_id)
    if known is None or not caller.sees(
        marketplace_id=known.marketplace_id,
        shop_id=shop_id,
        buyer_id=known.order.buyer_id,
        case_id=case_id,
    ):
        raise not_visible(ORDER, "order_id")
    with transaction() as on:
        return replace(known, order=shown(on, caller, known.order, known.order))


def _cursor(row: OrderRow) -> str:
    key = [row.order.placed_at.isoformat(), row.order.shop_id, row.order.order_id]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, shop_id, order_id = json.loads(base64.urlsafe_b64decode(padded))
        placed_at = datetime.fromisoformat(str(at))
    except (ValueError, TypeError, binascii.Error):
        raise _bad_cursor() from None
    if placed_at.tzinfo is None:
        raise _bad_cursor()
    return placed_at, str(shop_id), str(order_id)


def _bad_cursor() -> BadInput:
    return BadInput(
        Finding(
            code="orders.bad_cursor",
            field="cursor",
            message=Text("翻页标记无效", "the cursor is not one that a page gave"),
            cure=Text("请从第一页开始", "start from the first page"),
        )
    )
