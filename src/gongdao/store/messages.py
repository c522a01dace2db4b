"""Messages (会话消息) in the tables: written once, read by page, counted by agent and day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import sql
from psycopg.rows import TupleRow

from gongdao.core.service_desk.message import Direction, Message
from gongdao.store.connection import Connection, cursor, execute, fetch_all
from gongdao.store.queue import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMessages:
    """What became of a batch of messages."""

    new: int
    refused: tuple[tuple[str, str, str], ...]
    """(shop, message, code) of each; codes `message.shop_elsewhere`, `message.changed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesWanted:
    """Which messages."""

    shop_id: str | None = None
    buyer_id: str | None = None
    session_id: str | None = None
    order_id: str | None = None
    agent_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Before this instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDay:
    """How an agent of a shop answered the conversations that began on a day, Beijing time."""

    shop_id: str
    agent_id: str
    """Who answered first, else whom it was given to; empty: nobody."""
    day: date
    conversations: int
    """Buyers' conversations; what every rate here is divided by."""
    answered: int
    answered_in_5s: int
    answered_in_30s: int
    answered_in_3m: int
    first_wait_seconds: int
    """Sum over the answered ones of the wait for the first reply of a person."""
    messages: int
    """Messages of the agent in these conversations."""


def write_messages(
    on: Connection, marketplace_id: str, messages: Sequence[Message]
) -> WrittenMessages:
    """Write messages with their texts sealed; what is known already stays as it is."""
    if not messages:
        return WrittenMessages(new=0, refused=())
    given = {
        "marketplace_id": marketplace_id,
        "shop_id": [m.shop_id for m in messages],
        "message_id": [m.message_id for m in messages],
        "session_id": [m.session_id for m in messages],
        "buyer_id": [m.buyer_id for m in messages],
        "order_id": [m.order_id for m in messages],
        "direction": [str(m.direction) for m in messages],
        "agent_id": [m.agent_id for m in messages],
        "at": [m.at for m in messages],
        "text": [m.text for m in messages],
    }
    execute(
        on,
        "message_shops",
        marketplace_id=marketplace_id,
        shop_id=sorted({m.shop_id for m in messages}),
    )
    written = execute(on, "insert_messages", **given)
    refused = fetch_all(on, "refused_messages", **given)
    return WrittenMessages(new=written, refused=tuple((r[0], r[1], r[2]) for r in refused))


_SELECT = sql.SQL("""
SELECT m.shop_id, m.message_id, m.session_id, m.buyer_id, m.direction, m.at, m.text, m.agent_id,
    m.order_id
FROM message AS m
WHERE {conditions}
ORDER BY m.at, m.shop_id, m.message_id
LIMIT %(limit)s
""")
_EQUAL = ("shop_id", "buyer_id", "session_id", "order_id", "agent_id")


def read_messages(
    on: Connection,
    reach: Reach,
    wanted: MessagesWanted,
    after: tuple[datetime, str, str] | None,
    limit: int,
) -> tuple[Message, ...]:
    """Return at most `limit` messages after the (at, shop, message) of the last one seen."""
    conditions: list[sql.Composable] = [sql.SQL("m.marketplace_id = ANY(%(marketplaces)s)")]
    given: dict[str, object] = {"marketplaces": sorted(reach.marketplace_ids), "limit": limit}
    if reach.shop_ids is not None:
        conditions.append(sql.SQL("m.shop_id = ANY(%(shops)s)"))
        given["shops"] = sorted(reach.shop_ids)
    if reach.buyer_id is not None:
        conditions.append(sql.SQL("m.buyer_id = %(buyer)s"))
        given["buyer"] = reach.buyer_id
    for name in _EQUAL:
        if (value := getattr(wanted, name)) is not None:
            conditions.append(
                sql.SQL("m.{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
            )
            given[name] = value
    if wanted.since is not None:
        conditions.append(sql.SQL("m.at >= %(since)s"))
        given["since"] = wanted.since
    if wanted.until is not None:
        conditions.append(sql.SQL("m.at < %(until)s"))
        given["until"] = wanted.until
    if after is not None:
        conditions.append(sql.SQL("(m.at, m.shop_id, m.message_id) > (%(at)s, %(shop)s, %(id)s)"))
        given |= {"at": after[0], "shop": after[1], "id": after[2]}
    query = _SELECT.format(conditions=sql.SQL(" AND ").join(conditions))
    rows = cursor(on).execute(query, given, prepare=False).fetchall()
    return tuple(_message(row) for row in rows)


def find_messages(
    on: Connection, shop_id: str, message_ids: Collection[str]
) -> tuple[Message, ...]:
    """Return those of the named messages that the shop has."""
    rows = fetch_all(on, "find_messages", shop_id=shop_id, message_id=list(message_ids))
    return tuple(_message(row) for row in rows)


def service_days(
    on: Connection, shop_ids: Collection[str], since: datetime, until: datetime
) -> tuple[ServiceDay, ...]:
    """Return how each agent of these shops answered, day by day, from `since` before `until`."""
    rows = fetch_all(on, "service_days", shop_id=sorted(shop_ids), since=since, until=until)
    return tuple(
        ServiceDay(**dict(zip(ServiceDay.__dataclass_fields__, row, strict=True))) for row in rows
    )


def shops_of(on: Connection, marketplace_ids: Collection[str]) -> tuple[str, ...]:
    """Return every shop of these marketplaces."""
    rows = fetch_all(on, "shops_of_marketplaces", marketplace_id=sorted(marketplace_ids))
    return tuple(str(row[0]) for row in rows)


def erase_old_conversations(on: Connection, marketplace_id: str, before: datetime) -> int:
    """Erase the keys of conversations that ended before an instant; return how many."""
    return execute(on, "erase_old_conversations", marketplace_id=marketplace_id, before=before)


def count_old_conversations(on: Connection, marketplace_id: str, before: datetime) -> int:
    """Return how many keys `erase_old_conversations` would erase."""
    rows = fetch_all(on, "count_old_conversations", marketplace_id=marketplace_id, before=before)
    return int(rows[0][0])


def _message(row: TupleRow) -> Message:
    return Message(
        shop_id=row[0],
        message_id=row[1],
        session_id=row[2],
        buyer_id=row[3],
        direction=Direction(row[4]),
        at=row[5],
        text=row[6],
        agent_id=row[7],
        order_id=row[8],
    )
