"""The queue (案件队列): rows of cases for a list, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import sql

from gongdao.store.connection import Connection, cursor

Order = Literal["due", "opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A case as a list shows it."""

    case_id: str
    shop_id: str
    shop_title: str
    marketplace_id: str
    order_id: str
    buyer_id: str
    version: int
    claim: str
    reason: str
    requested_fen: int
    stage: str
    goods: str
    money: str
    arbitration: str
    waits_for: tuple[str, ...]
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    next_due_at: datetime | None
    next_due_zh: str | None
    """Reason of the next deadline."""
    next_due_en: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose cases: those of these marketplaces, and of these shops or this buyer when named."""

    marketplace_ids: frozenset[str]
    shop_ids: frozenset[str] | None = None
    buyer_id: str | None = None
    case_ids: frozenset[str] | None = None
    """Only these, when named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of them, in which order."""

    order: Order = "due"
    """`due`: open cases, soonest deadline first; `opened`: newest first."""
    open: bool | None = None
    waits_for: str | None = None
    claim: str | None = None
    reason: str | None = None
    stage: str | None = None
    arbitration: str | None = None
    disputed: bool = False
    goods: str | None = None
    money: str | None = None
    outcome: str | None = None
    region: str | None = None
    marketplace_id: str | None = None
    shop_id: str | None = None
    order_id: str | None = None
    buyer_id: str | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    """Before this instant, as every `until` and `before` here."""
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    due_before: datetime | None = None
    search: str | None = None
    """A case id, or the beginning of an order id."""


_SELECT = sql.SQL("""
SELECT
    c.id, c.shop_id, s.title, c.marketplace_id, c.order_id, c.buyer_id, c.version, c.claim,
    c.reason, c.requested_fen, c.stage, c.goods, c.money, c.arbitration, c.waits_for, c.outcome,
    c.opened_at, c.closed_at, c.next_due_at, d.reason_zh, d.reason_en
FROM cases AS c
INNER JOIN shop AS s ON c.shop_id = s.id
LEFT JOIN LATERAL (
    SELECT n.reason_zh, n.reason_en FROM deadline AS n
    WHERE n.shop_id = c.shop_id AND n.case_id = c.id AND n.due_at = c.next_due_at AND NOT n.paused
    ORDER BY n.track, n.name LIMIT 1
) AS d ON TRUE
WHERE {conditions}
ORDER BY {order}
LIMIT %(limit)s
""")
_ORDERS = {
    "due": sql.SQL("coalesce(c.next_due_at, 'infinity'), c.id"),
    "opened": sql.SQL("c.opened_at DESC, c.id DESC"),
}
_AFTER = {
    "due": sql.SQL("(coalesce(c.next_due_at, 'infinity'), c.id) > (%(at)s::timestamptz, %(id)s)"),
    "opened": sql.SQL("(c.opened_at, c.id) < (%(at)s::timestamptz, %(id)s)"),
}
_FIELDS = tuple(field.name for field in fields(QueueRow))
_EQUAL = (
    "claim", "reason", "stage", "arbitration", "goods", "money", "outcome", "region",
    "marketplace_id", "shop_id", "order_id", "buyer_id",
)  # fmt: skip
_BETWEEN = {
    "opened_since": sql.SQL("c.opened_at >= %(opened_since)s"),
    "opened_until": sql.SQL("c.opened_at < %(opened_until)s"),
    "closed_since": sql.SQL("c.closed_at >= %(closed_since)s"),
    "closed_until": sql.SQL("c.closed_at < %(closed_until)s"),
    "due_before": sql.SQL("c.next_due_at < %(due_before)s"),
}


def read_queue(
    on: Connection, reach: Reach, wanted: Wanted, after: tuple[str, str] | None, limit: int
) -> tuple[QueueRow, ...]:
    """Return at most `limit` rows after the (instant, case id) of the last one seen."""
    conditions, given = _conditions(reach, wanted)
    if after is not None:
        conditions.append(_AFTER[wanted.order])
        given |= {"at": after[0], "id": UUID(after[1])}
    query = _SELECT.format(
        conditions=sql.SQL(" AND ").join(conditions), order=_ORDERS[wanted.order]
    )
    # The best plan depends on whose cases are asked for: never a prepared one.
    rows = cursor(on).execute(query, given | {"limit": limit}, prepare=False).fetchall()
    return tuple(_row(row) for row in rows)


def count_queue(on: Connection, reach: Reach, wanted: Wanted, at_most: int) -> int:
    """Return how many cases there are, counting no further than `at_most`."""
    conditions, given = _conditions(reach, wanted)
    query = sql.SQL(
        "SELECT count(*) FROM (SELECT 1 FROM cases AS c WHERE {conditions} LIMIT %(limit)s) AS n"
    ).format(conditions=sql.SQL(" AND ").join(conditions))
    row = cursor(on).execute(query, given | {"limit": at_most}, prepare=False).fetchone()
    return int(row[0]) if row is not None else 0


def _conditions(reach: Reach, wanted: Wanted) -> tuple[list[sql.Composable], dict[str, object]]:
    conditions: list[sql.Composable] = [sql.SQL("c.marketplace_id = ANY(%(marketplaces)s)")]
    given: dict[str, object] = {"marketplaces": sorted(reach.marketplace_ids)}
    if reach.shop_ids is not None:
        conditions.append(sql.SQL("c.shop_id = ANY(%(shops)s)"))
        given["shops"] = sorted(reach.shop_ids)
    if reach.buyer_id is not None:
        conditions.append(sql.SQL("c.buyer_id = %(buyer)s"))
        given["buyer"] = reach.buyer_id
    if reach.case_ids is not None:
        conditions.append(sql.SQL("c.id = ANY(%(cases)s)"))
        given["cases"] = [UUID(case_id) for case_id in sorted(reach.case_ids)]
    if wanted.open is not None or wanted.order == "due":
        is_open = wanted.open is not False
        conditions.append(sql.SQL("c.closed_at IS NULL" if is_open else "c.closed_at IS NOT NULL"))
    if wanted.disputed:
        conditions.append(sql.SQL("c.arbitration <> 'none'"))
    if wanted.waits_for is not None:
        conditions.append(sql.SQL("%(waits_for)s = ANY(c.waits_for)"))
        given["waits_for"] = wanted.waits_for
    for name in _EQUAL:
        if (value := getattr(wanted, name)) is not None:
            conditions.append(
                sql.SQL("c.{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
            )
            given[name] = value
    for name, condition in _BETWEEN.items():
        if (instant := getattr(wanted, name)) is not None:
            conditions.append(condition)
            given[name] = instant
    if wanted.search is not None:
        conditions.append(_search(wanted.search, given))
    return conditions, given


def _search(text: str, given: dict[str, object]) -> sql.Composable:
    try:
        given["search"] = UUID(text.strip())
    except ValueError:
        given["search"] = text.strip()
        return sql.SQL("starts_with(c.order_id, %(search)s)")
    return sql.SQL("c.id = %(search)s")


def _row(row: Sequence[Any]) -> QueueRow:
    given: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    given["case_id"] = str(given["case_id"])
    given["waits_for"] = tuple(given["waits_for"])
    return QueueRow(**given)
