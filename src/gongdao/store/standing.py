"""Where an installation stands: its ledger's totals, its clocks, and their troubles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from gongdao.store.connection import Connection, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What an account gained (positive) or gave (negative) for a purpose, in fen."""

    marketplace_id: str
    account: str
    purpose: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of a shop's statement."""

    at: datetime
    order_id: str
    case_id: str
    seq: int
    account: str
    amount_fen: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """The running clocks of a marketplace."""

    marketplace_id: str
    running: int
    overdue: int
    oldest_overdue_seconds: float
    troubled: int
    next_due_at: datetime | None
    now: datetime
    fired_last_hour: int
    late_mean_seconds: float
    late_max_seconds: float
    late_p99_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleRow:
    """A deadline that could not be fired, and why."""

    shop_id: str
    case_id: str
    track: str
    name: str
    due_at: datetime
    retry_at: datetime
    attempts: int
    trouble: str


def ledger_totals(on: Connection, marketplace_ids: Collection[str]) -> tuple[Total, ...]:
    """Return the totals by marketplace, account and purpose."""
    rows = fetch_all(on, "ledger_totals", marketplace_ids=sorted(marketplace_ids))
    return tuple(
        Total(marketplace_id=row[0], account=row[1], purpose=row[2], amount_fen=row[3])
        for row in rows
    )


def ledger_statement(
    on: Connection, shop_id: str, since: datetime, until: datetime
) -> tuple[StatementLine, ...]:
    """Return the shop's lines from `since` until before `until`, in order of time."""
    rows = fetch_all(on, "ledger_statement", shop_id=shop_id, since=since, until=until)
    return tuple(
        StatementLine(
            at=row[0],
            order_id=row[1],
            case_id=str(row[2]),
            seq=row[3],
            account=row[4],
            amount_fen=row[5],
            purpose=row[6],
        )
        for row in rows
    )


def clock_rows(on: Connection, marketplace_ids: Collection[str]) -> tuple[ClockRow, ...]:
    """Return each marketplace's clocks now, and how late those of the last hour fired."""
    found: list[ClockRow] = []
    for row in fetch_all(on, "clocks", marketplace_ids=sorted(marketplace_ids)):
        late = fetch_one(on, "lateness", marketplace_id=row[0]) or (0, 0.0, 0.0, 0.0)
        found.append(
            ClockRow(
                marketplace_id=row[0],
                running=row[1],
                overdue=row[2],
                oldest_overdue_seconds=row[3],
                troubled=row[4],
                next_due_at=row[5],
                now=row[6],
                fired_last_hour=late[0],
                late_mean_seconds=late[1],
                late_max_seconds=late[2],
                late_p99_seconds=late[3],
            )
        )
    return tuple(found)


def trouble_rows(on: Connection, marketplace_ids: Collection[str]) -> tuple[TroubleRow, ...]:
    """Return deadlines that could not be fired, longest due first, at most a hundred."""
    rows = fetch_all(on, "troubles", marketplace_ids=sorted(marketplace_ids))
    return tuple(
        TroubleRow(
            shop_id=row[0],
            case_id=str(row[1]),
            track=row[2],
            name=row[3],
            due_at=row[4],
            retry_at=row[5],
            attempts=row[6],
            trouble=row[7],
        )
        for row in rows
    )
