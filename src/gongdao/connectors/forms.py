"""Forms (标准文件格式): the columns of canonical files of parcels, requests and messages.

Each is the words of the API itself; rows that belong to one record stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, cast

from gongdao.app.import_batch import Take
from gongdao.app.intake_parcels import ParcelTold, Step, take_parcels
from gongdao.app.intake_requests import RequestTold, take_requests
from gongdao.app.messages.intake import take_messages
from gongdao.app.permissions import Verb
from gongdao.connectors.mapped_orders import BadRow, Values
from gongdao.connectors.mapping import Kind
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason
from gongdao.core.remedies.parcel import ParcelLine
from gongdao.core.service_desk.message import Direction, Message

_W = TypeVar("_W", bound=Enum)
#: One row of a file: its number, and what stands in its cells.
NumberedValues = tuple[int, Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A kind of canonical file."""

    fields: Mapping[str, tuple[Kind, bool]]
    """Column -> its type, and whether every row must have it. Money is in fen."""
    together: tuple[str, ...]
    """Columns by which rows that stand together are one record; empty: each row is one."""
    make: Callable[[Sequence[NumberedValues]], Any]
    """Makes the record of its rows. Raises BadRow."""
    take: Take[Any]
    verb: Verb


def _parcel(rows: Sequence[NumberedValues]) -> ParcelTold:
    ((row, cells),) = rows
    line_id, quantity = cells["line_id"], cells["line_quantity"]
    if (line_id is None) != (quantity is None):
        raise _lonely(row)
    line = None
    if line_id is not None:
        line = ParcelLine(line_id=str(line_id), quantity=cast("int", quantity))
    return ParcelTold(
        shop_id=str(cells["shop_id"]),
        order_id=str(cells["order_id"]),
        tracking_number=str(cells["tracking_number"]),
        step=_word(row, "event", Step, cells["event"]),
        at=cast("datetime", cells["at"]),
        carrier=str(cells["carrier"] or ""),
        line=line,
    )


def _request(rows: Sequence[NumberedValues]) -> RequestTold:
    row, cells = rows[0]
    lines: list[LineAsked] = []
    for number, each in rows:
        line_id, quantity = each["line_id"], each["line_quantity"]
        if (line_id is None) != (quantity is None) or (line_id is None and len(rows) > 1):
            raise _lonely(number)
        if line_id is not None:
            lines.append(
                LineAsked(
                    line_id=str(line_id),
                    quantity=cast("int", quantity),
                    seen_price_fen=cast("int | None", each["seen_price_fen"]),
                )
            )
    return RequestTold(
        request_id=str(cells["request_id"]),
        shop_id=str(cells["shop_id"]),
        order_id=str(cells["order_id"]),
        claim=_word(row, "claim", Claim, cells["claim"]),
        reason=_word(row, "reason", Reason, cells["reason"]),
        lines=tuple(lines),
        requested_fen=cast("int | None", cells["requested_fen"]),
        description=str(cells["description"] or ""),
        asked_at=cast("datetime | None", cells["asked_at"]),
    )


def _message(rows: Sequence[NumberedValues]) -> Message:
    ((row, cells),) = rows
    return Message(
        shop_id=str(cells["shop_id"]),
        message_id=str(cells["message_id"]),
        session_id=str(cells["session_id"]),
        buyer_id=str(cells["buyer_id"]),
        direction=_word(row, "direction", Direction, cells["direction"]),
        at=cast("datetime", cells["at"]),
        text=str(cells["text"] or ""),
        agent_id=cast("str | None", cells["agent_id"]),
        order_id=cast("str | None", cells["order_id"]),
    )


def _word(row: int, field: str, words: type[_W], value: object) -> _W:
    known = {str(word.value): word for word in words}
    if str(value) not in known:
        allowed = ", ".join(known)
        raise BadRow(
            row,
            Finding(
                code="import.unknown_word",
                field=field,
                message=Text(f"{field} 不能是“{value}”", f"`{field}` cannot be `{value}`"),
                cure=Text(f"须为 {allowed}", f"one of {allowed}"),
            ),
        )
    return known[str(value)]


def _lonely(row: int) -> BadRow:
    return BadRow(
        row,
        Finding(
            code="import.bad_cell",
            field="line_id",
            message=Text(
                "line_id 与 line_quantity 须同时填写", "`line_id` and `line_quantity` go together"
            ),
            cure=Text("两格都填或都不填", "fill in both or neither"),
        ),
    )


FORMS: dict[str, Form] = {
    "parcels": Form(
        fields={
            "shop_id": ("text", True),
            "order_id": ("text", True),
            "tracking_number": ("text", True),
            "event": ("text", True),
            "at": ("instant", True),
            "carrier": ("text", False),
            "line_id": ("text", False),
            "line_quantity": ("integer", False),
        },
        together=(),
        make=_parcel,
        take=take_parcels,
        verb=Verb.INTAKE_ORDERS,
    ),
    "requests": Form(
        fields={
            "request_id": ("text", True),
            "shop_id": ("text", True),
            "order_id": ("text", True),
            "claim": ("text", True),
            "reason": ("text", True),
            "asked_at": ("instant", False),
            "line_id": ("text", False),
            "line_quantity": ("integer", False),
            "requested_fen": ("money", False),
            "seen_price_fen": ("money", False),
            "description": ("text", False),
        },
        together=("shop_id", "request_id"),
        make=_request,
        take=take_requests,
        verb=Verb.IMPORT_REQUESTS,
    ),
    "messages": Form(
        fields={
            "shop_id": ("text", True),
            "message_id": ("text", True),
            "session_id": ("text", True),
            "buyer_id": ("text", True),
            "direction": ("text", True),
            "at": ("instant", True),
            "text": ("text", False),
            "agent_id": ("text", False),
            "order_id": ("text", False),
        },
        together=(),
        make=_message,
        take=take_messages,
        verb=Verb.INTAKE_MESSAGES,
    ),
}
