"""Receipts of commands done, and the log of who asked for what."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gongdao.store.connection import Connection, execute, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A command that was done: its key, what it was, and the events it led to."""

    shop_id: str
    actor: str
    key: str
    fingerprint: bytes
    case_id: str
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A call that changed something, or was refused."""

    user_id: str
    role: str
    verb: str
    shop_id: str | None
    case_id: str | None
    key: str
    result: str
    """`done`, or the code of the refusal."""
    rows: int | None = None
    """How many rows a call in bulk was about."""


def find_receipt(on: Connection, shop_id: str, actor: str, key: str) -> Receipt | None:
    """Return the receipt of a command done under this key by this person, if any."""
    row = fetch_one(on, "find_receipt", shop_id=shop_id, actor=actor, key=key)
    if row is None:
        return None
    return Receipt(
        shop_id=shop_id,
        actor=actor,
        key=key,
        fingerprint=row[0],
        case_id=str(row[1]),
        first_seq=row[2],
        last_seq=row[3],
    )


def add_receipt(on: Connection, receipt: Receipt) -> None:
    """Write the receipt of a command that is being done in this transaction."""
    execute(
        on,
        "add_receipt",
        shop_id=receipt.shop_id,
        actor=receipt.actor,
        key=receipt.key,
        fingerprint=receipt.fingerprint,
        case_id=UUID(receipt.case_id),
        first_seq=receipt.first_seq,
        last_seq=receipt.last_seq,
    )


def add_audit(on: Connection, entry: AuditEntry) -> None:
    """Write a line of the log of calls."""
    execute(
        on,
        "add_audit",
        user_id=entry.user_id,
        role=entry.role,
        verb=entry.verb,
        shop_id=entry.shop_id,
        case_id=UUID(entry.case_id) if entry.case_id is not None else None,
        key=entry.key,
        result=entry.result,
        rows=entry.rows,
    )
