"""Rows of exports (导出行): events, cases, clocks, ledger lines and orders as plain values.

No personal data leaves: sealed texts are left out, buyers go by a pseudonym that is the same in
every export of this installation, receivers and tracking numbers are dropped.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, cast

import msgspec

from gongdao.app.privacy import RECEIVER, veiled
from gongdao.core.cases.counts import counts_of
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.model import Case, Order
from gongdao.store.codec import decode_event, decode_order, decode_plain
from gongdao.store.config import current
from gongdao.store.connection import Connection
from gongdao.store.export import stream
from gongdao.store.rows import refunded_of

Row = dict[str, Any]


class Dataset(StrEnum):
    """What is exported of a day (数据集)."""

    CASES = "cases"
    """Cases in which something happened that day, as they stood at its end."""
    DEADLINES = "deadlines"
    """The clocks of these cases that ran at the day's end."""
    EVENTS = "events"
    """What happened in cases that day."""
    LEDGER = "ledger"
    """Lines of the ledger of that day."""
    ORDERS = "orders"
    """Orders placed that day, as they stand when exported."""


#: Keys of an event's body under which a person may be named.
_NAMED = frozenset({"buyer_id", "subject", "actor", "id"})
#: Parts of orders that lead to a person.
_LEADS_TO_PEOPLE = frozenset({"tracking_number", "parcels"})


def pseudonym(marketplace_id: str, buyer_id: str) -> str:
    """Return the name under which a buyer goes in exports; it tells nothing of the buyer."""
    key = current().secret_key.encode()
    return hmac.new(key, f"{marketplace_id}\n{buyer_id}".encode(), sha256).hexdigest()[:32]


def day_rows(
    on: Connection, dataset: Dataset, since: datetime, until: datetime, marketplace_id: str | None
) -> Iterator[list[Row]]:
    """Yield the rows of a day's dataset in batches, in an order that never changes."""
    match dataset:
        case Dataset.EVENTS:
            made: Callable[[Sequence[Any]], list[Row]] = _event
            query = "export_events"
        case Dataset.CASES:
            made, query = _case, "export_cases"
        case Dataset.DEADLINES:
            made, query = _deadlines, "export_cases"
        case Dataset.LEDGER:
            made, query = _ledger, "export_ledger"
        case Dataset.ORDERS:
            made, query = _order, "export_orders"
    for rows in stream(on, query, since=since, until=until, marketplace_id=marketplace_id):
        yield [row for each in rows for row in made(each)]


def _event(row: Sequence[Any]) -> list[Row]:
    marketplace_id, shop_id, case_id, seq, kind, at, recorded_at, actor, body, buyer_id, order = row
    called = pseudonym(marketplace_id, buyer_id)
    said = decode_plain(bytes(body))["event"]
    return [
        {
            "marketplace_id": marketplace_id,
            "shop_id": shop_id,
            "case_id": str(case_id),
            "order_id": order,
            "seq": seq,
            "kind": kind,
            "at": at,
            "recorded_at": recorded_at,
            "actor": str(actor).replace(buyer_id, called) if buyer_id else actor,
            "body": _json(_nameless(veiled(said), buyer_id, called)),
        }
    ]


def _nameless(value: object, buyer_id: str, called: str) -> object:
    """Return plain data in which the buyer goes by a pseudonym and leads to nobody."""
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        return {
            name: called if name in _NAMED and part == buyer_id
            else _nameless(part, buyer_id, called)
            for name, part in given.items()
            if name not in _LEADS_TO_PEOPLE and name not in RECEIVER
        }  # fmt: skip
    if isinstance(value, list | tuple):
        return [_nameless(part, buyer_id, called) for part in cast("Sequence[object]", value)]
    return value


def _replayed(row: Sequence[Any]) -> tuple[str, Case]:
    marketplace_id, bodies = row
    return marketplace_id, replay(tuple(decode_event(bytes(body)) for body in bodies))


