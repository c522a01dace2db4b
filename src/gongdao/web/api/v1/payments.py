"""Payments (款项): what is to be paid, how it fares, what went wrong; refunds outside; deposits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StrictInt

from gongdao.app import deposits, report_outside_refund, resolve_payment, settle_reports
from gongdao.app.queries import payments as listed
from gongdao.web.api.authentication import caller
from gongdao.web.api.v1.case_shapes import TextOut

router = Router(tags=["payments"])
MOST_REPORTS = 500
Result = Literal["sent", "confirmed", "failed"]
State = Literal["granted", "sent", "confirmed", "failed", "void"]
Resolution = Literal["confirm_settled", "retry", "recovered", "written_off", "dismiss"]


class PaymentStandingOut(Schema):
    """A payment: pay `amount_fen` once under `reference`."""

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


class PaymentPageOut(Schema):
    """A page of payments; give `next_cursor` as `cursor` for the next one."""

    items: list[PaymentStandingOut]
    next_cursor: str | None


class ReportIn(Schema):
    """How one payment fares."""

    model_config = ConfigDict(extra="forbid")

    reference: str = Field(examples=["0198a0b0-0000-7000-8000-000000000000-1"])
    result: Result
    amount_fen: StrictInt
    external_ref: str = ""


class ReportsIn(Schema):
    """Reports; each is taken by itself."""

    model_config = ConfigDict(extra="forbid")

    reports: list[ReportIn] = Field(max_length=MOST_REPORTS)


class ReportOut(Schema):
    """What became of a report; `exception`: the operator must look."""

    reference: str
    settled: Literal["taken", "exception", "refused"]
    state: str | None
    code: str | None
    message: TextOut | None


class ReportsOut(Schema):
    """What became of each report, in the order told."""

    items: list[ReportOut]


class ExceptionOut(Schema):
    """A word of the payment system that does not fit, and the ways to resolve it."""

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
    resolutions: list[str]


class ExceptionPageOut(Schema):
    """A page of exceptions, newest first."""

    items: list[ExceptionOut]
    next_cursor: str | None


class ResolveIn(Schema):
    """How an exception was put right, and what shows it."""

    model_config = ConfigDict(extra="forbid")

    resolution: Resolution
    note: str


class OutsideRefundIn(Schema):
    """A refund that somebody made outside gongdao."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    order_id: str
    amount_fen: StrictInt
    external_ref: str
    case_id: str | None = None


class OutsideRefundOut(Schema):
    """By how much less can be refunded now, in which cases; what went beyond is an exception."""

    absorbed_fen: int
    too_much_fen: int
    case_ids: list[str]
    repeated: bool


class HoldOut(Schema):
    """What an open case may yet take from the deposit; it ends with the case."""

    case_id: str
    order_id: str
    matter: Literal["dispute", "payout"]
    amount_fen: int
    since: datetime
    reason: TextOut
    cite: list[str]


class DepositOut(Schema):
    """A shop's deposit, and what is kept in reserve beside it."""

    balance_fen: int
    held_fen: int
    free_fen: int
    owed_fen: int
    reserve_fen: int
    holds: list[HoldOut]


class ReserveOut(Schema):
    """What is kept back of one settled order, until when, and why."""

    order_id: str
    category: str
    settled_fen: int
    reserved_fen: int
    left_fen: int
    at: datetime
    release_at: datetime
    reason: TextOut
    cite: list[str]


class ReservesOut(Schema):
    """A shop's reserves, the earliest released first."""

    items: list[ReserveOut]


class ShortfallOut(Schema):
    """A shop whose deposit does not cover what was recouped."""

    marketplace_id: str
    shop_id: str
    lacks_fen: int
    recouped_at: datetime | None


class ShortfallsOut(Schema):
    """Shops whose deposit lacks something, those that lack most first."""

    items: list[ShortfallOut]


class DepositMovementIn(Schema):
    """Paid in (positive) or taken out (negative); a reference counts once."""

    model_config = ConfigDict(extra="forbid")

    amount_fen: StrictInt
    external_ref: str


