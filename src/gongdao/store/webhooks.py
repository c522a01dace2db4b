"""Webhooks: endpoints, and the messages to each, written with the events they are about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from gongdao.store.codec import decode_event, decode_plain
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one
from gongdao.store.rows import INSTRUCTED

DeliveryState = Literal["all", "waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """An endpoint about to be made."""

    id: UUID
    marketplace_id: str
    shop_id: str | None
    url: str
    secret: str
    kinds: tuple[str, ...]
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    """An endpoint, without its secret."""

    id: str
    marketplace_id: str
    shop_id: str | None
    url: str
    kinds: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    waiting: int
    """Messages not yet delivered."""
    dead: int
    """Messages given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A message to an endpoint and how it fared."""

    id: str
    shop_id: str | None
    case_id: str | None
    seq: int
    kind: str
    attempt: int
    created_at: datetime
    tries: int
    trouble: str
    try_at: datetime | None
    """When it is tried next; null once it is delivered or given up."""
    delivered_at: datetime | None
    dead_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message leased for sending."""

    id: str
    endpoint_id: str
    shop_id: str | None
    case_id: str | None
    seq: int
    kind: str
    tries: int
    url: str
    secret: str
    marketplace_id: str
    sandbox: bool
    pays_itself: bool
    """The marketplace is a sandbox that confirms its payments by itself."""
    at: datetime
    content: dict[str, Any]
    """Plain data: the event, or the instruction to pay."""


def add_endpoint(on: Connection, endpoint: NewEndpoint) -> None:
    """Write a new endpoint."""
    execute(
        on,
        "add_endpoint",
        id=endpoint.id,
        marketplace_id=endpoint.marketplace_id,
        shop_id=endpoint.shop_id,
        url=endpoint.url,
        secret=endpoint.secret,
        kinds=list(endpoint.kinds),
        made_by=endpoint.made_by,
    )


def endpoints(
    on: Connection, marketplace_ids: Collection[str], shop_ids: Collection[str] | None
) -> tuple[EndpointRow, ...]:
    """Return the endpoints of these marketplaces; with `shop_ids`, only those of these shops."""
    rows = fetch_all(
        on,
        "endpoints",
        marketplace_ids=sorted(marketplace_ids),
        shop_ids=None if shop_ids is None else sorted(shop_ids),
    )
    return tuple(
        EndpointRow(
            id=str(row[0]),
            marketplace_id=row[1],
            shop_id=row[2],
            url=row[3],
            kinds=tuple(row[4]),
            created_at=row[5],
            disabled_at=row[6],
            waiting=row[7],
            dead=row[8],
        )
        for row in rows
    )


def change_secret(on: Connection, endpoint_id: str, secret: str) -> None:
    """Sign with another secret from now on."""
    execute(on, "change_endpoint_secret", endpoint_id=UUID(endpoint_id), secret=secret)


def disable_endpoint(on: Connection, endpoint_id: str) -> None:
    """Send the endpoint nothing any more."""
    execute(on, "disable_endpoint", endpoint_id=UUID(endpoint_id))


def add_test_delivery(on: Connection, delivery_id: UUID, endpoint_id: str) -> None:
    """Let a test event go out to the endpoint."""
    execute(on, "add_test_delivery", id=delivery_id, endpoint_id=UUID(endpoint_id))


def replay_deliveries(on: Connection, endpoint_id: str, delivery_id: str | None) -> int:
    """Let dead letters go out again, one or all; returns how many."""
    one = None if delivery_id is None else UUID(delivery_id)
    return execute(on, "replay_deliveries", endpoint_id=UUID(endpoint_id), delivery_id=one)


def deliveries(
    on: Connection,
    endpoint_id: str,
    state: DeliveryState,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> tuple[DeliveryRow, ...]:
    """Return messages of an endpoint, newest first, before the (instant, id) of the last seen."""
    at, last = before if before is not None else (None, None)
    rows = fetch_all(
        on,
        "deliveries",
        endpoint_id=UUID(endpoint_id),
        state=state,
        before=at,
        before_id=last,
        limit=limit,
    )
    return tuple(
        DeliveryRow(
            id=str(row[0]),
            shop_id=row[1],
            case_id=None if row[2] is None else str(row[2]),
            seq=row[3],
            kind=row[4],
            attempt=row[5],
            created_at=row[6],
            tries=row[7],
            trouble=row[8],
            try_at=row[9],
            delivered_at=row[10],
            dead_at=row[11],
        )
        for row in rows
    )


def claim_deliveries(on: Connection, limit: int, lease_seconds: int) -> tuple[Letter, ...]:
    """Lease and return messages due now, at most one a case and endpoint, oldest first."""
    rows = fetch_all(on, "claim_deliveries", limit=limit, lease_seconds=lease_seconds)
    return tuple(_letter(*row) for row in rows)


def _letter(*row: Any) -> Letter:  # noqa: ANN401  columns of one statement
    (delivery_id, endpoint_id, shop_id, case_id, seq, kind, tries, created_at, url, secret,
     marketplace_id, sandbox, pays_itself, order_id, at, body, instruction,
     invoice_event, invoice_at) = row  # fmt: skip
    content: dict[str, Any] = {}
    if kind == INSTRUCTED:
        content = decode_plain(instruction)
    elif invoice_event is not None:
        content = {"shop_id": shop_id, "task_id": str(case_id)} | decode_plain(invoice_event)
    elif body is not None:
        content = {
            "shop_id": shop_id,
            "case_id": str(case_id),
            "order_id": order_id,
            "event": msgspec.to_builtins(decode_event(body)),
        }
    return Letter(
        id=str(delivery_id),
        endpoint_id=str(endpoint_id),
        shop_id=shop_id,
        case_id=None if case_id is None else str(case_id),
        seq=seq,
        kind=kind,
        tries=tries,
        url=url,
        secret=secret,
        marketplace_id=marketplace_id,
        sandbox=sandbox,
        pays_itself=pays_itself,
        at=at or invoice_at or created_at,
        content=content,
    )


def mark_delivered(on: Connection, delivery_id: str) -> None:
    """Note that a message has arrived."""
    execute(on, "delivered", delivery_id=UUID(delivery_id))


def mark_instruction_sent(on: Connection, letter: Letter) -> bool:
    """Note that an instruction to pay has reached somebody; False when it had before."""
    if letter.shop_id is None or letter.case_id is None:
        return False
    done = execute(
        on,
        "instruction_sent",
        shop_id=letter.shop_id,
        case_id=UUID(letter.case_id),
        seq=letter.seq,
    )
    return done == 1


def put_off_delivery(on: Connection, delivery_id: str, trouble: str, most_tries: int) -> bool:
    """Try a message again later, or give it up after `most_tries`; returns whether it is dead."""
    row = fetch_one(
        on,
        "put_off_delivery",
        delivery_id=UUID(delivery_id),
        trouble=trouble.replace("\0", ""),
        most_tries=most_tries,
    )
    return row is not None and bool(row[0])
