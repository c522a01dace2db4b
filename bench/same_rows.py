"""Whether two ways of firing wrote the same rows, byte for byte.

A digest of every table that firing writes, without what the database's own clock put there.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from gongdao.store.postgres import Address

#: Table -> columns that hold the instant of writing.
WRITTEN = {
    "cases": (),
    "deadline": (),
    "event": ("recorded_at",),
    "orders": ("updated_at",),
    "outbox": ("created_at", "try_at"),
    "payment": (),
    "posting": (),
}


def digest(address: Address) -> dict[str, str]:
    """Return table -> `rows md5` of its rows in order of their text."""
    found: dict[str, str] = {}
    with psycopg.connect(address.dsn) as on:
        for table, clocked in WRITTEN.items():
            row = on.execute(
                sql.SQL(
                    "SELECT count(*), md5(string_agg(t.r, '' ORDER BY t.r))"
                    " FROM (SELECT md5((to_jsonb(x) - %s::text[])::text) AS r FROM {} AS x) AS t"
                ).format(sql.Identifier(table)),
                [list(clocked)],
            ).fetchone()
            assert row is not None
            found[table] = f"{row[0]} {row[1]}"
    return found
