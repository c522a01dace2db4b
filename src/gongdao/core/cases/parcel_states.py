"""Parcels of a case (案件的包裹): what their events change."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from gongdao.core.cases.events import Acted
from gongdao.core.cases.model import Case
from gongdao.core.cases.parcel_events import (
    ParcelEvent,
    ParcelLost,
    PickupMoved,
    PickupRequested,
    ReturnAddressGiven,
    ReturnInspected,
    ReturnReceived,
    ReturnSent,
)
from gongdao.core.kernel.words import Goods
from gongdao.core.remedies.parcel import PickupState, ReturnParcel, ReturnState


def carried(case: Case, event: ParcelEvent, version: int) -> Case:
    """Return the case after an event of its parcels."""
    match event:
        case ReturnAddressGiven():
            timers = case.timers if event.timers is None else event.timers
            return replace(case, version=version, return_address=event.address, timers=timers)
        case PickupRequested():
            return replace(case, version=version, pickups=(*case.pickups, event.pickup))
        case PickupMoved():
            return _picked_up(case, event, version)
        case ReturnSent():
            timers = case.timers if event.timers is None else event.timers
            kept = tuple(p for p in case.returns if p.number != event.parcel.number)
            returns = tuple(sorted((*kept, event.parcel), key=lambda p: p.number))
            return replace(case, version=version, returns=returns, timers=timers)
        case ReturnReceived():
            returns = tuple(
                replace(p, state=ReturnState.RECEIVED, received_at=event.at)
                if p.number == event.number
                else p
                for p in case.returns
            )
            return replace(case, version=version, returns=returns)
        case ReturnInspected():
            returns = tuple(
                replace(p, inspection=event.inspection) if p.number == event.parcel else p
                for p in case.returns
            )
            return replace(case, version=version, inspection=event.inspection, returns=returns)
        case ParcelLost():
            return _lost(case, event, version)
        case _:
            assert_never(event)


def with_return(case: Case, event: Acted) -> Case:
    """Return the case with the parcel that an action sent back, if it did."""
    number = event.payload.get("tracking_number")
    if event.goods is not Goods.IN_RETURN or not isinstance(number, str) or not number:
        return case
    carrier = event.payload.get("carrier")
    parcel = ReturnParcel(
        number=len(case.returns) + 1,
        tracking_number=number,
        carrier=carrier if isinstance(carrier, str) else "",
        sent_at=event.at,
    )
    return replace(case, returns=(*case.returns, parcel))


def _picked_up(case: Case, event: PickupMoved, version: int) -> Case:
    pickups = tuple(
        replace(
            p,
            state=event.state,
            tracking_number=event.tracking_number,
            freight_fen=event.freight_fen,
            note=event.note,
        )
        if p.number == event.number
        else p
        for p in case.pickups
    )
    case = replace(case, version=version, pickups=pickups)
    if event.state is not PickupState.COLLECTED:
        return case
    payer = next(p.paid_by for p in pickups if p.number == event.number)
    return replace(case, return_freight_fen=event.freight_fen, return_freight_paid_by=payer)


def _lost(case: Case, event: ParcelLost, version: int) -> Case:
    only = event.loss.parcel
    returns = tuple(
        replace(p, state=ReturnState.LOST)
        if p.state is ReturnState.SENT and only in (None, p.number)
        else p
        for p in case.returns
    )
    loss = event.loss if only is None else case.loss
    return replace(case, version=version, returns=returns, loss=loss)
