"""Open cases of orders (订单的案件)."""

from __future__ import annotations

from collections.abc import Sequence

from gongdao.store.connection import Connection, fetch_all


def order_cases(on: Connection, keys: Sequence[tuple[str, str]]) -> list[str]:
    """Return the ids of the open cases of these orders.

    `keys` are (shop, order) pairs.
    """
    rows = fetch_all(
        on,
        "order_cases",
        shop_id=[shop for shop, _ in keys],
        order_id=[order for _, order in keys],
    )
    return [str(row[0]) for row in rows]
