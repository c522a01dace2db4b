"""Statements (对账单): a shop's day that adds up to the ledger, as JSON or as a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from gongdao.app.queries.statement import DayStatement, day_statement
from gongdao.connectors.statement_file import MEDIA_TYPES, statement_file
from gongdao.web.api.authentication import caller

router = Router(tags=["statements"])


class AccountDayOut(Schema):
    """An account over the day."""

    account: str
    opening_fen: int
    moved_fen: int
    closing_fen: int


class StatementLineOut(Schema):
    """One line of the ledger."""

    at: datetime
    order_id: str
    case_id: str
    seq: int
    account: str
    amount_fen: int
    purpose: str


class StatementOut(Schema):
    """A shop's statement of one day, Beijing time."""

    shop_id: str
    day: date
    accounts: list[AccountDayOut]
    lines: list[StatementLineOut]


@router.get("/{shop_id}/{day}", response=StatementOut, summary="A shop's statement of a day")
def get_statement(request: HttpRequest, shop_id: str, day: date) -> DayStatement:
    """Return what each account opened with, how it moved, and every line."""
    return day_statement(caller(request), shop_id, day)


@router.get("/{shop_id}/{day}/file", summary="The statement's lines as a file")
def get_statement_file(
    request: HttpRequest,
    shop_id: str,
    day: date,
    format: Literal["csv", "xlsx", "parquet"] = "csv",  # noqa: A002  the word of the address
) -> HttpResponse:
    """Return the lines as CSV, Excel or Parquet."""
    content = statement_file(day_statement(caller(request), shop_id, day), format)
    answer = HttpResponse(content, content_type=MEDIA_TYPES[format])
    answer["Content-Disposition"] = f'attachment; filename="statement-{day}.{format}"'
    return answer
