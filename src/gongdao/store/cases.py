"""Reading cases, alone or many, with or without their lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.rows import TupleRow

from gongdao.core.cases.events import Event
from gongdao.store.codec import decode_case, decode_event
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one
from gongdao.store.held import Held


def find_case(on: Connection, case_id: str, *, lock: bool) -> Held | None:
    """Return the case as it stands; None when there is none or the id is none.

    With `lock`, nobody else may decide on it until the transaction ends.
    """
    try:
        key = UUID(case_id)
    except ValueError:
        return None
    row = fetch_one(on, "lock_case" if lock else "read_case", case_id=key)
    return _held(row[1:]) if row is not None else None


def lock_cases(on: Connection, case_ids: Iterable[str]) -> tuple[Held, ...]:
    """Return the given cases, locked; unknown ones are left out."""
    keys = [UUID(case_id) for case_id in case_ids]
    return tuple(_held(row) for row in fetch_all(on, "lock_cases", case_ids=keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Cases locked because a clock of theirs ran out."""

    held: tuple[Held, ...]
    unreadable: tuple[tuple[str, str, str], ...]
    """(shop, case, why) of those whose bytes cannot be read."""


def claim_due(on: Connection, marketplace_id: str, now: datetime, limit: int) -> Claimed:
    """Lock and return cases whose clock ran out before `now`, each once, longest due first."""
    rows = fetch_all(on, "claim_due", marketplace_id=marketplace_id, now=now, limit=limit)
    held: list[Held] = []
    unreadable: list[tuple[str, str, str]] = []
    for (shop_id, case_id), row in {row[:2]: row[2:] for row in rows}.items():
        try:
            held.append(_held(row))
        except msgspec.MsgspecError as trouble:
            unreadable.append((shop_id, str(case_id), str(trouble)))
    return Claimed(held=tuple(held), unreadable=tuple(unreadable))


def postpone_deadlines(
    on: Connection, shop_id: str, case_id: str, now: datetime, trouble: str
) -> None:
    """Put off the clocks of a case that could not be decided, noting why."""
    execute(
        on,
        "postpone_deadlines",
        shop_id=shop_id,
        case_id=UUID(case_id),
        now=now,
        trouble=trouble.replace("\0", ""),
    )


def read_events(
    on: Connection, shop_id: str, case_id: str, last_seq: int | None = None
) -> tuple[Event, ...]:
    """Return the case's events in order, up to `last_seq` when given."""
    rows = fetch_all(on, "read_events", shop_id=shop_id, case_id=UUID(case_id), last_seq=last_seq)
    return tuple(decode_event(row[0]) for row in rows)


def due_marketplaces(on: Connection) -> Sequence[tuple[str, datetime, datetime]]:
    """Return (marketplace, its time now, when its next clock runs out), soonest first."""
    return [(row[0], row[1], row[2]) for row in fetch_all(on, "due_marketplaces")]


def marketplace_now(on: Connection, marketplace_id: str) -> datetime:
    """Return the marketplace's time: the database's clock, moved in a sandbox."""
    row = fetch_one(on, "marketplace_now", marketplace_id=marketplace_id)
    if row is None:
        raise LookupError(f"no marketplace {marketplace_id}")
    now: datetime = row[0]
    return now


def _held(row: TupleRow) -> Held:
    marketplace_id, head_hash, order_body, snapshot = row
    return Held(
        case=decode_case(order_body, snapshot), marketplace_id=marketplace_id, head_hash=head_hash
    )
