"""Personal keys (个人信息密钥): one for what each side wrote about an order, until erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongdao.core.cases.model import Case
from gongdao.store.codec import decode_case
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one

#: Orders whose keys are erased in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWanted:
    """Whose words about which order, and the key to take if there is none yet."""

    shop_id: str
    order_id: str
    subject: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOrder:
    """An order whose personal data has been kept long enough."""

    shop_id: str
    order_id: str
    keys: int


def personal_keys(on: Connection, shop_id: str, order_id: str) -> Mapping[str, bytes | None]:
    """Return subject -> key of an order; None where it was erased."""
    rows = fetch_all(on, "personal_keys", shop_id=shop_id, order_id=order_id)
    return {subject: None if key is None else bytes(key) for subject, key in rows}


def personal_keys_of(
    on: Connection, orders: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, bytes | None]]:
    """Return (shop, order) -> subject -> key of several orders; None where it was erased."""
    shops, ids = [shop for shop, _ in orders], [order for _, order in orders]
    found: dict[tuple[str, str], dict[str, bytes | None]] = {}
    rows = fetch_all(on, "personal_keys_of_orders", shop_id=shops, order_id=ids)
    for shop_id, order_id, subject, key in rows:
        keys = found.setdefault((shop_id, order_id), {})
        keys[subject] = None if key is None else bytes(key)
    return found


def make_personal_keys(
    on: Connection, marketplace_id: str, wanted: Sequence[KeyWanted], *, anew: bool
) -> dict[tuple[str, str, str], bytes | None]:
    """Return (shop, order, subject) -> key, made where there was none.

    A key that was erased is made again only with `anew`; else it is None.
    """
    rows = fetch_all(
        on,
        "make_personal_keys",
        marketplace_id=marketplace_id,
        shop_id=[w.shop_id for w in wanted],
        order_id=[w.order_id for w in wanted],
        subject=[w.subject for w in wanted],
        key=[w.key for w in wanted],
        anew=anew,
    )
    return {(r[0], r[1], r[2]): None if r[3] is None else bytes(r[3]) for r in rows}


def erase_person(on: Connection, marketplace_id: str, subject: str) -> int:
    """Erase every key of a person in a marketplace; return how many."""
    return execute(on, "erase_person", marketplace_id=marketplace_id, subject=subject)


def close_accounts(on: Connection, marketplace_id: str, buyer_id: str) -> int:
    """Empty the accounts that were only that buyer's; return how many."""
    return execute(on, "close_accounts", marketplace_id=marketplace_id, buyer_id=buyer_id)


def retention_due(
    on: Connection,
    marketplace_id: str,
    *,
    closed_before: datetime,
    placed_before: datetime,
    after: tuple[str, str] = ("", ""),
    limit: int = BATCH,
) -> tuple[DueOrder, ...]:
    """Return orders with keys that nothing needs any more, after the (shop, order) given."""
    rows = fetch_all(
        on,
        "retention_due",
        marketplace_id=marketplace_id,
        closed_before=closed_before,
        placed_before=placed_before,
        after_shop=after[0],
        after_order=after[1],
        limit=limit,
    )
    return tuple(DueOrder(shop_id=r[0], order_id=r[1], keys=r[2]) for r in rows)


def erase_order_keys(on: Connection, orders: Sequence[DueOrder]) -> int:
    """Erase every key of these orders; return how many."""
    shops, ids = [o.shop_id for o in orders], [o.order_id for o in orders]
    return execute(on, "erase_order_keys", shop_id=shops, order_id=ids)


def cases_of_orders(on: Connection, orders: Sequence[DueOrder]) -> tuple[Case, ...]:
    """Return the cases about these orders."""
    shops, ids = [o.shop_id for o in orders], [o.order_id for o in orders]
    rows = fetch_all(on, "cases_of_orders", shop_id=shops, order_id=ids)
    return tuple(decode_case(row[2], row[3]) for row in rows)


def cases_of_buyer(on: Connection, marketplace_id: str, buyer_id: str) -> tuple[Case, ...]:
    """Return the cases of a buyer."""
    rows = fetch_all(on, "cases_of_buyer", marketplace_id=marketplace_id, buyer_id=buyer_id)
    return tuple(decode_case(row[2], row[3]) for row in rows)


def used_elsewhere(
    on: Connection, files: Sequence[tuple[str, str]], case_ids: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """Return which of these (shop, digest) a case not among `case_ids` needs still."""
    rows = fetch_all(
        on,
        "used_elsewhere",
        shop_id=[shop_id for shop_id, _ in files],
        digest=[digest for _, digest in files],
        case_ids=[UUID(case_id) for case_id in case_ids],
    )
    return frozenset((row[0], row[1]) for row in rows)


def forget_blob(on: Connection, shop_id: str, digest: str) -> tuple[str, ...]:
    """Take a shop's note of some content away, and of its copy without metadata.

    Returns the digests that nobody refers to any more: their content may be removed.
    """
    execute(on, "forget_picture", shop_id=shop_id, digest=digest)
    row = fetch_one(on, "forget_blob", shop_id=shop_id, digest=digest)
    if row is None:
        return ()
    mine = dict.fromkeys(d for d in (digest, row[0]) if d is not None)
    return tuple(d for d in mine if fetch_one(on, "blob_known", digest=d) is None)
