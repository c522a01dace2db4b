"""Reserves (准备金) of settled orders: kept, taken from, released; what shops have and lack.

Ledger entries that no case makes are named by a key of their own, as those of deposits are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat

from gongdao.core.kernel.text import Text
from gongdao.core.remedies.ledger import DEPOSIT, RESERVE, Posting
from gongdao.core.remedies.reserve import (
    Settled,
    draw,
    draw_entry,
    release_entry,
    settlement_entry,
    undone_entry,
)
from gongdao.store.connection import Connection, execute, fetch_all

Key = tuple[str, str]
"""Shop and order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What a shop has put up, in fen."""

    deposit_fen: int = 0
    """Negative: the shop owes it."""
    reserve_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledOrder:
    """An order settled with something kept or taken."""

    shop_id: str
    order_id: str
    at: datetime
    settled_fen: int
    settled: Settled
    category: str
    reason: Text
    cite: tuple[str, ...]
    release_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRow:
    """What is left in reserve of one order, until when, and why."""

    order_id: str
    category: str
    settled_fen: int
    reserved_fen: int
    left_fen: int
    at: datetime
    release_at: datetime
    reason: Text
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """Something that may yet be taken from a deposit."""

    case_id: str
    order_id: str
    matter: str
    """`dispute` or `payout`."""
    amount_fen: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortfallRow:
    """A shop whose deposit does not cover what was recouped from it."""

    marketplace_id: str
    shop_id: str
    lacks_fen: int
    recouped_at: datetime | None
    """The last recoupment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoupment:
    """A grant that takes from the merchant's deposit, or was withdrawn again."""

    shop_id: str
    case_id: UUID
    number: int
    order_id: str
    amount_fen: int
    at: datetime


def funds_of(on: Connection, shop_ids: Collection[str]) -> dict[str, Funds]:
    """Return deposit and reserve of each of these shops that has either."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for shop_id, account, fen in fetch_all(on, "shop_funds", shop_id=sorted(shop_ids)):
        found[shop_id][account] = fen
    return {
        shop: Funds(deposit_fen=a.get(DEPOSIT, 0), reserve_fen=a.get(RESERVE, 0))
        for shop, a in found.items()
    }


def lock_shops(on: Connection, shop_ids: Collection[str]) -> None:
    """Let nobody else settle with these shops, or move their deposits, until the end."""
    fetch_all(on, "lock_shops", shop_id=sorted(shop_ids))


def unsettled(on: Connection, keys: Collection[Key]) -> dict[Key, int]:
    """Return what is left of the payment of those orders that were not settled yet, in fen."""
    shops, orders = [shop for shop, _ in keys], [order for _, order in keys]
    found = fetch_all(on, "unsettled_orders", shop_id=shops, order_id=orders)
    return {(row[0], row[1]): row[2] for row in found}


def add_settlements(
    on: Connection, marketplace_id: str, orders: Sequence[SettledOrder]
) -> frozenset[Key]:
    """Write settlements and their entries, each order once; returns those that are new."""
    rows = fetch_all(
        on,
        "insert_settlements",
        marketplace_id=marketplace_id,
        shop_id=[o.shop_id for o in orders],
        order_id=[o.order_id for o in orders],
        at=[o.at for o in orders],
        settled_fen=[o.settled_fen for o in orders],
        recouped_fen=[o.settled.recouped_fen for o in orders],
        reserved_fen=[o.settled.reserved_fen for o in orders],
        category=[o.category for o in orders],
        reason_zh=[o.reason.zh for o in orders],
        reason_en=[o.reason.en for o in orders],
        cite=["{" + ",".join(o.cite) + "}" for o in orders],
        release_at=[o.release_at for o in orders],
    )
    new = frozenset((row[0], row[1]) for row in rows)
    _post(
        on,
        [
            (o.shop_id, o.order_id, o.at, settlement_entry(o.settled))
            for o in orders
            if (o.shop_id, o.order_id) in new
        ],
    )
    return new


def draw_reserves(on: Connection, recoupments: Sequence[Recoupment]) -> None:
    """Let the shops' reserves make good what is recouped, before their deposits do."""
    shops = {r.shop_id for r in recoupments}
    left: dict[str, dict[str, int]] = defaultdict(dict)
    for shop_id, order_id, fen in fetch_all(on, "lock_reserves", shop_id=sorted(shops)):
        left[shop_id][order_id] = fen
    taken: list[tuple[Recoupment, str, int]] = []
    for recoupment in recoupments:
        reserves = left[recoupment.shop_id]
        takes = draw(recoupment.amount_fen, list(reserves.values()))
        for order_id, fen in zip(list(reserves), takes, strict=True):
            if fen:
                reserves[order_id] -= fen
                taken.append((recoupment, order_id, fen))
    if taken:
        _take(on, taken)


