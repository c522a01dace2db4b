"""Check parcels (核对包裹): an order's parcels hold what was bought, each once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from gongdao.app.plain_values import check_text
from gongdao.core.cases.model import Order
from gongdao.core.cases.outbound import reach
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.remedies.parcel import OutboundParcel


def check_parcels(order: Order) -> None:
    """Raise BadInput `order.bad_parcel` for parcels that cannot be those of the order.

    A tracking number names one parcel; a parcel holds lines of the order, all parcels together no
    more of a line than was bought; it is signed for after it was sent.
    """
    bought = {line.line_id: line.quantity for line in order.lines}
    sent: Counter[str] = Counter()
    seen: set[str] = set()
    for index, parcel in enumerate(order.parcels):
        here = f"parcels.{index}"
        check_text(parcel.tracking_number, f"{here}.tracking_number")
        check_text(parcel.carrier, f"{here}.carrier")
        if not parcel.tracking_number.strip() or parcel.tracking_number in seen:
            raise _bad(
                f"{here}.tracking_number",
                Text("运单号须填写且不能重复", "each parcel has a tracking number of its own"),
            )
        seen.add(parcel.tracking_number)
        _check_instants(parcel, here)
        for line in parcel.lines:
            sent[line.line_id] += line.quantity
            most = bought.get(line.line_id, 0)
            if line.quantity < 1 or sent[line.line_id] > most:
                raise _bad(
                    f"{here}.lines",
                    Text(
                        f"子订单 {line.line_id} 只购买了 {most} 件",
                        f"{most} of line `{line.line_id}` were bought",
                    ),
                )


def _check_instants(parcel: OutboundParcel, here: str) -> None:
    for name in ("shipped_at", "signed_at"):
        instant = getattr(parcel, name)
        if instant is not None and instant.tzinfo is None:
            raise _bad(f"{here}.{name}", Text("时刻须带时区", "an instant needs an offset"))
    shipped, signed = parcel.shipped_at, parcel.signed_at
    if signed is not None and (shipped is None or signed < shipped):
        raise _bad(
            f"{here}.signed_at",
            Text("签收须晚于发货", "a parcel is signed for after it was sent"),
        )


def with_reach(order: Order) -> Order:
    """Return the order with what its parcels show of it as a whole, where it was not told.

    It is shipped with the first parcel, signed for with the last; a single parcel's tracking
    number is the order's.
    """
    if not order.parcels:
        return order
    come = reach(order)
    single = order.parcels[0].tracking_number if len(order.parcels) == 1 else None
    return replace(
        order,
        shipped_at=order.shipped_at or come.left_at,
        signed_at=order.signed_at or come.signed_at,
        tracking_number=order.tracking_number or single,
    )


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="order.bad_parcel", field=field, message=message))
