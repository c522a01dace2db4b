"""Outbound parcels (发货包裹): how far the goods that a claim is about have come.

An order may go in several parcels. What a claim reads as shipped and signed for is not the order's
but that of the parcels which carry the claimed quantities:

- some of it has left as soon as one such parcel has: then it is no unshipped order any more;
- `shipped_at` is when all of it had left, `signed_at` when all of it had arrived; unknown before;
- of several parcels with the same line the first to arrive count, for the buyer complains of what
  he has; in a claim about what has not come, the last.

Where the marketplace did not tell what is in each parcel, every parcel counts for every claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.model import Order
from gongdao.core.kernel.words import Reason
from gongdao.core.remedies.parcel import OutboundParcel

#: Reasons of a buyer who does not have the goods.
NOT_COME = frozenset(
    {
        Reason.NOT_RECEIVED,
        Reason.LATE_SHIPPING,
        Reason.FALSE_SHIPPING,
        Reason.OUT_OF_STOCK,
        Reason.MISSING_ITEM,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the goods of a claim have come."""

    left_at: datetime | None
    """When the first of them left."""
    shipped_at: datetime | None
    """When all of them had left; None: some have not."""
    signed_at: datetime | None
    """When all of them had arrived; None: some have not."""
    tracking_known: bool


def reach(
    order: Order, claimed: Mapping[str, int] | None = None, reason: Reason | None = None
) -> Reach:
    """Return how far `claimed` (line -> quantity) has come; None: the whole order."""
    if not order.parcels:
        return Reach(
            left_at=order.shipped_at,
            shipped_at=order.shipped_at,
            signed_at=order.signed_at,
            tracking_known=order.tracking_number is not None,
        )
    wanted = {li.line_id: li.quantity for li in order.lines} if claimed is None else claimed
    told = all(p.lines for p in order.parcels)
    mine = [
        p
        for p in order.parcels
        if not told or any(li.line_id in wanted and li.quantity for li in p.lines)
    ]
    last = reason in NOT_COME
    return Reach(
        left_at=min((p.shipped_at for p in mine if p.shipped_at is not None), default=None),
        shipped_at=_all_by(order, mine, wanted, "shipped_at", told=told, last=last),
        signed_at=_all_by(order, mine, wanted, "signed_at", told=told, last=last),
        tracking_known=bool(mine),
    )


def _all_by(
    order: Order,
    parcels: list[OutboundParcel],
    wanted: Mapping[str, int],
    step: str,
    *,
    told: bool,
    last: bool,
) -> datetime | None:
    """Return when the wanted quantity of every line had taken the step; None: not yet."""
    if not told:
        return _latest(getattr(p, step) for p in parcels)
    bought = {li.line_id: li.quantity for li in order.lines}
    return _latest(
        _line_by(parcels, line_id, bought[line_id] if last else quantity, step)
        for line_id, quantity in wanted.items()
        if quantity
    )


def _line_by(
    parcels: list[OutboundParcel], line_id: str, quantity: int, step: str
) -> datetime | None:
    """Return when so many of a line had taken the step."""
    taken = [
        (at, li.quantity)
        for p in parcels
        if (at := getattr(p, step)) is not None
        for li in p.lines
        if li.line_id == line_id
    ]
    done = 0
    for at, count in sorted(taken):
        done += count
        if done >= quantity:
            return at
    return None


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the instants; None when one is unknown, or there is none."""
    found = list(instants)
    known = [at for at in found if at is not None]
    return max(known) if known and len(known) == len(found) else None
