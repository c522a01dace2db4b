"""Take in parcels (接入包裹): what carriers tell of the parcels of orders known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gongdao.app.check_parcels import with_reach
from gongdao.app.import_batch import ImportTarget, row_error
from gongdao.app.intake_orders import check_order, intake
from gongdao.app.permissions import ORDER, not_visible
from gongdao.core.cases.model import Order
from gongdao.core.kernel.findings import Refused
from gongdao.core.remedies.parcel import OutboundParcel, ParcelLine
from gongdao.store.connection import transaction
from gongdao.store.imports import RowError
from gongdao.store.orders import lock_orders


class Step(StrEnum):
    """What a carrier tells of a parcel (物流节点)."""

    SHIPPED = "shipped"
    """The carrier has it (揽收)."""
    IN_TRANSIT = "in_transit"
    """It goes on; nothing of the order changes."""
    SIGNED = "signed"
    """It was signed for (签收)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTold:
    """One step of one parcel of an order, and perhaps one of the lines in it."""

    shop_id: str
    order_id: str
    tracking_number: str
    step: Step
    at: datetime
    carrier: str = ""
    line: ParcelLine | None = None


def take_parcels(target: ImportTarget, items: Sequence[tuple[int, ParcelTold]]) -> list[RowError]:
    """Let the orders follow what is told of their parcels; a row that cannot be is an error.

    Runs in the caller's transaction. Rows of one order are taken by their time, whatever their
    order in the file.
    """
    by_order: dict[tuple[str, str], list[tuple[int, ParcelTold]]] = {}
    for row, told in items:
        by_order.setdefault((told.shop_id, told.order_id), []).append((row, told))
    errors: list[RowError] = []
    changed: dict[tuple[str, str], tuple[int, Order]] = {}
    with transaction() as on:
        known = {
            (k.order.shop_id, k.order.order_id): k.order
            for k in lock_orders(on, sorted(by_order))
            if k.marketplace_id == target.marketplace_id
        }
    for key, rows in by_order.items():
        if key not in known:
            finding = not_visible(ORDER, "order_id").findings[0]
            errors.extend(row_error(row, finding) for row, _ in rows)
            continue
        order, found = _follow(known[key], rows)
        errors.extend(found)
        changed[key] = (rows[0][0], order)
    report = intake(target.marketplace_id, (order for _, order in changed.values()), watch=True)
    errors.extend(row_error(changed[r.shop_id, r.order_id][0], r.finding) for r in report.refused)
    return errors


def _follow(order: Order, rows: Iterable[tuple[int, ParcelTold]]) -> tuple[Order, list[RowError]]:
    errors: list[RowError] = []
    for row, told in sorted(rows, key=lambda pair: pair[1].at):
        try:
            after = with_parcel(order, told)
            check_order(after)
        except Refused as refusal:
            errors.append(row_error(row, refusal.findings[0]))
        else:
            order = after
    return order, errors


def with_parcel(order: Order, told: ParcelTold) -> Order:
    """Return the order after what was told of one of its parcels.

    An order that was told as one parcel, by its own tracking number, has that parcel.
    """
    parcels = {parcel.tracking_number: parcel for parcel in _parcels(order)}
    before = parcels.get(told.tracking_number) or OutboundParcel(
        tracking_number=told.tracking_number
    )
    after = replace(before, carrier=told.carrier or before.carrier, lines=_lines(before, told.line))
    if told.step is Step.SHIPPED:
        after = replace(after, shipped_at=told.at)
    elif told.step is Step.SIGNED:
        after = replace(after, signed_at=told.at)
    parcels[told.tracking_number] = after
    return with_reach(replace(order, parcels=tuple(parcels.values())))


def _parcels(order: Order) -> tuple[OutboundParcel, ...]:
    if order.parcels or order.tracking_number is None:
        return order.parcels
    return (
        OutboundParcel(
            tracking_number=order.tracking_number,
            shipped_at=order.shipped_at,
            signed_at=order.signed_at,
        ),
    )


def _lines(parcel: OutboundParcel, line: ParcelLine | None) -> tuple[ParcelLine, ...]:
    if line is None:
        return parcel.lines
    others = tuple(li for li in parcel.lines if li.line_id != line.line_id)
    return (*others, line)