def _take(on: Connection, taken: Sequence[tuple[Recoupment, str, int]]) -> None:
    shops = [r.shop_id for r, _, _ in taken]
    orders = [order_id for _, order_id, _ in taken]
    amounts = [fen for _, _, fen in taken]
    execute(on, "take_from_reserves", shop_id=shops, order_id=orders, amount_fen=amounts)
    execute(
        on,
        "insert_reserve_draws",
        shop_id=shops,
        case_id=[r.case_id for r, _, _ in taken],
        number=[r.number for r, _, _ in taken],
        order_id=orders,
        amount_fen=amounts,
        at=[r.at for r, _, _ in taken],
    )
    _post(on, [(r.shop_id, r.order_id, r.at, draw_entry(fen)) for r, _, fen in taken])


def undo_draws(on: Connection, withdrawn: Iterable[Recoupment]) -> None:
    """Give back to the reserves what recoupments that were withdrawn had taken."""
    for recoupment in withdrawn:
        undone = fetch_all(
            on,
            "undo_reserve_draws",
            shop_id=recoupment.shop_id,
            case_id=recoupment.case_id,
            number=recoupment.number,
            at=recoupment.at,
        )
        _post(
            on,
            [
                (
                    recoupment.shop_id,
                    recoupment.order_id,
                    recoupment.at,
                    undone_entry(fen, released=over),
                )
                for _, fen, over in undone
            ],
        )


def release_due(
    on: Connection,
    limit: int,
    *,
    now: datetime | None = None,
    marketplace_ids: Collection[str] | None = None,
) -> int:
    """Give back reserves whose time is over, by each marketplace's clock or at `now`; how many."""
    released = fetch_all(
        on,
        "release_reserves",
        now=now,
        marketplace_ids=None if marketplace_ids is None else sorted(marketplace_ids),
        limit=limit,
    )
    _post(on, [(shop, order, at, release_entry(fen)) for shop, order, fen, at in released])
    return len(released)


def reserves_of(on: Connection, shop_id: str, limit: int) -> tuple[ReserveRow, ...]:
    """Return what the shop has in reserve, the earliest released first."""
    return tuple(
        ReserveRow(
            order_id=row[0],
            category=row[1],
            settled_fen=row[2],
            reserved_fen=row[3],
            left_fen=row[4],
            at=row[5],
            release_at=row[6],
            reason=Text(row[7], row[8]),
            cite=tuple(row[9]),
        )
        for row in fetch_all(on, "reserves_of", shop_id=shop_id, limit=limit)
    )


def deposit_holds(on: Connection, shop_id: str) -> tuple[HoldRow, ...]:
    """Return what may yet be taken from the shop's deposit, the oldest first."""
    return tuple(
        HoldRow(
            case_id=str(row[0]), order_id=row[1], matter=row[2], amount_fen=row[3], since=row[4]
        )
        for row in fetch_all(on, "deposit_holds", shop_id=shop_id)
    )


def shortfalls(
    on: Connection, marketplace_ids: Collection[str], limit: int
) -> tuple[ShortfallRow, ...]:
    """Return the shops whose deposit lacks something, those that lack most first."""
    found = fetch_all(on, "shortfalls", marketplace_ids=sorted(marketplace_ids), limit=limit)
    return tuple(
        ShortfallRow(marketplace_id=row[0], shop_id=row[1], lacks_fen=row[2], recouped_at=row[3])
        for row in found
    )


def _post(
    on: Connection, entries: Sequence[tuple[str, str, datetime, tuple[Posting, ...]]]
) -> None:
    """Write (shop, order, instant, entry)s, each under a key of its own."""
    keys = [uuid_utils.compat.uuid7() for _ in entries]
    rows = [
        (shop, order, key, line, posting, at)
        for key, (shop, order, at, entry) in zip(keys, entries, strict=True)
        for line, posting in enumerate(entry)
    ]
    if not rows:
        return
    execute(
        on,
        "insert_postings",
        shop_id=[r[0] for r in rows],
        order_id=[r[1] for r in rows],
        case_id=[r[2] for r in rows],
        seq=[0] * len(rows),
        line=[r[3] for r in rows],
        account=[str(r[4].account) for r in rows],
        amount_fen=[r[4].amount_fen for r in rows],
        purpose=[r[4].purpose for r in rows],
        at=[r[5] for r in rows],
    )
