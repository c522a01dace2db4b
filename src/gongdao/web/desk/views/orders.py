"""Order pages (订单): those I have to do with, and asking for after-sales on one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app.cancel_order import cancel_order
from gongdao.app.open_case import open_case
from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.claims import claims_of
from gongdao.app.queries.orders import order, orders
from gongdao.app.queries.queue import queue
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.facts import order_stage
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.order_list import OrdersWanted
from gongdao.store.queue import QueueRow, Wanted
from gongdao.web.desk.confirming import previewed, to_case
from gongdao.web.desk.conversation_card import conversation_card
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.invoice_card import invoice_card
from gongdao.web.desk.language import wording
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.stage_titles import stage_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.outcome import Outcome
    from gongdao.app.permissions import Caller
    from gongdao.core.cases.model import Order

#: Why an order is cancelled before it is signed for.
CANCEL_REASONS = (
    Reason.NOT_WANTED,
    Reason.WRONG_ORDER,
    Reason.OUT_OF_STOCK,
    Reason.LATE_SHIPPING,
    Reason.OTHER,
)
W = TypeVar("W", Claim, Reason)
PAGE_ROWS = 30
LARGEST_QUANTITY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CaseOfOrder:
    """A case about the order, as its page lists it."""

    row: QueueRow
    title: str
    stage: str


@for_callers
def order_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's orders, newest first."""
    search = request.GET.get("search", "").strip()[:100]
    page = orders(
        caller,
        OrdersWanted(search=search or None),
        cursor=request.GET.get("cursor") or None,
        limit=PAGE_ROWS,
    )
    nows = clocks_of(caller)
    rows = [(row, _stage(order_stage(row.order, nows[row.marketplace_id]))) for row in page.rows]
    query = {k: v for k, v in (("search", search), ("cursor", page.next_cursor)) if v}
    context = {
        "rows": rows,
        "search": search,
        "next_url": f"?{urlencode(query)}" if page.next_cursor else "",
    }
    return render(request, "desk/orders.html", context)


def _stage(stage: str) -> str:
    return {
        "awaiting_payment": _("awaiting payment"),
        "preparing": _("being prepared"),
        "shipped": _("shipped"),
        "received": _("signed for"),
        "succeeded": _("completed"),
        "cancelled": _("cancelled"),
    }[stage]


@for_callers
def order_page(request: HttpRequest, caller: Caller, shop_id: str, order_id: str) -> HttpResponse:
    """Show one order, its cases, and the form that asks for after-sales."""
    known = order(caller, shop_id, order_id)
    cases = [
        *queue(caller, Wanted(shop_id=shop_id, order_id=order_id, open=True)).rows,
        *queue(caller, Wanted(shop_id=shop_id, order_id=order_id, open=False)).rows,
    ]
    context = {
        "order": known.order,
        "refundable_fen": known.refundable_fen,
        "may_open": PERMISSIONS[Verb.OPEN_CASE].covers(caller.post),
        "may_cancel": _may_cancel(caller, known.order),
        "cancel_reasons": [(word.value, wording(word)) for word in CANCEL_REASONS],
        "receiver": [
            (title, known.order.attributes[n])
            for n, title in _receiver()
            if n in known.order.attributes
        ],
        "claims": [
            (offered.claim.value, wording(offered.claim))
            for offered in claims_of(caller, shop_id, order_id)
            if offered.barred is None
        ],
        "reasons": _words(Reason),
        **invoice_card(caller, shop_id, order_id),
        "talk": conversation_card(caller, known.order, cursor=request.GET.get("talk", "")),
        "key": str(uuid4()),
        "cases": [
            CaseOfOrder(
                row,
                f"{wording(Claim(row.claim))} · {wording(Reason(row.reason))}",
                stage_title(row.stage, known.order.platform),
            )
            for row in cases
        ],
    }
    return render(request, "desk/order.html", context)


def _may_cancel(caller: Caller, order: Order) -> bool:
    closed = order.cancelled_at or order.succeeded_at or order.signed_at
    return not closed and PERMISSIONS[Verb.CANCEL_ORDER].covers(caller.post)


def _receiver() -> list[tuple[str, str]]:
    """Return the attributes of an order that say who receives it: name and label."""
    return [
        ("receiver_name", _("Receiver")),
        ("receiver_phone", _("Telephone")),
        ("receiver_address", _("Address")),
    ]


def _words(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, wording(word)) for word in words]


@for_callers
@require_POST
def cancel_page(request: HttpRequest, caller: Caller, shop_id: str, order_id: str) -> HttpResponse:
    """Cancel the order by its own process, or ask those who may."""
    given = request.POST.dict()
    outcome = cancel_order(
        caller,
        shop_id=shop_id,
        order_id=order_id,
        key=given.get("key", ""),
        reason=_chosen(Reason, given, "reason"),
        description=given.get("description", "").strip(),
    )
    messages.success(request, _("Done."))
    return to_case(request, outcome.case.id)


@for_callers
@require_POST
def open_page(request: HttpRequest, caller: Caller, shop_id: str, order_id: str) -> HttpResponse:
    """Preview a request for after-sales, or open it once its giver has confirmed."""
    return previewed(
        request,
        partial(_open, request, caller, shop_id, order_id),
        back_url=reverse("desk:order", args=[shop_id, order_id]),
        done=_("Your request is with the merchant."),
    )


def _open(
    request: HttpRequest, caller: Caller, shop_id: str, order_id: str, *, preview: bool
) -> Outcome:
    given = request.POST.dict()
    amount = given.get("requested", "").strip()
    return open_case(
        caller,
        shop_id=shop_id,
        order_id=order_id,
        claim=_chosen(Claim, given, "claim"),
        reason=_chosen(Reason, given, "reason"),
        lines=_lines(given),
        requested_fen=fen_from_yuan(amount, field="requested_fen") if amount else None,
        description=given.get("description", "").strip(),
        key=given.get("key", ""),
        preview=preview,
    )


def _chosen(words: type[W], given: Mapping[str, str], name: str) -> W:
    try:
        return words(given.get(name, ""))
    except ValueError:
        raise BadInput(
            Finding(code="input.invalid", field=name, message=Text("请选择一项", "choose one"))
        ) from None


def _lines(given: Mapping[str, str]) -> tuple[LineAsked, ...]:
    """Return the quantities asked for; lines left at nothing are not claimed.

    A line whose lower price was given is claimed whole, unless its quantity was given too.
    """
    asked: list[LineAsked] = []
    for name, number in given.items():
        if not name.startswith("line."):
            continue
        line_id = name.removeprefix("line.")
        price = given.get(f"price.{line_id}", "").strip()
        text = number.strip() or (given.get(f"bought.{line_id}", "") if price else "")
        if not text:
            continue
        if not text.isdecimal() or len(text) > LARGEST_QUANTITY_DIGITS:
            raise BadInput(
                Finding(
                    code="input.invalid",
                    field=name,
                    message=Text("数量须为整数", "a quantity is a whole number"),
                )
            )
        if int(text):
            seen = fen_from_yuan(price, field=f"price.{line_id}") if price else None
            asked.append(LineAsked(line_id=line_id, quantity=int(text), seen_price_fen=seen))
    return tuple(asked)
