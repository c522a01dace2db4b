"""Talk (会话): what buyers and agents of the generated shops said to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from gongdao.app.simulate.generate import Generated, Told
from gongdao.core.cases.model import Order
from gongdao.core.service_desk.message import Direction, Message

#: One told case in three has no conversation, except where its story quotes one.
_SILENT_OF = 3
#: So many buyers who never complained asked something before they bought.
_ASKED_BEFORE = 90
_AGENTS = ("小青", "小满", "阿杉")
#: Seconds until a person answers.
_WAITS = (3, 4, 12, 18, 25, 40, 70, 110, 150, 240, 420)
_QUESTIONS = ("请问有现货吗？", "几天能到？", "可以开发票吗？", "尺寸怎么选？")
_ANSWERS = ("有的，48 小时内发出。", "一般三天左右送到。", "可以，下单后联系我们开数电票。")
_ROBOT = "您好，智能客服为您服务，正在转接人工。"
_LOOKING = "抱歉给您带来不便，这就为您核实。"
_ADVICE = "请在订单页提交售后申请，我们会在时限内处理。"
_THANKS = "好的，谢谢"


@dataclass(slots=True)
class _Talk:
    """A conversation as it is being written."""

    order: Order
    session: str
    agent: str
    at: datetime
    number: int = 0

    def say(self, direction: Direction, after: int, text: str = "") -> Message:
        """Return the next message, so many seconds after the one before."""
        self.at += timedelta(seconds=after)
        self.number += 1
        by_person = direction in {Direction.AGENT, Direction.ASSIGNED}
        return Message(
            shop_id=self.order.shop_id,
            message_id=f"{self.session}-{self.number}",
            session_id=self.session,
            buyer_id=self.order.buyer_id,
            direction=direction,
            at=self.at,
            text=text,
            agent_id=self.agent if by_person else None,
            order_id=self.order.order_id,
        )


def conversations(made: Generated, until: datetime) -> Iterator[Message]:
    """Yield every message said before `until`; the same for the same marketplace."""
    dice = Random(f"{made.marketplace_id}/talk")  # noqa: S311  a story needs no secrecy
    cases = {told.order.order_id for told in made.told}
    quiet = [order for order in made.orders if order.order_id not in cases][:_ASKED_BEFORE]
    for told in made.told:
        if told.case_id.int % _SILENT_OF == 0 and not _quotes(told):
            continue
        yield from (m for m in _about(told, dice) if m.at <= until)
    for order in quiet:
        yield from (m for m in _before(order, dice) if m.at <= until)


def spoken_of(told: Told) -> list[str]:
    """Return the ids of what buyer and agent said about a case, for a quotation."""
    return [m.message_id for m in _about(told, Random()) if m.direction in _PEOPLE]  # noqa: S311


_PEOPLE = (Direction.BUYER, Direction.AGENT)


def _quotes(told: Told) -> bool:
    return any(deed.act == "quote" for deed in told.story.deeds)


def _about(told: Told, dice: Random) -> list[Message]:
    """Return what was said in the hour before the case was opened."""
    talk = _begin(told.order, told.opens_at - timedelta(minutes=50), dice)
    return [
        talk.say(Direction.BUYER, 0, told.story.words),
        talk.say(Direction.ROBOT, 1, _ROBOT),
        talk.say(Direction.ASSIGNED, 2),
        talk.say(Direction.AGENT, dice.choice(_WAITS), _LOOKING),
        talk.say(Direction.BUYER, 60, "什么时候能处理？"),
        talk.say(Direction.AGENT, dice.choice(_WAITS), _ADVICE),
    ]


def _before(order: Order, dice: Random) -> list[Message]:
    """Return what was asked before the order was placed; nobody answers some of it."""
    talk = _begin(order, order.placed_at - timedelta(minutes=25), dice)
    asked = talk.say(Direction.BUYER, 0, dice.choice(_QUESTIONS))
    if dice.randrange(12) == 0:
        return [asked]
    return [
        asked,
        talk.say(Direction.AGENT, dice.choice(_WAITS), dice.choice(_ANSWERS)),
        talk.say(Direction.BUYER, 45, _THANKS),
    ]


def _begin(order: Order, at: datetime, dice: Random) -> _Talk:
    return _Talk(order, f"im-{order.order_id}", dice.choice(_AGENTS), at)
