"""The outbox (待发消息): messages written with the events that cause them, sent afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gongdao.store.codec import decode_plain
from gongdao.store.connection import Connection, execute, fetch_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message waiting to be sent; locked by the transaction that claimed it."""

    shop_id: str
    case_id: str
    seq: int
    content: dict[str, Any]


def waiting_outboxes(on: Connection) -> Sequence[tuple[str, datetime]]:
    """Return the sandboxes with messages to carry out, and the time there now."""
    return [(row[0], row[1]) for row in fetch_all(on, "waiting_outboxes")]


def claim_messages(on: Connection, marketplace_id: str, limit: int) -> tuple[Message, ...]:
    """Lock and return messages that wait, longest first, skipping those somebody else sends."""
    rows = fetch_all(on, "claim_outbox", marketplace_id=marketplace_id, limit=limit)
    return tuple(
        Message(shop_id=row[0], case_id=str(row[1]), seq=row[2], content=decode_plain(row[3]))
        for row in rows
    )


def mark_sent(on: Connection, messages: Sequence[Message]) -> None:
    """Note that these messages have been sent."""
    execute(
        on,
        "mark_sent",
        shop_id=[m.shop_id for m in messages],
        case_id=[UUID(m.case_id) for m in messages],
        seq=[m.seq for m in messages],
    )


def postpone_message(on: Connection, message: Message, trouble: str) -> None:
    """Put off a message that could not be sent, noting why."""
    execute(
        on,
        "postpone_message",
        shop_id=message.shop_id,
        case_id=UUID(message.case_id),
        seq=message.seq,
        trouble=trouble.replace("\0", ""),
    )
