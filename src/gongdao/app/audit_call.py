"""Audited calls (操作留痕): a change that belongs to no case leaves its line in the log too."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.kernel.findings import Refused
from gongdao.store.connection import Connection, transaction
from gongdao.store.trail import AuditEntry, add_audit


@dataclass(slots=True)
class Counted:
    """How many rows a call in bulk was about, as far as it has come."""

    rows: int = 0


@contextmanager
def audited(
    caller: Caller, verb: Verb, shop_id: str | None = None, *, key: str = ""
) -> Generator[Connection]:
    """Run a block as one transaction and log it: done, or the code of what refused it.

    Raises NotAllowed before anything is done.
    """
    allow(caller, verb)
    try:
        with transaction() as on:
            yield on
            add_audit(on, audit_entry(caller, verb, shop_id, key=key))
    except Refused as refusal:
        with transaction() as on:
            add_audit(on, audit_entry(caller, verb, shop_id, key=key, result=refusal.code))
        raise


@contextmanager
def audited_rows(caller: Caller, verb: Verb, *, key: str = "") -> Generator[Counted]:
    """Run a block as one transaction and log it with the rows that it counts.

    Raises NotAllowed before anything is done.
    """
    allow(caller, verb)
    counted = Counted()
    try:
        with transaction() as on:
            yield counted
            add_audit(on, audit_entry(caller, verb, key=key, rows=counted.rows))
    except Refused as refusal:
        with transaction() as on:
            add_audit(on, audit_entry(caller, verb, key=key, result=refusal.code))
        raise


def audit_entry(
    caller: Caller,
    verb: Verb,
    shop_id: str | None = None,
    *,
    key: str = "",
    result: str = "done",
    rows: int | None = None,
) -> AuditEntry:
    """Return the line of the log for a call that belongs to no case."""
    return AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=verb,
        shop_id=shop_id,
        case_id=None,
        key=key,
        result=result,
        rows=rows,
    )
