"""Several parcels of one order: how far that which is claimed has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.cases.facts import order_facts, order_stage
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.cases.outbound import reach
from gongdao.core.kernel.words import Reason
from gongdao.core.remedies.parcel import OutboundParcel, ParcelLine

T0 = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ORDER = Order(
    order_id="o1",
    shop_id="s",
    buyer_id="b",
    platform="taobao",
    payment="online",
    placed_at=T0 - 9 * DAY,
    paid_at=T0 - 9 * DAY,
    lines=(
        OrderLine(line_id="1", title="杯子", quantity=3, paid_fen=9000),
        OrderLine(line_id="2", title="茶叶", quantity=1, paid_fen=4001),
    ),
)


def parcel(number: str, shipped: int | None, signed: int | None, **lines: int) -> OutboundParcel:
    """Return a parcel shipped and signed for so many days after T0."""
    return OutboundParcel(
        tracking_number=number,
        lines=tuple(ParcelLine(line_id=n[1:], quantity=q) for n, q in lines.items()),
        shipped_at=None if shipped is None else T0 + shipped * DAY,
        signed_at=None if signed is None else T0 + signed * DAY,
    )


#: Two cups arrived, the third is under way, the tea has not left.
HALF = replace(ORDER, parcels=(parcel("A", 1, 3, l1=2), parcel("B", 2, None, l1=1)))


def test_what_has_not_left_is_unshipped_though_the_rest_is_under_way() -> None:
    tea = order_facts(HALF, T0 + 5 * DAY, {"2": 1})
    assert (tea["shipped"], tea["received"], tea["tracking_known"]) == (False, False, False)
    assert tea["order_stage"] == "preparing"
    assert "shipped_at" not in tea


def test_the_whole_order_is_shipped_with_its_first_parcel_but_not_at_any_instant() -> None:
    whole = order_facts(HALF, T0 + 5 * DAY)
    assert (whole["shipped"], whole["received"]) == (True, False)
    assert "shipped_at" not in whole
    assert order_stage(HALF, T0 + 5 * DAY) == "shipped"
    assert order_stage(HALF, T0) == "preparing"


def test_what_arrived_first_counts_for_a_fault_the_last_for_what_has_not_come() -> None:
    fault = order_facts(HALF, T0 + 5 * DAY, {"1": 1}, Reason.QUALITY)
    assert (fault["received"], fault["signed_at"]) == (True, T0 + 3 * DAY)
    missing = order_facts(HALF, T0 + 5 * DAY, {"1": 1}, Reason.NOT_RECEIVED)
    assert missing["received"] is False
    assert (missing["shipped_at"], "signed_at" in missing) == (T0 + 2 * DAY, False)


def test_an_order_has_arrived_with_its_last_parcel() -> None:
    done = replace(ORDER, parcels=(parcel("A", 1, 6, l1=3), parcel("B", 4, 5, l2=1)))
    assert reach(done).shipped_at == T0 + 4 * DAY
    assert reach(done).signed_at == T0 + 6 * DAY
    assert reach(done, {"2": 1}).signed_at == T0 + 5 * DAY


def test_parcels_of_unknown_content_count_for_every_claim() -> None:
    unknown = replace(ORDER, parcels=(parcel("A", 1, 2), parcel("B", 3, None)))
    assert reach(unknown, {"2": 1}).shipped_at == T0 + 3 * DAY
    assert reach(unknown, {"2": 1}).signed_at is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5))
def test_one_parcel_a_piece_all_is_there_when_the_last_is(days: list[tuple[int, int]]) -> None:
    line = OrderLine(line_id="1", title="", quantity=len(days), paid_fen=100)
    parcels = tuple(parcel(str(n), s, s + d, l1=1) for n, (s, d) in enumerate(days))
    come = reach(replace(ORDER, lines=(line,), parcels=parcels))
    assert come.left_at == T0 + min(s for s, _ in days) * DAY
    assert come.shipped_at == T0 + max(s for s, _ in days) * DAY
    assert come.signed_at == T0 + max(s + d for s, d in days) * DAY
