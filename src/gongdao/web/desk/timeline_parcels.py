"""Parcels of a case (物流), said for the timeline: addresses, pick-ups, returns, losses."""

from __future__ import annotations

from typing import assert_never

from gongdao.core.cases.model import Plain
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
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import beijing
from gongdao.core.kernel.words import Role, label
from gongdao.core.remedies.parcel import CONDITION_LABELS, PICKUP_STATE_LABELS, ParcelLine
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import Input
from gongdao.web.desk.timeline_entry import Entry

Details = list[tuple[str, Plain, Input]]
_ADDRESS = Text("退货地址", "Return address")
_TRACKING = Text("运单号", "Tracking number")
_NOTE = Text("说明", "Note")


def said_of_parcels(event: ParcelEvent) -> Entry:
    """Say what happened to the parcels of a case, or to where they go."""
    match event:
        case ReturnAddressGiven():
            what, details = _address(event)
            return _entry(event, what, event.by, event.actor, details)
        case PickupRequested():
            what, details = _pickup(event)
            return _entry(event, what, event.pickup.by, event.pickup.actor, details)
        case PickupMoved():
            state = PICKUP_STATE_LABELS[event.state]
            what = Text(f"上门取件：{state.zh}", f"Door pick-up: {state.en}")
            given = ((_TRACKING, event.tracking_number), (_NOTE, event.note))
            moved: Details = [(wording(t), v, "line") for t, v in given if v]
            return _entry(event, what, event.by, event.actor, moved)
        case ReturnSent():
            number, lines = event.parcel.tracking_number, _lines(event.parcel.lines)
            what = Text(
                f"退货包裹 {event.parcel.number}：{number}{lines.zh}",
                f"Return parcel {event.parcel.number}: {number}{lines.en}",
            )
            return _entry(event, what, event.by, event.actor)
        case ReturnReceived():
            number = f"{event.number}"
            what = Text(f"商家收到退货包裹 {number}", f"Return parcel {number} received")
            return _entry(event, what, event.by, event.actor)
        case ReturnInspected():
            return _entry(event, _inspected(event), Role.MERCHANT, event.actor)
        case ParcelLost():
            return _entry(event, _lost(event), event.by, event.actor)
        case _:
            assert_never(event)


def _entry(
    event: ParcelEvent, what: Text, by: Role, actor: str, details: Details | None = None
) -> Entry:
    return Entry(
        at=event.at,
        kind="act",
        what=wording(what),
        who=wording(by),
        actor=actor,
        details=details or [],
    )


def _address(event: ReturnAddressGiven) -> tuple[Text, Details]:
    given = event.address
    what = (
        Text("退货地址：店铺默认地址", "Return address: the shop's own")
        if given.of_shop
        else Text("商家给出退货地址", "The merchant gave the return address")
    )
    words = (
        given.return_region, given.return_address, given.return_name, given.return_phone,
    )  # fmt: skip
    return what, [(wording(_ADDRESS), " ".join(w for w in words if w), "line")]


def _pickup(event: PickupRequested) -> tuple[Text, Details]:
    asked = event.pickup
    since, until = beijing(asked.slot_from), beijing(asked.slot_until)
    payer = label(asked.paid_by)
    what = Text(
        f"预约上门取件：{since} 至 {until}，运费由{payer.zh}付",
        f"Door pick-up asked for: {since} to {until} (Beijing), paid by the {payer.en}",
    )
    return what, []


def _inspected(event: ReturnInspected) -> Text:
    found = event.inspection
    condition = CONDITION_LABELS[found.condition]
    zh, en = f"商家验货：{condition.zh}", f"Inspected: {condition.en}"
    if event.parcel is not None and event.parcel > 1:
        zh, en = f"{zh}（包裹 {event.parcel}）", f"{en} (parcel {event.parcel})"
    if found.received is not None:
        came = _lines(found.received)
        zh, en = f"{zh}，实收{came.zh or ' 0 件'}", f"{en}, received{came.en or ': nothing'}"
    if found.charged_fen:
        charged = yuan(found.charged_fen)
        zh, en = f"{zh}，赠品未退扣 {charged} 元", f"{en}; {charged} yuan for gifts kept"
    return Text(zh, en)


def _lost(event: ParcelLost) -> Text:
    if event.loss.parcel is None:
        return Text("包裹丢失，承运商已确认", "The parcel is lost, by the carrier's own record")
    return Text(
        f"退货包裹 {event.loss.parcel} 丢失，承运商已确认",
        f"Return parcel {event.loss.parcel} is lost, by the carrier's own record",
    )


def _lines(lines: tuple[ParcelLine, ...]) -> Text:
    if not lines:
        return Text("", "")
    said = "、".join(f"{li.line_id}×{li.quantity}" for li in lines)
    return Text(f"（{said}）", f" ({said.replace('、', ', ')})")
