"""Assignments (领取) in the tables: who works on which case, in which role, until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat
from psycopg.rows import TupleRow

from gongdao.store.connection import Connection, execute, fetch_all, fetch_one
from gongdao.store.held import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A case taken: nobody else works on it in this role until it is released or expires."""

    id: str
    shop_id: str
    case_id: str
    role: str
    user_id: str
    taken_at: datetime
    expires_at: datetime


def choose_case(
    on: Connection, marketplace_ids: Collection[str], role: str, user_id: str
) -> str | None:
    """Lock and return the case that waits longest for this person, passing over locked ones."""
    row = fetch_one(
        on, "choose_case", marketplace_ids=sorted(marketplace_ids), role=role, user_id=user_id
    )
    return str(row[0]) if row is not None else None


def add_assignment(
    on: Connection, held: Held, role: str, user_id: str, hold_seconds: int
) -> Assignment | None:
    """Take a case whose row is locked; None when somebody holds it in this role already."""
    key = {"shop_id": held.case.shop_id, "case_id": UUID(held.case.id), "role": role}
    execute(on, "end_expired_assignment", **key)
    taken = execute(
        on,
        "add_assignment",
        id=uuid_utils.compat.uuid7(),
        marketplace_id=held.marketplace_id,
        user_id=user_id,
        hold_seconds=hold_seconds,
        **key,
    )
    return running_assignment(on, held, role) if taken else None


def running_assignment(on: Connection, held: Held, role: str) -> Assignment | None:
    """Return who works on the case in this role now, if anybody."""
    row = fetch_one(
        on,
        "running_assignment",
        shop_id=held.case.shop_id,
        case_id=UUID(held.case.id),
        role=role,
    )
    return _assignment(row) if row is not None else None


def prolong(on: Connection, assignment: Assignment, held: Held, hold_seconds: int) -> None:
    """Let it run for its whole time again, from now, and whatever goes with it."""
    execute(on, "prolong_assignment", **_of_group(assignment, held), hold_seconds=hold_seconds)


def release(on: Connection, assignment: Assignment, held: Held) -> None:
    """End it: the case goes back to the pool, and what is heard together with it."""
    execute(on, "release_assignment", **_of_group(assignment, held))


def _of_group(assignment: Assignment, held: Held) -> dict[str, object]:
    joined = held.case.joined
    members = joined.members if joined is not None else (assignment.case_id,)
    return {
        "shop_id": assignment.shop_id,
        "case_ids": [UUID(case_id) for case_id in members],
        "role": assignment.role,
        "user_id": assignment.user_id,
    }


def assignments_of(
    on: Connection, marketplace_ids: Collection[str], role: str, user_id: str
) -> tuple[Assignment, ...]:
    """Return what a person has taken in a role, oldest first."""
    rows = fetch_all(
        on, "assignments_of", marketplace_ids=sorted(marketplace_ids), role=role, user_id=user_id
    )
    return tuple(_assignment(row) for row in rows)


def has_interest(on: Connection, held: Held, user_id: str) -> bool:
    """Tell whether the person is the case's buyer, or works for its shop."""
    row = fetch_one(
        on,
        "has_interest",
        user_id=user_id,
        marketplace_id=held.marketplace_id,
        buyer_id=held.case.order.buyer_id,
        shop_id=held.case.shop_id,
    )
    return row is not None and bool(row[0])


def _assignment(row: TupleRow) -> Assignment:
    return Assignment(
        id=str(row[0]),
        shop_id=row[1],
        case_id=str(row[2]),
        role=row[3],
        user_id=row[4],
        taken_at=row[5],
        expires_at=row[6],
    )
