"""Door pick-up (上门取件): a courier comes for the goods; what he collects counts as sent."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, ReportPickup, RequestPickup
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Case, Plain
from gongdao.core.cases.parcel_events import PickupMoved, PickupRequested
from gongdao.core.cases.returning import address_unknown, awaits_return, state_of, way_back
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, NotAllowed
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Role, label
from gongdao.core.remedies.parcel import Pickup, PickupState
from gongdao.core.rulebook.processes import Action

#: Who may have whom pay the courier: nobody spends another's money, save an insurer's who agreed.
_PAYERS = {
    Role.BUYER: (Party.BUYER, Party.INSURER),
    Role.MERCHANT: (Party.MERCHANT,),
    Role.OPERATOR: (Party.PLATFORM, Party.INSURER),
}


def request_pickup(draft: Draft, command: RequestPickup) -> None:
    """Draft a request for a courier in a slot of time.

    Raises Conflict `pickup.not_now` when nothing is to be sent back, `pickup.under_way` when a
    courier is coming already, `return_address.unknown`; BadInput `pickup.bad_slot`,
    `pickup.bad_payer`.
    """
    _check_now(draft)
    _check_terms(draft, command)
    draft.add(
        PickupRequested(
            at=draft.now,
            pickup=Pickup(
                number=len(draft.case.pickups) + 1,
                slot_from=command.slot_from,
                slot_until=command.slot_until,
                pickup_address=command.pickup_address,
                contact_name=command.contact_name,
                contact_phone=command.contact_phone,
                paid_by=command.paid_by,
                by=command.by.role,
                actor=command.by.id,
                at=draft.now,
            ),
        )
    )


def _check_now(draft: Draft) -> None:
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if not awaits_return(case, draft.playbook):
        raise _conflict(
            "pickup.not_now",
            Text("目前没有待寄回的商品", "there is nothing to be sent back at the moment"),
        )
    if open_pickup(case) is not None:
        raise _conflict(
            "pickup.under_way",
            Text("已有待取件的预约", "a courier is coming already"),
            Text("请先取消原预约", "cancel that pick-up first"),
        )
    if case.return_address is None:
        raise address_unknown()


def _check_terms(draft: Draft, command: RequestPickup) -> None:
    if not draft.now < command.slot_until or not command.slot_from < command.slot_until:
        raise _bad(
            "pickup.bad_slot",
            "slot_until",
            Text(
                "取件时段须在将来，且开始早于结束", "the slot is to come, and ends after it begins"
            ),
        )
    payers = _PAYERS.get(command.by.role, ())
    if command.paid_by not in payers:
        raise _bad(
            "pickup.bad_payer",
            "paid_by",
            Text(
                f"您可选择的付费方：{'、'.join(label(p).zh for p in payers)}",
                f"you may choose: {', '.join(label(p).en for p in payers)}",
            ),
        )


def report_pickup(draft: Draft, command: ReportPickup) -> None:
    """Draft how the pick-up went; what was collected is sent back, in the buyer's name.

    Raises Conflict `pickup.none_open`; NotAllowed `pickup.not_yours` for a cancelling by anybody
    but who asked for it; BadInput `pickup.no_tracking`, `pickup.bad_freight`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    pickup = open_pickup(case)
    if pickup is None or pickup.number != command.number:
        raise _conflict(
            "pickup.none_open",
            Text("没有该待取件的预约", "there is no such pick-up to come"),
        )
    _check_report(command, pickup)
    draft.add(
        PickupMoved(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            number=command.number,
            state=command.state,
            tracking_number=command.tracking_number,
            freight_fen=command.freight_fen,
            note=command.note,
        )
    )
    if command.state is PickupState.COLLECTED:
        _send(draft, command, pickup)


def open_pickup(case: Case) -> Pickup | None:
    """Return the pick-up that is to come; None: there is none."""
    return next((p for p in case.pickups if p.state is PickupState.REQUESTED), None)


def _check_report(command: ReportPickup, pickup: Pickup) -> None:
    cancels = command.state is PickupState.CANCELLED
    if cancels and command.by.role not in (pickup.by, Role.OPERATOR):
        raise NotAllowed(
            Finding(
                code="pickup.not_yours",
                field="state",
                message=Text("只有预约人可以取消", "only who asked for it may cancel it"),
            )
        )
    if not cancels and command.by.role not in (Role.OPERATOR, Role.CARRIER):
        raise NotAllowed(
            Finding(
                code="pickup.not_yours",
                field="state",
                message=Text(
                    "取件结果由平台或承运商上报", "the platform or the carrier reports it"
                ),
            )
        )
    collected = command.state is PickupState.COLLECTED
    if collected and not command.tracking_number.strip():
        raise _bad(
            "pickup.no_tracking",
            "tracking_number",
            Text("请填写取件后的运单号", "give the tracking number of what was collected"),
        )
    if not 0 <= command.freight_fen <= (LARGEST_FEN if collected else 0):
        raise _bad(
            "pickup.bad_freight",
            "freight_fen",
            Text(
                "运费须为非负整数（分），且只在取件后填写",
                "freight is not negative, and paid for what was collected",
            ),
        )


def _send(draft: Draft, command: ReportPickup, pickup: Pickup) -> None:
    back = way_back(state_of(draft.case, draft.playbook))
    if back is None:
        raise _conflict(
            "pickup.not_now",
            Text("目前没有待寄回的商品", "there is nothing to be sent back at the moment"),
        )
    payload = _label(draft.case, command, pickup, back)
    for name in back.needs:
        if not str(payload.get(name, "")).strip():
            raise refusals.missing_field(back, name)
    do(draft, Step(AFTER_SALE, back, Actor(role=Role.BUYER, id=draft.case.order.buyer_id)), payload)
    close_if_done(draft)


def _label(case: Case, command: ReportPickup, pickup: Pickup, back: Action) -> dict[str, Plain]:
    """Return what the parcel shows, of what the process asks for: the courier printed it."""
    known: dict[str, Plain] = {
        "tracking_number": command.tracking_number,
        "order_number": case.order.order_id,
        "application_number": case.id,
        "customer_name": pickup.contact_name,
        "contact": pickup.contact_phone,
    }
    payload = {name: known[name] for name in back.needs if name in known}
    return {**payload, "carrier": command.carrier} if command.carrier else payload


def _conflict(code: str, message: Text, cure: Text | None = None) -> Conflict:
    return Conflict(Finding(code=code, message=message, cure=cure))


def _bad(code: str, field: str, message: Text) -> BadInput:
    return BadInput(Finding(code=code, field=field, message=message))
