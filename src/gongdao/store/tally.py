"""Tallies (统计): what became of all the cases of one marketplace, and of the money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.model import Case, Order
from gongdao.store.codec import decode_case, decode_order
from gongdao.store.connection import Connection, fetch_all


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnd:
    """How a case ended, or where it stands while it is open."""

    id: str
    claim: str
    stage: str
    outcome: str | None
    arbitration: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What an account gained (positive) or gave (negative) for a purpose, in fen."""

    account: str
    purpose: str
    amount_fen: int


def case_ends(on: Connection, marketplace_id: str) -> list[CaseEnd]:
    """Return how every case of the marketplace ended."""
    return [
        CaseEnd(
            id=str(row[0]),
            claim=row[1],
            stage=row[2],
            outcome=row[3],
            arbitration=row[4],
            closed_at=row[5],
        )
        for row in fetch_all(on, "tally_outcomes", marketplace_id=marketplace_id)
    ]


def deadlines_fired(on: Connection, marketplace_id: str) -> int:
    """Return how many acts of the marketplace's cases the clock has done."""
    return int(fetch_all(on, "tally_fired", marketplace_id=marketplace_id)[0][0])


def gains(on: Connection, marketplace_id: str) -> list[Gain]:
    """Return what every account gained or gave, by purpose."""
    return [
        Gain(account=account, purpose=purpose, amount_fen=int(amount))
        for account, purpose, amount in fetch_all(on, "tally_money", marketplace_id=marketplace_id)
    ]


def orders_of(on: Connection, marketplace_id: str) -> list[Order]:
    """Return every order of the marketplace, by the instant at which it was placed."""
    rows = fetch_all(on, "orders_of_a_marketplace", marketplace_id=marketplace_id)
    return [decode_order(row[0]) for row in rows]


def standing_disputes(on: Connection, marketplace_id: str) -> Iterator[Case]:
    """Yield the open cases whose dispute is not yet ruled."""
    for row in fetch_all(on, "standing_disputes", marketplace_id=marketplace_id):
        yield decode_case(row[2], row[3])
