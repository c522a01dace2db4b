"""Joined cases (并案) in the tables: which cases belong to a group."""

from __future__ import annotations

from uuid import UUID

from gongdao.store.connection import Connection, fetch_all


def joined_cases(on: Connection, group_id: str) -> tuple[str, ...]:
    """Return the ids of the cases of a group, also of those that have ended; none: no such group.

    A case that was separated is not among them.
    """
    try:
        key = UUID(group_id)
    except ValueError:
        return ()
    return tuple(str(row[0]) for row in fetch_all(on, "joined_cases", group_id=key))
