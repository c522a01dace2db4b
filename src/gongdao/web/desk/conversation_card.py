"""Conversation card (会话卡片): what buyer and shop said to each other about an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from gongdao.app.messages.read import messages
from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.queue import LARGEST_PAGE
from gongdao.core.service_desk.message import DIRECTIONS, Direction
from gongdao.store.messages import MessagesWanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongdao.app.permissions import Caller
    from gongdao.core.cases.model import Case, Order
    from gongdao.core.kernel.text import Text
    from gongdao.core.service_desk.message import Message

#: What was said about the goods before they were bought belongs to the order too.
BEFORE_THE_ORDER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Said:
    """One message, and who speaks."""

    message: Message
    who: Text
    quotable: bool
    """It has words; to be given to a person has none."""


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """The messages about an order, for one reader, by conversation."""

    talks: list[list[Said]]
    cursor: str
    """Leads to what was said later; empty when this is all."""
    later: bool
    """This is not the beginning."""
    may_quote: bool
    key: str


def conversation_card(
    caller: Caller, order: Order, *, cursor: str = "", case: Case | None = None
) -> ConversationCard | None:
    """Return what buyer and shop said about an order, or about none, oldest first.

    None for who may not see conversations, and where nothing was said. Of an open `case` messages
    may be quoted. Raises BadInput `messages.bad_cursor`.
    """
    if not PERMISSIONS[Verb.SEE_MESSAGES].covers(caller.post):
        return None
    wanted = MessagesWanted(
        shop_id=order.shop_id, buyer_id=order.buyer_id, since=order.placed_at - BEFORE_THE_ORDER
    )
    page = messages(caller, wanted, cursor=cursor or None, limit=LARGEST_PAGE)
    talks = _about(page.rows, order.order_id)
    if not talks and not page.next_cursor and not cursor:
        return None
    return ConversationCard(
        talks=[[_said(message) for message in talk] for talk in talks],
        cursor=page.next_cursor or "",
        later=bool(cursor),
        may_quote=(
            case is not None
            and case.closed_at is None
            and PERMISSIONS[Verb.SUBMIT_EVIDENCE].covers(caller.post)
        ),
        key=str(uuid4()),
    )


def _about(rows: Sequence[Message], order_id: str) -> list[list[Message]]:
    """Return the conversations in which this order was named, or no order at all."""
    talks: dict[str, list[Message]] = {}
    for row in rows:
        talks.setdefault(row.session_id, []).append(row)
    return [
        talk
        for talk in talks.values()
        if (named := {m.order_id for m in talk if m.order_id}) <= {order_id} or order_id in named
    ]


def _said(message: Message) -> Said:
    return Said(message, DIRECTIONS[message.direction], message.direction is not Direction.ASSIGNED)
