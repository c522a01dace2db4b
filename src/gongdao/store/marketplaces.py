"""Marketplaces, their shops, and the sandbox's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceRow:
    """A marketplace (平台市场)."""

    id: str
    platform: str
    title: Text
    sandbox: bool = False
    """Payments are confirmed by a payment system of our own, and the clock may be moved."""
    clock_offset: timedelta = timedelta(0)
    sandbox_pays: bool = True
    """A sandbox confirms its payments by itself; off, whoever integrates says how they fare."""


def find_marketplace(on: Connection, marketplace_id: str) -> MarketplaceRow | None:
    """Return the marketplace, if there is one."""
    row = fetch_one(on, "find_marketplace", marketplace_id=marketplace_id)
    return _marketplace(row) if row is not None else None


def all_marketplaces(on: Connection) -> tuple[MarketplaceRow, ...]:
    """Return every marketplace, by id."""
    return tuple(_marketplace(row) for row in fetch_all(on, "all_marketplaces"))


def put_marketplace(on: Connection, marketplace: MarketplaceRow) -> None:
    """Add the marketplace, or bring its row up to date."""
    execute(
        on,
        "put_marketplace",
        marketplace_id=marketplace.id,
        platform=marketplace.platform,
        title_zh=marketplace.title.zh,
        title_en=marketplace.title.en,
        sandbox=marketplace.sandbox,
        offset_seconds=int(marketplace.clock_offset.total_seconds()),
        sandbox_pays=marketplace.sandbox_pays,
    )


def put_shop(on: Connection, shop_id: str, marketplace_id: str, title: str) -> None:
    """Add a shop with its name, or rename it; it never changes its marketplace."""
    execute(on, "put_shop", shop_id=shop_id, marketplace_id=marketplace_id, title=title)


def _marketplace(row: tuple[str, str, str, str, bool, int, bool]) -> MarketplaceRow:
    found_id, platform, zh, en, sandbox, seconds, sandbox_pays = row
    return MarketplaceRow(
        id=found_id,
        platform=platform,
        title=Text(zh, en),
        sandbox=sandbox,
        clock_offset=timedelta(seconds=seconds),
        sandbox_pays=sandbox_pays,
    )


def shop_marketplace(on: Connection, shop_id: str) -> str | None:
    """Return the marketplace a shop belongs to, if it is known."""
    row = fetch_one(on, "shop_marketplace", shop_id=shop_id)
    return row[0] if row is not None else None
