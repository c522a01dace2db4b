"""Messages (会话消息): who said what in a conversation with a shop, and when a person took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gongdao.core.kernel.text import Text


class Direction(StrEnum):
    """Who speaks (方向)."""

    BUYER = "buyer"
    AGENT = "agent"
    """A person who answers for the shop (人工客服)."""
    ROBOT = "robot"
    """A machine that answers for the shop: no reply in the sense of any measure."""
    ASSIGNED = "assigned"
    """Nobody: the conversation is given to a person (转人工), whose time to answer begins."""


DIRECTIONS: dict[Direction, Text] = {
    Direction.BUYER: Text("买家", "buyer"),
    Direction.AGENT: Text("客服", "agent"),
    Direction.ROBOT: Text("机器人", "robot"),
    Direction.ASSIGNED: Text("转人工", "given to a person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as the marketplace tells it."""

    shop_id: str
    message_id: str
    """Names the message within the shop."""
    session_id: str
    """Names the conversation within the shop."""
    buyer_id: str
    direction: Direction
    at: datetime
    text: str = ""
    agent_id: str | None = None
    """Of messages of a person and of the step to one."""
    order_id: str | None = None
    """The order that is talked about, where the marketplace knows it."""
