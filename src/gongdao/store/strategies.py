"""Merchant strategies: versions kept, one of a name on, the requests they are tried on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.model import Case
from gongdao.store.codec import decode_case
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyRow:
    """One version of a strategy of a shop."""

    name: str
    version: int
    body: bytes
    made_by: str
    made_at: datetime
    tried_at: datetime | None
    is_on: bool
    switched_by: str
    switched_at: datetime | None


def add_strategy(on: Connection, shop_id: str, name: str, body: bytes, made_by: str) -> int:
    """Keep a new version and return its number."""
    given = {"shop_id": shop_id, "name": name, "body": body, "made_by": made_by}
    row = fetch_one(on, "add_strategy", **given)
    if row is None:
        raise LookupError("the new version has no number")
    number: int = row[0]
    return number


def strategies(on: Connection, shop_id: str) -> tuple[StrategyRow, ...]:
    """Return every version of the shop's strategies."""
    return tuple(
        StrategyRow(
            name=row[0], version=row[1], body=bytes(row[2]), made_by=row[3], made_at=row[4],
            tried_at=row[5], is_on=row[6], switched_by=row[7], switched_at=row[8],
        )
        for row in fetch_all(on, "strategies", shop_id=shop_id)
    )  # fmt: skip


def strategies_on(on: Connection, shop_ids: Collection[str]) -> list[tuple[str, str, int, bytes]]:
    """Return (shop, name, version, text) of what is switched on in these shops."""
    rows = fetch_all(on, "strategies_on", shop_id=sorted(shop_ids))
    return [(row[0], row[1], row[2], bytes(row[3])) for row in rows]


def note_tried(on: Connection, shop_id: str, name: str, version: int) -> None:
    """Note the dry run of a version."""
    execute(on, "strategy_tried", shop_id=shop_id, name=name, version=version)


def switch(on: Connection, shop_id: str, name: str, version: int, by: str, *, to: bool) -> None:
    """Switch a version on, and every other of the name off; or switch it off."""
    if to:
        execute(on, "strategies_off", shop_id=shop_id, name=name)
    execute(on, "switch_strategy", shop_id=shop_id, name=name, version=version, by=by, on=to)


def past_requests(on: Connection, shop_id: str, since: datetime, limit: int) -> Iterator[Case]:
    """Yield the shop's cases opened since, newest first."""
    for row in fetch_all(on, "past_requests", shop_id=shop_id, since=since, limit=limit):
        yield decode_case(row[0], row[1])
