"""Orders told with several parcels: what is refused, what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gongdao.app.intake_orders import intake
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.words import Claim, Goods, Reason
from gongdao.core.remedies.parcel import OutboundParcel, ParcelLine
from gongdao.store.connection import transaction
from gongdao.store.orders import find_order
from tests.app.world import DAY, MARKET, SHOP, T0, a_marketplace, an_order, everything_holds, opened

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

FIRST = OutboundParcel(
    tracking_number="SF1",
    carrier="顺丰",
    lines=(ParcelLine(line_id="1", quantity=2),),
    shipped_at=T0 - 3 * DAY,
    signed_at=T0 - DAY,
)
SECOND = OutboundParcel(
    tracking_number="SF2", lines=(ParcelLine(line_id="2", quantity=1),), shipped_at=T0 - 2 * DAY
)
NOT_TOLD = {"shipped_at": None, "signed_at": None, "tracking_number": None}


def told(*parcels: OutboundParcel, **changes: object) -> tuple[str, str | None] | None:
    a_marketplace("taobao")
    order = an_order(1, platform="taobao", parcels=parcels, **(NOT_TOLD | changes))
    report = intake(MARKET, [order])
    if report.new:
        return None
    ((refused,)) = report.refused
    return refused.finding.code, refused.finding.field


def test_an_order_is_shipped_with_the_first_and_signed_for_with_the_last(db: Address) -> None:
    assert told(FIRST, SECOND) is None
    with transaction() as on:
        known = find_order(on, SHOP, "o1", lock=False)
    assert known is not None
    assert (known.order.shipped_at, known.order.signed_at) == (T0 - 3 * DAY, None)
    assert known.order.parcels == (FIRST, SECOND)
    came = opened(claim=Claim.RETURN_REFUND, lines=[LineAsked(line_id="1", quantity=1)])
    assert came.goods is Goods.WITH_BUYER
    under_way = opened(
        reason=Reason.NOT_RECEIVED, lines=[LineAsked(line_id="2", quantity=1)], key="other"
    )
    assert under_way.goods is Goods.IN_TRANSIT
    everything_holds()


@pytest.mark.parametrize(
    ("second", "field"),
    [
        (OutboundParcel(tracking_number="SF1"), "parcels.1.tracking_number"),
        (OutboundParcel(tracking_number=" "), "parcels.1.tracking_number"),
        (OutboundParcel(tracking_number="B", signed_at=T0), "parcels.1.signed_at"),
        (OutboundParcel(tracking_number="B", shipped_at=T0.replace(tzinfo=None)),
         "parcels.1.shipped_at"),
        (OutboundParcel(tracking_number="B", lines=(ParcelLine(line_id="1", quantity=1),)),
         "parcels.1.lines"),
        (OutboundParcel(tracking_number="B", lines=(ParcelLine(line_id="9", quantity=1),)),
         "parcels.1.lines"),
    ],
)  # fmt: skip
def test_parcels_that_cannot_be_the_orders_are_refused(
    db: Address, second: OutboundParcel, field: str
) -> None:
    assert told(FIRST, second) == ("order.bad_parcel", field)
