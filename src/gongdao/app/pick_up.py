"""Door pick-up (上门取件): have a courier come for the goods; say how it went."""

from __future__ import annotations

from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import ReportPickup, RequestPickup
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.parcel import PickupState


def request_pickup(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    *,
    slot_from: datetime,
    slot_until: datetime,
    pickup_address: str,
    contact_name: str,
    contact_phone: str,
    paid_by: Party,
    key: str,
    now: datetime | None = None,
) -> Outcome:
    """Have a courier come for the goods between two instants. Raises Refused."""
    words = {
        "pickup_address": pickup_address,
        "contact_name": contact_name,
        "contact_phone": contact_phone,
    }
    for name, text in words.items():
        check_text(text, name)
        if not text.strip():
            raise _bad(name, Text("请填写取件地址与联系人", "say where to come and whom to meet"))
    for name, instant in (("slot_from", slot_from), ("slot_until", slot_until)):
        if instant.tzinfo is None:
            raise _bad(name, Text("时刻须带时区", "an instant needs an offset"))
    request = Request(
        caller=caller,
        verb=Verb.REQUEST_PICKUP,
        case_id=case_id,
        key=key,
        content={**words, "slot_from": slot_from, "slot_until": slot_until, "paid_by": paid_by},
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: RequestPickup(
            slot_from=slot_from,
            slot_until=slot_until,
            pickup_address=pickup_address,
            contact_name=contact_name,
            contact_phone=contact_phone,
            paid_by=paid_by,
            by=caller.actor,
        ),
    )


def report_pickup(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    number: int,
    state: PickupState,
    *,
    key: str,
    tracking_number: str = "",
    carrier: str = "",
    freight_fen: int = 0,
    note: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Say that the courier collected the goods or did not, or that the pick-up is cancelled.

    What was collected counts as sent back. Raises Refused.
    """
    for name, text in (("tracking_number", tracking_number), ("carrier", carrier), ("note", note)):
        check_text(text, name)
    report = {
        "number": number,
        "state": state,
        "tracking_number": tracking_number,
        "carrier": carrier,
        "freight_fen": freight_fen,
        "note": note,
    }
    request = Request(
        caller=caller,
        verb=Verb.REPORT_PICKUP,
        case_id=case_id,
        key=key,
        content=report,
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: ReportPickup(
            number=number,
            state=state,
            tracking_number=tracking_number.strip(),
            carrier=carrier,
            freight_fen=freight_fen,
            note=note,
            by=caller.actor,
        ),
    )


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="pickup.bad_request", field=field, message=message))
