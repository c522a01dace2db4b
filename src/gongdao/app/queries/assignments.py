"""Assignments (我的案件): the cases that a person works on now."""

from __future__ import annotations

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.store.assignments import Assignment, assignments_of
from gongdao.store.connection import transaction


def my_cases(caller: Caller) -> tuple[Assignment, ...]:
    """Return what the caller has taken in his role, oldest first. Raises NotAllowed."""
    allow(caller, Verb.TAKE_CASE)
    with transaction() as on:
        return assignments_of(on, caller.marketplace_ids, caller.role, caller.user_id)
