"""Taking in orders: COPY into a table of this connection, then one statement a purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongdao.core.cases.model import Order
from gongdao.store.codec import encode_order
from gongdao.store.connection import Connection, cursor, execute, fetch_all, statement

_TYPES = ("int4", "text", "text", "text", "timestamptz", "int8", "timestamptz", "bytea")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a batch of orders."""

    new: int
    changed: int
    told: frozenset[tuple[str, str]]
    """(shop, order) of the new and the changed ones."""
    refused: tuple[tuple[str, str, str], ...]
    """(shop, order, code) of each; codes `order.shop_elsewhere`, `order.amount_changed`,
    `order.identity_changed`."""


def write_orders(on: Connection, marketplace_id: str, orders: Sequence[Order]) -> Written:
    """Write a batch inside the caller's transaction: new ones, changes, and their ledger entries.

    The order of a shop of another marketplace, and one that now claims another amount, buyer or
    date than before, is left as it is.
    """
    execute(on, "create_intake")
    execute(on, "clear_intake")
    with cursor(on).copy(statement("copy_intake")) as copy:
        copy.set_types(_TYPES)
        for ordinal, order in enumerate(orders):
            row = (
                ordinal, order.shop_id, order.order_id, order.buyer_id, order.placed_at,
                order.paid_fen, order.settled_at, encode_order(order),
            )  # fmt: skip
            copy.write_row(row)
    execute(on, "drop_repeated_intake")
    execute(on, "intake_shops", marketplace_id=marketplace_id)
    refused = fetch_all(on, "refused_intake", marketplace_id=marketplace_id)
    written = fetch_all(on, "intake_orders", marketplace_id=marketplace_id)
    execute(on, "intake_postings", marketplace_id=marketplace_id)
    new = sum(1 for row in written if row[0])
    return Written(
        new=new,
        changed=len(written) - new,
        told=frozenset((row[1], row[2]) for row in written),
        refused=tuple((row[0], row[1], row[2]) for row in refused),
    )
