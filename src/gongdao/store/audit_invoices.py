"""Audit of invoices (发票核验): every task as its events alone would have it, its chain whole."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from gongdao.core.invoices.evolve import replay
from gongdao.core.kernel.chain import GENESIS, link
from gongdao.store.audit import BATCH, Audit, Problem
from gongdao.store.connection import Connection, fetch_all
from gongdao.store.invoices import decode_task_event, encode_task


def examine_invoices(on: Connection, audit: Audit) -> None:
    """Examine every invoice task, adding what disagrees to `audit`."""
    last: tuple[str, UUID] = ("", UUID(int=0))
    while rows := fetch_all(on, "audit_invoice_tasks", shop_id=last[0], id=last[1], limit=BATCH):
        for shop_id, task_id, head, snapshot, bodies, hashes in rows:
            detail = _wrong(bytes(head), bytes(snapshot), bodies, hashes)
            if detail is not None:
                audit.problems.append(
                    Problem(
                        code="invoice.differs", shop_id=shop_id, subject=str(task_id), detail=detail
                    )
                )
        last = (rows[-1][0], rows[-1][1])


def _wrong(
    head: bytes, snapshot: bytes, bodies: Sequence[bytes], hashes: Sequence[bytes]
) -> str | None:
    """Return what is wrong with a task; None: it holds."""
    following = GENESIS
    for seq, (body, stored) in enumerate(zip(bodies, hashes, strict=True), start=1):
        following = link(following, bytes(body))
        if following != bytes(stored):
            return f"event {seq} breaks the chain"
    if not bodies or following != head:
        return "the chain ends elsewhere"
    try:
        task = replay(decode_task_event(bytes(body)) for body in bodies)
    except (msgspec.MsgspecError, ValueError, KeyError) as trouble:
        return str(trouble)
    return None if encode_task(task) == snapshot else "a replay differs"
