"""Audited calls (操作留痕): a change that belongs to no case leaves its line in the log too."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.kernel.findings import Refused
from gongdao.store.connection import Connection, transaction
from gongdao.store.trail import AuditEntry, add_audit


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
            add_audit(on, _entry(caller, verb, shop_id, key, "done"))
    except Refused as refusal:
        with transaction() as on:
            add_audit(on, _entry(caller, verb, shop_id, key, refusal.code))
        raise


def _entry(caller: Caller, verb: Verb, shop_id: str | None, key: str, result: str) -> AuditEntry:
    return AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=verb,
        shop_id=shop_id,
        case_id=None,
        key=key,
        result=result,
    )
