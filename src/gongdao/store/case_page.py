"""What a case's page shows beside the case itself: its events, its ledger lines, its payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongdao.core.cases.events import Event
from gongdao.store.codec import decode_event
from gongdao.store.connection import Connection, fetch_all

_ORDER = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of an entry."""

    seq: int
    """Number of the event that made the entry; 0: the order."""
    account: str
    amount_fen: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A payment and how far it has come."""

    number: int
    reference: str
    amount_fen: int
    channel: str
    state: str
    external_ref: str | None
    granted_at: datetime
    moved_at: datetime


def read_timeline(
    on: Connection, shop_id: str, case_id: str
) -> tuple[tuple[int, Event, datetime], ...]:
    """Return (number, event, when it was written) in order."""
    rows = fetch_all(on, "read_timeline", shop_id=shop_id, case_id=UUID(case_id))
    return tuple((row[0], decode_event(row[1]), row[2]) for row in rows)


def read_ledger(
    on: Connection, shop_id: str, order_id: str, case_id: str
) -> tuple[LedgerLine, ...]:
    """Return the lines of the order's own entry and of the case's."""
    rows = fetch_all(
        on, "read_ledger", shop_id=shop_id, order_id=order_id, case_ids=[_ORDER, UUID(case_id)]
    )
    return tuple(
        LedgerLine(seq=row[0], account=row[1], amount_fen=row[2], purpose=row[3], at=row[4])
        for row in rows
    )


def read_payments(on: Connection, shop_id: str, case_id: str) -> tuple[PaymentRow, ...]:
    """Return the case's payments by number."""
    rows = fetch_all(on, "read_payments", shop_id=shop_id, case_id=UUID(case_id))
    return tuple(
        PaymentRow(
            number=row[0],
            reference=row[1],
            amount_fen=row[2],
            channel=row[3],
            state=row[4],
            external_ref=row[5],
            granted_at=row[6],
            moved_at=row[7],
        )
        for row in rows
    )
