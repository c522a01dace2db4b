"""Payments beyond their case: lists, exceptions, retries, refunds made outside, deposits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat

from gongdao.core.remedies.ledger import Posting
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStanding:
    """A payment and how far it has come."""

    reference: str
    shop_id: str
    case_id: str
    number: int
    order_id: str
    buyer_id: str
    amount_fen: int
    channel: str
    state: str
    external_ref: str | None
    granted_at: datetime
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """A word of the payment system that does not fit what was decided."""

    id: str
    marketplace_id: str
    shop_id: str
    order_id: str
    case_id: str | None
    number: int | None
    kind: str
    expected_fen: int
    reported_fen: int
    external_ref: str
    reported_at: datetime
    resolved_at: datetime | None
    resolution: str
    resolved_by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewException:
    """An exception about to be noted."""

    marketplace_id: str
    shop_id: str
    order_id: str
    case_id: str | None = None
    number: int | None = None
    kind: str
    expected_fen: int
    reported_fen: int
    external_ref: str


def list_payments(
    on: Connection,
    marketplace_ids: Collection[str],
    state: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> tuple[PaymentStanding, ...]:
    """Return payments, oldest grant first, after the (instant, reference) of the last seen."""
    at, reference = after if after is not None else (None, "")
    rows = fetch_all(
        on,
        "payments",
        marketplace_ids=sorted(marketplace_ids),
        state=state,
        after=at,
        after_reference=reference,
        limit=limit,
    )
    names = PaymentStanding.__dataclass_fields__
    return tuple(
        PaymentStanding(**dict(zip(names, (*r[:2], str(r[2]), *r[3:]), strict=True))) for r in rows
    )


def add_exception(on: Connection, found: NewException) -> None:
    """Note an exception; the same one again changes nothing."""
    execute(
        on,
        "add_payment_exception",
        id=uuid_utils.compat.uuid7(),
        marketplace_id=found.marketplace_id,
        shop_id=found.shop_id,
        order_id=found.order_id,
        case_id=None if found.case_id is None else UUID(found.case_id),
        number=found.number,
        kind=found.kind,
        expected_fen=found.expected_fen,
        reported_fen=found.reported_fen,
        external_ref=found.external_ref,
    )


def list_exceptions(
    on: Connection,
    marketplace_ids: Collection[str],
    before: tuple[datetime, UUID] | None,
    limit: int,
    *,
    is_open: bool | None,
) -> tuple[ExceptionRow, ...]:
    """Return exceptions, newest first, before the (instant, id) of the last seen."""
    at, last = before if before is not None else (None, None)
    rows = fetch_all(
        on,
        "payment_exceptions",
        marketplace_ids=sorted(marketplace_ids),
        open=is_open,
        before=at,
        before_id=last,
        limit=limit,
    )
    return tuple(_exception(row) for row in rows)


def lock_exception(on: Connection, exception_id: str) -> ExceptionRow | None:
    """Return the exception, locked, if there is one."""
    row = fetch_one(on, "lock_payment_exception", id=UUID(exception_id))
    return None if row is None else _exception(row)


def mark_resolved(
    on: Connection, exception_id: str, resolution: str, resolved_by: str, note: str
) -> None:
    """Note how an exception was resolved, and by whom."""
    execute(
        on,
        "resolve_payment_exception",
        id=UUID(exception_id),
        resolution=resolution,
        resolved_by=resolved_by,
        note=note,
    )


def instruct_again(
    on: Connection,
    shop_id: str,
    case_id: str,
    number: int,
    *,
    trouble: str,
    most_attempts: int,
    at_once: bool = False,
) -> bool:
    """Let the instruction of a payment go out again, later each time; False: often enough.

    `at_once`: now, however often it went out before.
    """
    row = fetch_one(
        on,
        "rearm_instruction",
        shop_id=shop_id,
        case_id=UUID(case_id),
        number=number,
        trouble=trouble,
        most_attempts=most_attempts,
        delay=0 if at_once else 1,
    )
    if row is None:
        return False
    execute(on, "instruct_again", shop_id=shop_id, case_id=UUID(case_id), seq=row[0], try_at=row[2])
    return True


def open_cases_of(on: Connection, shop_id: str, order_id: str) -> tuple[str, ...]:
    """Return the ids of the order's open cases, newest first."""
    found = fetch_all(on, "open_cases_of_order", shop_id=shop_id, order_id=order_id)
    return tuple(str(row[0]) for row in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that moved without a case: known by whose it is and its own reference."""

    shop_id: str
    order_id: str
    """Empty: of the shop, not of an order."""
    external_ref: str
    amount_fen: int
    reported_by: str
    at: datetime


def known_outside_refund(on: Connection, movement: Movement) -> int | None:
    """Return the amount under which a refund of this reference was reported before, in fen."""
    row = fetch_one(
        on,
        "find_outside_refund",
        shop_id=movement.shop_id,
        order_id=movement.order_id,
        external_ref=movement.external_ref,
    )
    return None if row is None else int(row[0])


def add_outside_refund(
    on: Connection, movement: Movement, absorbed_fen: int, entry: Sequence[Posting]
) -> bool:
    """Write a refund made outside and its entry; False when it was known already."""
    entry_id = uuid_utils.compat.uuid7()
    if not execute(on, "add_outside_refund", entry_id=entry_id, **_given(movement)):
        return False
    execute(
        on,
        "absorb_outside_refund",
        shop_id=movement.shop_id,
        order_id=movement.order_id,
        amount_fen=absorbed_fen,
    )
    post_entry(on, movement, entry_id, entry)
    return True


def known_deposit_movement(on: Connection, shop_id: str, external_ref: str) -> int | None:
    """Return the amount under which this reference was reported before, in fen."""
    row = fetch_one(on, "find_deposit_movement", shop_id=shop_id, external_ref=external_ref)
    return None if row is None else int(row[0])


def add_deposit_movement(on: Connection, movement: Movement, entry: Sequence[Posting]) -> None:
    """Write what was paid into a deposit or taken out, and its entry."""
    entry_id = uuid_utils.compat.uuid7()
    given = _given(movement)
    del given["order_id"]
    if execute(on, "add_deposit_movement", entry_id=entry_id, **given):
        post_entry(on, movement, entry_id, entry)


def lock_shop(on: Connection, shop_id: str) -> str | None:
    """Return the shop's marketplace, if it is known; nobody else moves its deposit meanwhile."""
    row = fetch_one(on, "lock_shop", shop_id=shop_id)
    return None if row is None else str(row[0])


def post_entry(
    on: Connection, movement: Movement, entry_id: UUID, entry: Sequence[Posting]
) -> None:
    """Write a ledger entry that no case leads to."""
    count = len(entry)
    execute(
        on,
        "insert_postings",
        shop_id=[movement.shop_id] * count,
        order_id=[movement.order_id] * count,
        case_id=[entry_id] * count,
        seq=[0] * count,
        line=list(range(count)),
        account=[str(p.account) for p in entry],
        amount_fen=[p.amount_fen for p in entry],
        purpose=[str(p.purpose) for p in entry],
        at=[movement.at] * count,
    )


def _given(movement: Movement) -> dict[str, object]:
    return {
        "shop_id": movement.shop_id,
        "order_id": movement.order_id,
        "external_ref": movement.external_ref,
        "amount_fen": movement.amount_fen,
        "reported_by": movement.reported_by,
        "at": movement.at,
    }


def _exception(row: Sequence[Any]) -> ExceptionRow:
    given = dict(zip(ExceptionRow.__dataclass_fields__, row, strict=True))
    given["id"] = str(given["id"])
    given["case_id"] = None if given["case_id"] is None else str(given["case_id"])
    return ExceptionRow(**given)
