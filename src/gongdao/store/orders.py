"""Orders: read and locked one by one or many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from psycopg.rows import TupleRow

from gongdao.core.cases.model import Order
from gongdao.core.cases.part_return import not_kept, returned_before
from gongdao.core.cases.price_protection import given_back
from gongdao.store.cases import find_case
from gongdao.store.codec import decode_order
from gongdao.store.connection import Connection, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """An order as the marketplace told it last, and what of it may still be claimed back."""

    order: Order
    marketplace_id: str
    refundable_fen: int
    price_back: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> what price protection gave back of its price, fen."""
    returned: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> how many went back before, against a refund."""
    not_kept: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> how many are returned, refunded, or claimed back in a case still open."""


def find_order(on: Connection, shop_id: str, order_id: str, *, lock: bool) -> KnownOrder | None:
    """Return the order, if known. With `lock`, nobody else may claim on it until the end."""
    name = "lock_order" if lock else "read_order"
    row = fetch_one(on, name, shop_id=shop_id, order_id=order_id)
    return _known(on, row) if row is not None else None


def lock_orders(on: Connection, keys: Collection[tuple[str, str]]) -> tuple[KnownOrder, ...]:
    """Return the orders of these (shop, order) pairs, locked; unknown ones are left out."""
    shops, orders = [shop for shop, _ in keys], [order for _, order in keys]
    return tuple(
        _known(on, row) for row in fetch_all(on, "lock_orders", shop_id=shops, order_id=orders)
    )


def case_about(
    on: Connection, case_ids: Collection[str], shop_id: str, order_id: str
) -> str | None:
    """Return one of these cases that is about the order, if any is."""
    if not case_ids:
        return None
    keys = [UUID(case_id) for case_id in case_ids]
    row = fetch_one(on, "case_about", case_ids=keys, shop_id=shop_id, order_id=order_id)
    return str(row[0]) if row is not None else None


def known_cases(on: Connection, case_ids: Collection[str]) -> frozenset[str]:
    """Return which of these case ids exist already."""
    keys = [UUID(case_id) for case_id in case_ids]
    return frozenset(str(row[0]) for row in fetch_all(on, "known_cases", case_ids=keys))


def _known(on: Connection, row: TupleRow) -> KnownOrder:
    marketplace_id, refundable_fen, snapshot, before = row
    held = [find_case(on, str(case_id), lock=False) for case_id in before]
    found = [h.case for h in held if h is not None]
    return KnownOrder(
        order=decode_order(snapshot),
        marketplace_id=marketplace_id,
        refundable_fen=refundable_fen,
        price_back=given_back(found),
        returned=returned_before(found),
        not_kept=not_kept(found),
    )
