"""Parcels from pages (退货物流): addresses, pick-ups, parcels sent, received, inspected, lost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app import handle_parcels, pick_up, return_address
from gongdao.core.cases.returning import ADDRESS
from gongdao.core.kernel.calendar import BEIJING
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.parcel import Condition, LabelItem, ParcelLine, PickupState
from gongdao.web.desk.confirming import to_case, version_in
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller

W = TypeVar("W", bound="StrEnum")
_MOST_DIGITS = 6


@for_callers
@require_POST
def inspect_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Record what was in a returned parcel."""
    given = request.POST.dict()
    handle_parcels.inspect_return(
        caller,
        str(case_id),
        _chosen(Condition, given, "condition"),
        key=given.get("key", ""),
        missing_gifts=request.POST.getlist("missing_gifts"),
        label_lacks=[
            _chosen(LabelItem, {"label_lacks": item}, "label_lacks")
            for item in request.POST.getlist("label_lacks")
        ],
        evidence=request.POST.getlist("evidence"),
        note=given.get("note", "").strip(),
        parcel=_number(given, "parcel"),
        received=_lines(given, "received.") or None,
        expected_version=version_in(request),
    )
    messages.success(request, _("The inspection is on record."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def lost_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Report a parcel under way as lost."""
    given = request.POST.dict()
    handle_parcels.report_lost(
        caller,
        str(case_id),
        given.get("proof", "").strip(),
        parcel=_number(given, "parcel"),
        key=given.get("key", ""),
    )
    messages.success(request, _("The loss is on record."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def send_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Send a further parcel back."""
    given = request.POST.dict()
    handle_parcels.send_return(
        caller,
        str(case_id),
        given.get("tracking_number", "").strip(),
        carrier=given.get("carrier", "").strip(),
        lines=_lines(given, "line."),
        key=given.get("key", ""),
    )
    messages.success(request, _("The parcel is on record."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def receive_page(request: HttpRequest, caller: Caller, case_id: str, parcel: int) -> HttpResponse:
    """Say that one of the return parcels has arrived."""
    handle_parcels.receive_return(caller, str(case_id), parcel, key=request.POST.get("key", ""))
    messages.success(request, _("The arrival is on record."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def address_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Say where the goods of the case go back to."""
    given = request.POST.dict()
    return_address.give_return_address(
        caller,
        str(case_id),
        {name: given.get(name, "") for name in ADDRESS},
        key=given.get("key", ""),
    )
    messages.success(request, _("The buyer reads the return address now."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def pickup_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Have a courier come for the goods."""
    given = request.POST.dict()
    pick_up.request_pickup(
        caller,
        str(case_id),
        slot_from=_instant(given, "slot_from"),
        slot_until=_instant(given, "slot_until"),
        pickup_address=given.get("pickup_address", "").strip(),
        contact_name=given.get("contact_name", "").strip(),
        contact_phone=given.get("contact_phone", "").strip(),
        paid_by=_chosen(Party, given, "paid_by"),
        key=given.get("key", ""),
    )
    messages.success(request, _("The courier is asked to come."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def report_page(request: HttpRequest, caller: Caller, case_id: str, number: int) -> HttpResponse:
    """Say that the courier collected the goods or did not, or that he need not come."""
    given = request.POST.dict()
    freight = given.get("freight_fen", "").strip()
    pick_up.report_pickup(
        caller,
        str(case_id),
        number,
        _chosen(PickupState, given, "state"),
        tracking_number=given.get("tracking_number", "").strip(),
        carrier=given.get("carrier", "").strip(),
        freight_fen=fen_from_yuan(freight, field="freight_fen") if freight else 0,
        note=given.get("note", "").strip(),
        key=given.get("key", ""),
    )
    messages.success(request, _("Noted."))
    return to_case(request, str(case_id))


def _chosen(words: type[W], given: Mapping[str, str], name: str) -> W:
    try:
        return words(given.get(name, ""))
    except ValueError:
        raise _invalid(name, Text("请选择一项", "choose one")) from None


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _lines(given: Mapping[str, str], prefix: str) -> tuple[ParcelLine, ...]:
    """Return the quantities entered; none where every field was left empty."""
    found: list[ParcelLine] = []
    for name, text in given.items():
        if not name.startswith(prefix) or not text.strip():
            continue
        if not text.isdecimal() or len(text) > _MOST_DIGITS:
            raise _invalid(name, Text("数量须为整数", "a quantity is a whole number"))
        found.append(ParcelLine(line_id=name.removeprefix(prefix), quantity=int(text)))
    return tuple(found)


def _instant(given: Mapping[str, str], name: str) -> datetime:
    try:
        return datetime.fromisoformat(given.get(name, "")).replace(tzinfo=BEIJING)
    except ValueError:
        raise _invalid(name, Text("请填写日期和时间", "give a date and a time")) from None


def _invalid(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="input.invalid", field=field, message=message))