@router.get("", response=PaymentPageOut, summary="List payments")
def list_payments(
    request: HttpRequest, state: State | None = None, cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Return payments, oldest first; `granted` and `failed` are yet to be made."""
    page = listed.payments(caller(request), state=state, cursor=cursor, limit=limit)
    return {"items": list(page.rows), "next_cursor": page.next_cursor}


@router.post("/reports", response=ReportsOut, summary="Report how payments fare")
def report_payments(request: HttpRequest, body: ReportsIn) -> dict[str, Any]:
    """Take reports by reference. The same report again changes nothing: no key is needed."""
    done = settle_reports.settle(
        caller(request), [settle_reports.Report(**r.model_dump()) for r in body.reports]
    )
    return {
        "items": [
            {
                "reference": d.reference,
                "settled": d.settled,
                "state": d.state,
                "code": d.finding.code if d.finding else None,
                "message": d.finding.message if d.finding else None,
            }
            for d in done
        ]
    }


@router.get("/exceptions", response=ExceptionPageOut, summary="List payment exceptions")
def list_exceptions(
    request: HttpRequest, *, open: bool | None = None, cursor: str | None = None, limit: int = 50  # noqa: A002  the word of the address
) -> dict[str, Any]:  # fmt: skip
    """Return what did not go as decided; `open=true`: what nobody has resolved yet."""
    page = listed.exceptions(caller(request), is_open=open, cursor=cursor, limit=limit)
    return {
        "items": [
            {name: getattr(row, name) for name in row.__dataclass_fields__}
            | {"resolutions": list(resolve_payment.RESOLUTIONS[row.kind])}
            for row in page.rows
        ],
        "next_cursor": page.next_cursor,
    }


@router.post("/exceptions/{exception_id}", response={204: None}, summary="Resolve an exception")
def resolve(request: HttpRequest, exception_id: str, body: ResolveIn) -> Status[None]:
    """Resolve an exception in one of its `resolutions`, once."""
    resolve_payment.resolve(caller(request), exception_id, body.resolution, body.note)
    return Status(204, None)


@router.post("/outside-refunds", response=OutsideRefundOut, summary="Report a refund outside")
def refunded_outside(request: HttpRequest, body: OutsideRefundIn) -> dict[str, Any]:
    """Take in a refund made outside; the same reference again changes nothing."""
    done = report_outside_refund.report_outside_refund(caller(request), **body.model_dump())
    return {
        "absorbed_fen": done.absorbed_fen,
        "too_much_fen": done.too_much_fen,
        "case_ids": list(done.case_ids),
        "repeated": done.repeated,
    }


@router.get("/shortfalls", response=ShortfallsOut, summary="Shops whose deposit lacks something")
def list_shortfalls(request: HttpRequest) -> dict[str, Any]:
    """Return the shops that owe their deposit; later settlements are taken for it first."""
    return {"items": list(deposits.lacking(caller(request)))}


@router.get("/reserves/{shop_id}", response=ReservesOut, summary="A shop's settlement reserves")
def get_reserves(request: HttpRequest, shop_id: str) -> dict[str, Any]:
    """Return what is kept back of settled orders, until when, by which rule."""
    return {"items": list(deposits.reserves(caller(request), shop_id))}


@router.get("/deposits/{shop_id}", response=DepositOut, summary="A shop's deposit")
def get_deposit(request: HttpRequest, shop_id: str) -> deposits.Deposit:
    """Return balance, what open cases hold, what is free, what is owed, what is in reserve."""
    return deposits.deposit(caller(request), shop_id)


@router.post("/deposits/{shop_id}", response=DepositOut, summary="Move a deposit")
def move_deposit(request: HttpRequest, shop_id: str, body: DepositMovementIn) -> deposits.Deposit:
    """Note what the merchant paid in or took out."""
    return deposits.move_deposit(caller(request), shop_id, body.amount_fen, body.external_ref)
