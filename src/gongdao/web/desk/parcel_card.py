"""Parcel card (包裹卡片): where goods go back to, pick-ups, parcels on the way and come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.translation import gettext as _

from gongdao.core.kernel.words import Party, Role
from gongdao.core.remedies.parcel import (
    CONDITION_LABELS,
    PICKUP_STATE_LABELS,
    RETURN_STATE_LABELS,
    LabelItem,
    PickupState,
    ReturnState,
)
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller
    from gongdao.app.queries.dealings import Dealings
    from gongdao.core.cases.model import Case
    from gongdao.core.remedies.parcel import Pickup, ReturnAddress, ReturnParcel

_TAGS = {ReturnState.SENT: "warn", ReturnState.RECEIVED: "good", ReturnState.LOST: "bad"}


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """A return parcel."""

    parcel: ReturnParcel
    state: str
    tag: str
    lines: str
    found: str
    """What the inspection found."""
    may_receive: bool
    key: str


@dataclass(frozen=True, slots=True)
class PickupShown:
    """A door pick-up."""

    pickup: Pickup
    state: str
    reports: list[tuple[str, str]]
    """How the reader may say that it went; empty when he may not."""
    key: str


@dataclass(frozen=True, slots=True)
class ParcelCard:
    """What stands about the way back, and what the forms ask."""

    address: ReturnAddress | None
    returns: list[ReturnShown]
    pickups: list[PickupShown]
    open_to: Dealings
    conditions: list[tuple[str, str]]
    label_items: list[tuple[str, str]]
    gifts: list[tuple[str, str]]
    """Gifts with a price marked beforehand: line id and title."""
    claimed: list[tuple[str, str, int]]
    """Claimed lines: id, title, quantity."""
    payers: list[tuple[str, str]]
    key: str


def parcel_card(caller: Caller, case: Case, open_to: Dealings) -> ParcelCard | None:
    """Return the card; None where there is nothing to tell and nothing to do."""
    forms = (
        open_to.inspect, open_to.report_lost, open_to.send_more, open_to.give_address,
        open_to.ask_pickup,
    )  # fmt: skip
    if not any(forms) and not case.returns and not case.pickups and case.return_address is None:
        return None
    titles = {line.line_id: line.title for line in case.order.lines}
    return ParcelCard(
        address=case.return_address,
        returns=[_return(parcel, titles, open_to) for parcel in case.returns],
        pickups=[_pickup(caller, pickup, open_to) for pickup in case.pickups],
        open_to=open_to,
        conditions=[(c.value, wording(text)) for c, text in CONDITION_LABELS.items()],
        label_items=list(_label_items().items()),
        gifts=[
            (line.line_id, line.title)
            for line in case.order.lines
            if line.gift and line.own_price_fen is not None
        ],
        claimed=[
            (c.line_id, titles.get(c.line_id, c.line_id), c.quantity) for c in case.claim_lines
        ],
        payers=_payers(caller),
        key=str(uuid4()),
    )


def _label_items() -> dict[str, str]:
    return {
        LabelItem.ORDER.value: _("the order number"),
        LabelItem.REQUEST.value: _("the number of the request"),
        LabelItem.NAME.value: _("the name"),
        LabelItem.CONTACT.value: _("the contact"),
    }


def _return(parcel: ReturnParcel, titles: dict[str, str], open_to: Dealings) -> ReturnShown:
    inspection = parcel.inspection
    return ReturnShown(
        parcel=parcel,
        state=wording(RETURN_STATE_LABELS[parcel.state]),
        tag=_TAGS[parcel.state],
        lines=_(", ").join(
            f"{titles.get(line.line_id, line.line_id)} × {line.quantity}" for line in parcel.lines
        ),
        found=wording(CONDITION_LABELS[inspection.condition]) if inspection else "",
        may_receive=parcel.number in open_to.receivable,
        key=str(uuid4()),
    )


def _pickup(caller: Caller, pickup: Pickup, open_to: Dealings) -> PickupShown:
    reports: list[tuple[str, str]] = []
    if pickup.state is PickupState.REQUESTED and open_to.report_pickup:
        ways = [PickupState.CANCELLED] if caller.role in (pickup.by, Role.OPERATOR) else []
        if caller.role is Role.OPERATOR:
            ways = [PickupState.COLLECTED, PickupState.FAILED, *ways]
        reports = [(state.value, wording(PICKUP_STATE_LABELS[state])) for state in ways]
    return PickupShown(pickup, wording(PICKUP_STATE_LABELS[pickup.state]), reports, str(uuid4()))


def _payers(caller: Caller) -> list[tuple[str, str]]:
    mine = {
        Role.BUYER: (Party.BUYER, Party.INSURER),
        Role.MERCHANT: (Party.MERCHANT,),
    }.get(caller.role, (Party.PLATFORM, Party.INSURER))
    return [(party.value, wording(party)) for party in mine]