def _case(row: Sequence[Any]) -> list[Row]:
    marketplace_id, case = _replayed(row)
    counts = counts_of(case)
    ruling = case.ruling
    return [
        {
            "marketplace_id": marketplace_id,
            "shop_id": case.shop_id,
            "case_id": case.id,
            "order_id": case.order.order_id,
            "buyer": pseudonym(marketplace_id, case.order.buyer_id),
            "platform": case.order.platform,
            "region": case.order.region,
            "version": case.version,
            "claim": str(case.claim),
            "reason": str(case.reason),
            "requested_fen": case.requested_fen,
            "refunded_fen": refunded_of(case),
            "stage": case.stage(),
            "goods": str(case.goods),
            "money": str(case.money),
            "arbitration": str(case.arbitration),
            "outcome": case.outcome,
            "opened_at": case.opened_at,
            "opened_by": str(case.opened_by),
            "closed_at": case.closed_at,
            "evidence": len(case.evidence),
            "rulings": len(case.rulings),
            "ruling_rulebook": ruling.rulebook if ruling else None,
            "ruling_remedy": str(ruling.remedy) if ruling else None,
            "ruling_liable": str(ruling.liable) if ruling else None,
            "in_dispute_rate": counts.in_dispute_rate,
            "in_score": counts.in_score,
            "penalty_stands": counts.penalty_stands,
        }
    ]


def _deadlines(row: Sequence[Any]) -> list[Row]:
    marketplace_id, case = _replayed(row)
    return [
        {
            "marketplace_id": marketplace_id,
            "shop_id": case.shop_id,
            "case_id": case.id,
            "track": timer.track,
            "name": timer.name,
            "action": timer.action,
            "due_at": timer.due_at,
            "paused_left_seconds": timer.paused_left_seconds,
            "reason_zh": timer.reason.zh,
            "reason_en": timer.reason.en,
            "cite": list(timer.cite),
        }
        for timer in sorted(case.timers, key=lambda t: (t.track, t.name))
    ]


def _ledger(row: Sequence[Any]) -> list[Row]:
    marketplace_id, shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at = row
    return [
        {
            "marketplace_id": marketplace_id,
            "shop_id": shop_id,
            "order_id": order_id,
            "case_id": str(case_id),
            "seq": seq,
            "line": line,
            "account": account,
            "amount_fen": amount_fen,
            "purpose": purpose,
            "at": at,
        }
    ]


def _order(row: Sequence[Any]) -> list[Row]:
    marketplace_id, snapshot, refunded, held, outside = row
    order: Order = decode_order(bytes(snapshot))
    attributes = {name: v for name, v in order.attributes.items() if name not in RECEIVER}
    instants = (
        "placed_at", "paid_at", "promised_ship_at", "shipped_at", "promised_delivery_at",
        "signed_at", "succeeded_at", "cancelled_at",
    )  # fmt: skip
    return [
        {
            "marketplace_id": marketplace_id,
            "shop_id": order.shop_id,
            "order_id": order.order_id,
            "buyer": pseudonym(marketplace_id, order.buyer_id),
            "platform": order.platform,
            "payment": order.payment,
            "region": order.region,
            **{name: getattr(order, name) for name in instants},
            "paid_fen": order.paid_fen,
            "freight_fen": order.freight_fen,
            "freight_prepaid_by": str(order.freight_prepaid_by),
            "refunded_fen": refunded,
            "held_fen": held,
            "outside_fen": outside,
            "parcels": len(order.parcels),
            "lines": [
                {name: part for name, part in msgspec.to_builtins(line).items() if name in _LINE}
                for line in order.lines
            ],
            "attributes": _json(veiled(attributes)),
        }
    ]


_LINE = ("line_id", "title", "quantity", "paid_fen", "gift")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def day_name(day: date) -> str:
    """Return the name of a day's partition: `day=2026-11-20`."""
    return f"day={day.isoformat()}"
