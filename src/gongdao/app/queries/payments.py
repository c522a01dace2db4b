"""Payments (款项) of a marketplace: what is to be paid, and what did not go as decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.payments import ExceptionRow, PaymentStanding, list_exceptions, list_payments

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPage:
    """A page of payments."""

    rows: tuple[PaymentStanding, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionPage:
    """A page of exceptions."""

    rows: tuple[ExceptionRow, ...]
    next_cursor: str | None


def payments(
    caller: Caller, *, state: str | None = None, cursor: str | None = None, limit: int = 50
) -> PaymentPage:
    """Return payments, oldest first; `state=granted` and `failed` are those to be made."""
    allow(caller, Verb.REPORT_PAYMENT)
    size = max(1, min(limit, LARGEST_PAGE))
    after = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        rows = list_payments(on, caller.marketplace_ids, state, after, size + 1)
    last = rows[size - 1] if len(rows) > size else None
    return PaymentPage(
        rows=rows[:size],
        next_cursor=None if last is None else f"{last.granted_at.isoformat()}_{last.reference}",
    )


def exceptions(
    caller: Caller, *, is_open: bool | None = None, cursor: str | None = None, limit: int = 50
) -> ExceptionPage:
    """Return what did not go as decided, newest first."""
    allow(caller, Verb.RESOLVE_PAYMENTS)
    size = max(1, min(limit, LARGEST_PAGE))
    before = _read_cursor(cursor) if cursor else None
    with transaction() as on:
        rows = list_exceptions(
            on,
            caller.marketplace_ids,
            None if before is None else (before[0], _uuid(before[1])),
            size + 1,
            is_open=is_open,
        )
    last = rows[size - 1] if len(rows) > size else None
    return ExceptionPage(
        rows=rows[:size],
        next_cursor=None if last is None else f"{last.reported_at.isoformat()}_{last.id}",
    )


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    at, _, last = cursor.partition("_")
    try:
        return datetime.fromisoformat(at), last
    except ValueError:
        raise _bad_cursor() from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _bad_cursor() from None


def _bad_cursor() -> BadInput:
    return BadInput(
        Finding(
            code="queue.bad_cursor",
            field="cursor",
            message=Text("翻页标记无效", "the cursor is not one that a page gave"),
            cure=Text("请从第一页开始", "start from the first page"),
        )
    )
