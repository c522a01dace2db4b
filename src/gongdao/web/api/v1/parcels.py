"""Parcels (退货物流): addresses, pick-ups, parcels sent back, inspections and losses."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StrictInt

from gongdao.app import handle_parcels, pick_up, return_address
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.parcel import (
    Condition,
    LabelItem,
    ParcelLine,
    PickupState,
    ReturnAddress,
)
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey, IfMatch, version
from gongdao.web.api.v1.case_shapes import OutcomeOut, outcome_out
from gongdao.web.api.v1.dealing_shapes import ReturnAddressOut

router = Router(tags=["parcels"])
shops = Router(tags=["parcels"])


class QuantityIn(Schema):
    """How many of an order line."""

    model_config = ConfigDict(extra="forbid")

    line_id: str
    quantity: StrictInt


class InspectionIn(Schema):
    """What was in the returned parcel, and what its label lacked."""

    model_config = ConfigDict(extra="forbid")

    condition: Literal["intact", "damaged", "wrong_goods", "empty"]
    missing_gifts: list[str] = Field(
        default_factory=list, description="Lines of gifts that did not come back."
    )
    label_lacks: list[Literal["order", "request", "name", "contact"]] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    note: str = ""
    parcel: StrictInt | None = Field(
        default=None, description="Which return parcel; needed when there are several."
    )
    received: list[QuantityIn] | None = Field(
        default=None,
        description="What of the claimed goods was in it; left out: all that was to be. What is"
        " missing needs evidence and is not refunded.",
    )


class LossIn(Schema):
    """The carrier's own record of the loss."""

    model_config = ConfigDict(extra="forbid")

    proof: str
    parcel: StrictInt | None = Field(
        default=None, description="One of several return parcels; left out: all under way."
    )


class ReturnIn(Schema):
    """A parcel sent back."""

    model_config = ConfigDict(extra="forbid")

    tracking_number: str
    carrier: str = ""
    lines: list[QuantityIn] = Field(default_factory=list, description="What is in it.")
    return_freight_fen: StrictInt | None = Field(
        default=None, description="What the buyer paid for the first parcel."
    )
    label: dict[str, str] = Field(
        default_factory=dict,
        description="What else the process asks for with the first parcel: `order_number`, …",
    )


class ReturnAddressIn(Schema):
    """Where the goods go back to."""

    model_config = ConfigDict(extra="forbid")

    return_name: str
    return_phone: str
    return_region: str
    return_address: str


class PickupIn(Schema):
    """When a courier is to come, where, and who pays him."""

    model_config = ConfigDict(extra="forbid")

    slot_from: AwareDatetime
    slot_until: AwareDatetime
    pickup_address: str
    contact_name: str
    contact_phone: str
    paid_by: Literal["buyer", "merchant", "platform", "insurer"] = "buyer"


class PickupReportIn(Schema):
    """How the pick-up went; what was collected counts as sent back."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["collected", "failed", "cancelled"]
    tracking_number: str = ""
    carrier: str = ""
    freight_fen: StrictInt = Field(default=0, description="What the courier was paid.")
    note: str = ""


@router.post("/{case_id}/inspection", response=OutcomeOut, summary="Inspect what came back")
def inspect(
    request: HttpRequest,
    case_id: str,
    body: InspectionIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Record the condition of the returned goods; missing gifts are charged as marked."""
    outcome = handle_parcels.inspect_return(
        caller(request),
        case_id,
        Condition(body.condition),
        key=key,
        missing_gifts=body.missing_gifts,
        label_lacks=[LabelItem(item) for item in body.label_lacks],
        evidence=body.evidence,
        note=body.note,
        parcel=body.parcel,
        received=None if body.received is None else _lines(body.received),
        expected_version=version(if_match),
    )
    return outcome_out(outcome)


@router.post("/{case_id}/loss", response=OutcomeOut, summary="Report a parcel as lost")
def lose(request: HttpRequest, case_id: str, body: LossIn, key: IdempotencyKey) -> dict[str, Any]:
    """End the request with the refund that follows from the loss; the carrier bears it.

    One of several return parcels is noted, and borne by the carrier when the rest is refunded. Once
    the merchant was made to pay for what was lost, the carrier makes him whole.
    """
    outcome = handle_parcels.report_lost(
        caller(request), case_id, body.proof, parcel=body.parcel, key=key
    )
    return outcome_out(outcome)


@router.post("/{case_id}/returns", response=OutcomeOut, summary="Send a parcel back")
def send(
    request: HttpRequest,
    case_id: str,
    body: ReturnIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Send back, in one parcel or in several; the same number again says what is in it."""
    outcome = handle_parcels.send_return(
        caller(request),
        case_id,
        body.tracking_number,
        key=key,
        carrier=body.carrier,
        lines=_lines(body.lines),
        return_freight_fen=body.return_freight_fen,
        label=dict(body.label),
        expected_version=version(if_match),
    )
    return outcome_out(outcome)


@router.post(
    "/{case_id}/returns/{parcel}/receipt", response=OutcomeOut, summary="Receive a return parcel"
)
def receive(request: HttpRequest, case_id: str, parcel: int, key: IdempotencyKey) -> dict[str, Any]:
    """Say that one of the return parcels has arrived; the refund waits for the last."""
    return outcome_out(handle_parcels.receive_return(caller(request), case_id, parcel, key=key))


@router.post("/{case_id}/return-address", response=OutcomeOut, summary="Give the return address")
def give_address(
    request: HttpRequest,
    case_id: str,
    body: ReturnAddressIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Say where the goods of the case go back to; the buyer who waited for it has his time anew."""
    outcome = return_address.give_return_address(
        caller(request), case_id, body.model_dump(), key=key, expected_version=version(if_match)
    )
    return outcome_out(outcome)


@router.post("/{case_id}/pickups", response=OutcomeOut, summary="Ask for a door pick-up")
def ask_pickup(
    request: HttpRequest, case_id: str, body: PickupIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Have a courier come. Buyers pay or are insured; merchants pay; the platform does."""
    given = body.model_dump(exclude={"paid_by"})
    outcome = pick_up.request_pickup(
        caller(request), case_id, paid_by=Party(body.paid_by), key=key, **given
    )
    return outcome_out(outcome)


@router.post(
    "/{case_id}/pickups/{number}/report", response=OutcomeOut, summary="Report a door pick-up"
)
def tell_pickup(
    request: HttpRequest, case_id: str, number: int, body: PickupReportIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Say that it was collected, failed (the platform's word), or is cancelled."""
    given = body.model_dump(exclude={"state"})
    outcome = pick_up.report_pickup(
        caller(request), case_id, number, PickupState(body.state), key=key, **given
    )
    return outcome_out(outcome)


@shops.get(
    "/{shop_id}/return-address",
    response=ReturnAddressOut | None,
    summary="A shop's own return address",
)
def get_own_address(request: HttpRequest, shop_id: str) -> ReturnAddress | None:
    """Return where the shop takes goods back unless a case says otherwise; null: it gave none."""
    return return_address.own_address(caller(request), shop_id)


@shops.put(
    "/{shop_id}/return-address", response=ReturnAddressOut, summary="Set a shop's return address"
)
def set_own_address(request: HttpRequest, shop_id: str, body: ReturnAddressIn) -> ReturnAddress:
    """Give the shop a return address; the owner's alone. The same again does no harm: no key."""
    return return_address.set_own_address(caller(request), shop_id, body.model_dump())


def _lines(given: list[QuantityIn]) -> tuple[ParcelLine, ...]:
    return tuple(ParcelLine(line_id=li.line_id, quantity=li.quantity) for li in given)
