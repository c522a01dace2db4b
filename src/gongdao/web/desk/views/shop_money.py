"""Shop money page (店铺资金): deposit, reserve, a day's statement, and the last days drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongdao.app import deposits, return_address
from gongdao.app.permissions import PERMISSIONS, Verb, allow
from gongdao.app.queries.statement import day_statement, days_moved
from gongdao.core.cases.returning import ADDRESS
from gongdao.core.kernel.calendar import BEIJING
from gongdao.core.kernel.money import fen_from_yuan, yuan
from gongdao.web.desk.bars import columns
from gongdao.web.desk.day_field import read_day
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.payload import address_fields
from gongdao.web.desk.shop_choice import choose_shop

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller

DRAWN_DAYS = 30
FORMATS = ("csv", "xlsx", "parquet")


@for_callers
@require_GET
def money_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show how a shop stands and its statement of a day."""
    allow(caller, Verb.SEE_LEDGER)
    choice = choose_shop(request, caller)
    context: dict[str, Any] = {
        "choice": choice,
        "may_move": PERMISSIONS[Verb.MOVE_DEPOSIT].covers(caller.post),
        "formats": FORMATS,
    }
    if choice.chosen:
        context |= _standing(request, caller, choice.chosen)
    if choice.chosen and PERMISSIONS[Verb.SET_RETURN_ADDRESS].covers(caller.post):
        context["address"] = return_address.own_address(caller, choice.chosen)
        context["address_fields"] = address_fields(required=True)
    if PERMISSIONS[Verb.VERIFY].covers(caller.post):
        context["lacking"] = deposits.lacking(caller)
    return render(request, "desk/manage/shop_money.html", context)


def _standing(request: HttpRequest, caller: Caller, shop_id: str) -> dict[str, Any]:
    now = max(clocks_of(caller).values())
    day = read_day(request.GET.get("day", "")) or now.astimezone(BEIJING).date()
    series = [
        (f"{moved.day:%m-%d}", moved.moved_fen, f"{moved.day} ¥{yuan(moved.moved_fen)}")
        for moved in days_moved(caller, shop_id, day, DRAWN_DAYS)
    ]
    return {
        "deposit": deposits.deposit(caller, shop_id),
        "reserves": deposits.reserves(caller, shop_id),
        "statement": day_statement(caller, shop_id, day),
        "drawing": columns(series, _("How the shop's account moved, by day")),
        "moved": any(value for _label, value, _said in series),
        "days": DRAWN_DAYS,
        "now": now,
    }


@for_callers
@require_POST
def deposit_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Note what the merchant paid into his deposit or took out."""
    shop_id = request.POST.get("shop", "")
    amount = fen_from_yuan(request.POST.get("amount", ""), field="amount_fen")
    if request.POST.get("way") == "out":
        amount = -amount
    deposits.move_deposit(caller, shop_id, amount, request.POST.get("external_ref", ""))
    messages.success(request, _("Noted."))
    return redirect(f"{reverse('desk:shop_money')}?shop={shop_id}")


@for_callers
@require_POST
def address_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Give the shop a return address of its own."""
    given = request.POST.dict()
    shop_id = given.get("shop", "")
    address = {name: given.get(name, "") for name in ADDRESS}
    return_address.set_own_address(caller, shop_id, address)
    messages.success(request, _("The shop's return address counts from now on."))
    return redirect(f"{reverse('desk:shop_money')}?shop={shop_id}")
