"""The queue (案件队列): the cases a caller has to do with, soonest deadline first."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.connection import transaction
from gongdao.store.queue import QueueRow, Reach, Wanted, count_queue, read_queue

LARGEST_PAGE = 200
COUNTED_AT_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the queue; `next_cursor` asks for the next one."""

    rows: tuple[QueueRow, ...]
    next_cursor: str | None


def queue(
    caller: Caller, wanted: Wanted | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return a page of the cases the caller may see.

    Raises NotAllowed; BadInput `queue.bad_cursor` for a cursor that no page gave.
    """
    allow(caller, Verb.SEE_CASES)
    asked = wanted or Wanted()
    size = max(1, min(limit, LARGEST_PAGE))
    after = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        rows = read_queue(on, reach_of(caller), asked, after, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows=rows, next_cursor=_cursor(rows[-1], asked) if more else None)


def count(caller: Caller, wanted: Wanted | None = None) -> int:
    """Return how many cases a queue holds, counting no further than COUNTED_AT_MOST."""
    allow(caller, Verb.SEE_CASES)
    with transaction() as on:
        return count_queue(on, reach_of(caller), wanted or Wanted(), COUNTED_AT_MOST)


def reach_of(caller: Caller) -> Reach:
    """Return whose cases the caller may see, as `Caller.sees` decides it one by one."""
    reach = Reach(marketplace_ids=caller.marketplace_ids, case_ids=caller.case_ids)
    if caller.role is Role.BUYER:
        return replace(reach, buyer_id=caller.buyer_id or "")
    if caller.role is Role.MERCHANT:
        return replace(reach, shop_ids=caller.shop_ids)
    return reach


def _cursor(row: QueueRow, wanted: Wanted) -> str:
    at = row.next_due_at if wanted.order == "due" else row.opened_at
    key = ["infinity" if at is None else at.isoformat(), row.case_id]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, case_id = json.loads(base64.urlsafe_b64decode(padded))
        return _instant(str(at)), str(UUID(str(case_id)))
    except (ValueError, TypeError, binascii.Error):
        raise BadInput(
            Finding(
                code="queue.bad_cursor",
                field="cursor",
                message=Text("翻页标记无效", "the cursor is not one that a page gave"),
                cure=Text("请从第一页开始", "start from the first page"),
            )
        ) from None


def _instant(text: str) -> str:
    return text if text == "infinity" else datetime.fromisoformat(text).isoformat()
