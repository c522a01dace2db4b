"""Messages (会话): the marketplace tells them; people read them, count them, and quote them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from gongdao.app.messages import measures
from gongdao.app.messages import read as asked
from gongdao.app.messages.intake import tell_messages
from gongdao.app.messages.quote import MOST_MESSAGES, quote
from gongdao.core.service_desk.message import Direction, Message
from gongdao.store.messages import MessagesWanted
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.v1.case_shapes import OutcomeOut, TextOut, outcome_out

router = Router(tags=["messages"])
case_router = Router(tags=["evidence"])
MOST_TOLD = 1000


class MessageIn(Schema):
    """One message of a conversation; `assigned` is the step by which a person was given it."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    message_id: str = Field(description="Names the message within the shop.")
    session_id: str = Field(description="Names the conversation within the shop.")
    buyer_id: str
    direction: Direction
    at: AwareDatetime
    text: str = ""
    agent_id: str | None = Field(
        default=None, description="Needed where a person speaks or is given the conversation."
    )
    order_id: str | None = None


class MessagesIn(Schema):
    """Messages of one marketplace."""

    model_config = ConfigDict(extra="forbid")

    marketplace_id: str
    messages: list[MessageIn] = Field(max_length=MOST_TOLD)


class RefusedMessageOut(Schema):
    """A message that was not taken in, and why."""

    shop_id: str
    message_id: str
    code: str
    field: str | None
    message: TextOut


class MessagesToldOut(Schema):
    """What became of the messages told."""

    new: int
    same: int
    refused: list[RefusedMessageOut]


class MessageOut(Schema):
    """A message as the caller may read it."""

    shop_id: str
    message_id: str
    session_id: str
    buyer_id: str
    direction: str
    at: datetime
    text: str
    agent_id: str | None
    order_id: str | None


class MessagePageOut(Schema):
    """A page of messages; give `next_cursor` as `cursor` for the next one."""

    items: list[MessageOut]
    next_cursor: str | None


class MessagesWantedIn(Schema):
    """Which messages."""

    shop_id: str | None = None
    buyer_id: str | None = None
    session_id: str | None = None
    order_id: str | None = None
    agent_id: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="Before this instant.")


class ServiceDayOut(Schema):
    """How an agent answered the conversations that began on a day, Beijing time."""

    shop_id: str
    agent_id: str = Field(description="Who answered first, else was given it; empty: nobody.")
    day: date
    conversations: int
    answered: int
    answered_in_5s: int
    answered_in_30s: int
    answered_in_3m: int
    first_wait_seconds: int = Field(description="Sum over the answered conversations.")
    messages: int


class ServiceDaysOut(Schema):
    """Counts for measures: numerators and denominators."""

    items: list[ServiceDayOut]


class QuoteIn(Schema):
    """Messages to be added to a case."""

    model_config = ConfigDict(extra="forbid")

    message_ids: list[str] = Field(max_length=MOST_MESSAGES)
    note: str = ""


@router.post("", response=MessagesToldOut, summary="Tell messages")
def tell(request: HttpRequest, body: MessagesIn) -> dict[str, Any]:
    """Take in up to 1,000 messages. The same again changes nothing: no key is needed."""
    told = (Message(**m.model_dump()) for m in body.messages)
    report = tell_messages(caller(request), body.marketplace_id, told)
    return {
        "new": report.new,
        "same": report.same,
        "refused": [
            {
                "shop_id": r.shop_id,
                "message_id": r.message_id,
                "code": r.finding.code,
                "field": r.finding.field,
                "message": r.finding.message,
            }
            for r in report.refused
        ],
    }


@router.get("", response=MessagePageOut, summary="Read conversations")
def list_messages(
    request: HttpRequest,
    wanted: Annotated[MessagesWantedIn, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return messages the caller may see, oldest first; the other side's contacts are masked."""
    page = asked.messages(
        caller(request), MessagesWanted(**wanted.model_dump()), cursor=cursor, limit=limit
    )
    return {"items": list(page.rows), "next_cursor": page.next_cursor}


@router.get("/measures", response=ServiceDaysOut, summary="Counts a shop, agent and day")
def list_measures(
    request: HttpRequest, since: date, until: date, shop_id: str | None = None
) -> dict[str, Any]:
    """Return counts of conversations and replies, for the days from `since` to `until`."""
    found = measures.service_measures(caller(request), since=since, until=until, shop_id=shop_id)
    return {"items": list(found)}


@case_router.post(
    "/{case_id}/evidence/messages", response=OutcomeOut, summary="Quote messages as evidence"
)
def quote_messages(
    request: HttpRequest, case_id: str, body: QuoteIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Add an extract of the case's conversation, written by the system, contacts masked."""
    outcome = quote(caller(request), case_id, body.message_ids, key=key, note=body.note)
    return outcome_out(outcome)
