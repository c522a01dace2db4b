"""Rows for exports (导出取数): one day at a time, streamed, as they stand at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import psycopg

from gongdao.store.connection import Connection, connection, execute, fetch_all, statement

Query = Literal["export_events", "export_cases", "export_ledger", "export_orders"]
BATCH_ROWS = 2000
_NIGHTLY_LOCK = 7_104_020  # any number, the same in every worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """What a day held when it was looked at: another one means that more has come to it."""

    day: date
    events: int
    ledger: int
    orders: int
    orders_state: str


def stream(
    on: Connection,
    query: Query,
    *,
    since: datetime,
    until: datetime,
    marketplace_id: str | None,
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query in batches, holding no more than one of them."""
    with psycopg.ServerCursor(on, query, row_factory=psycopg.rows.tuple_row) as cursor:
        given = {"since": since, "until": until, "marketplace_id": marketplace_id}
        cursor.execute(statement(query), given, binary=True)
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield rows


def watermarks(
    on: Connection, *, since: datetime, until: datetime, marketplace_id: str | None
) -> tuple[Watermark, ...]:
    """Return the watermark of every day on which something happened, oldest first."""
    rows = fetch_all(
        on, "export_watermarks", since=since, until=until, marketplace_id=marketplace_id
    )
    return tuple(
        Watermark(day=r[0], events=r[1], ledger=r[2], orders=r[3], orders_state=r[4]) for r in rows
    )


def lock_export(on: Connection, folder: str) -> None:
    """Wait until nobody else writes exports to this folder; the transaction's end lets go."""
    execute(on, "lock_export", folder=folder)


@contextmanager
def nightly_lock() -> Iterator[bool]:
    """Let one process at a time do the night's work; the others are told False.

    The lock goes with the connection, so a killed process holds nobody up.
    """
    held = connection()
    row = held.execute("SELECT pg_try_advisory_lock(%s)", [_NIGHTLY_LOCK]).fetchone()
    got = row is not None and bool(row[0])
    try:
        yield got
    finally:
        if got:
            connection().execute("SELECT pg_advisory_unlock(%s)", [_NIGHTLY_LOCK])
