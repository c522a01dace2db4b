"""Read messages (查看会话): those a caller has to do with, oldest first."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.messages.sealing import opened_for
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.queries.queue import LARGEST_PAGE, reach_of
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.service_desk.message import Message
from gongdao.store.connection import transaction
from gongdao.store.messages import MessagesWanted, read_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """A page of messages; `next_cursor` asks for the next one."""

    rows: tuple[Message, ...]
    next_cursor: str | None


def messages(
    caller: Caller, wanted: MessagesWanted, *, cursor: str | None = None, limit: int = 50
) -> MessagePage:
    """Return a page of the messages the caller may see, as he may read them.

    Raises NotAllowed; BadInput `messages.bad_cursor` for a cursor that no page gave.
    """
    allow(caller, Verb.SEE_MESSAGES)
    size = max(1, min(limit, LARGEST_PAGE))
    after = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        rows = read_messages(on, reach_of(caller), wanted, after, size + 1)
        shown = opened_for(on, caller, rows[:size])
    more = len(rows) > size
    return MessagePage(rows=shown, next_cursor=_cursor(shown[-1]) if more else None)


def _cursor(message: Message) -> str:
    key = [message.at.isoformat(), message.shop_id, message.message_id]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, shop_id, message_id = json.loads(base64.urlsafe_b64decode(padded))
        instant = datetime.fromisoformat(str(at))
    except (ValueError, TypeError, binascii.Error):
        raise _bad_cursor() from None
    if instant.tzinfo is None:
        raise _bad_cursor()
    return instant, str(shop_id), str(message_id)


def _bad_cursor() -> BadInput:
    return BadInput(
        Finding(
            code="messages.bad_cursor",
            field="cursor",
            message=Text("翻页标记无效", "the cursor is not one that a page gave"),
            cure=Text("请从第一页开始", "start from the first page"),
        )
    )
