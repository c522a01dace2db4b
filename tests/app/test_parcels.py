"""Return logistics: inspections, missing gifts, lost parcels; bundles taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.app.act import act
from gongdao.app.handle_parcels import inspect_return, report_lost
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import OrderLine
from gongdao.core.cases.part_return import bundle_refund_fen
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed
from gongdao.core.kernel.words import Claim, Goods, Reason
from gongdao.core.remedies.parcel import Condition, LabelItem
from tests.app.world import (
    BUYER,
    HOUR,
    MERCHANT,
    OPERATOR,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

if TYPE_CHECKING:
    from gongdao.core.cases.model import Case
    from gongdao.store.postgres import Address

GIFTED = (
    OrderLine(line_id="1", title="茶具", quantity=1, paid_fen=20000),
    OrderLine(line_id="g", title="茶巾", quantity=1, paid_fen=0, own_price_fen=1500, gift=True),
)


def on_the_way_back(**changes: object) -> Case:
    case = opened(claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON, **changes)
    act(MERCHANT, case.id, "agree", key="a", now=T0)
    return act(
        BUYER, case.id, "ship_return", {"tracking_number": "SF2"}, key="s", now=T0 + HOUR
    ).case


def moved(case: Case) -> list[tuple[str, str, int, str]]:
    return [
        (t.giver.value, t.taker.value, t.amount_fen, t.purpose.value)
        for g in case.grants
        for t in g.transfers
    ]


@pytest.mark.parametrize("platform", ["taobao", "jd"])
def test_a_gift_kept_is_charged_at_its_marked_price(db: Address, platform: str) -> None:
    with_orders(1, platform=platform, lines=GIFTED, freight_fen=0)
    case = on_the_way_back()
    found = inspect_return(
        MERCHANT, case.id, Condition.INTACT, key="i", missing_gifts=["g", "g"],
        label_lacks=[LabelItem.REQUEST], now=T0 + 2 * HOUR,
    ).case  # fmt: skip
    assert found.inspection is not None
    assert (found.inspection.charged_fen, found.inspection.missing_gifts) == (1500, ("g",))
    done = act(MERCHANT, case.id, "confirm_receipt", key="c", now=T0 + 3 * HOUR).case
    assert moved(done) == [("merchant", "buyer", 18500, "goods")]
    everything_holds()


@pytest.mark.parametrize("line", ["1", "nothing"])
def test_only_gifts_with_a_marked_price_are_charged(db: Address, line: str) -> None:
    with_orders(1, platform="taobao", lines=GIFTED)
    case = on_the_way_back()
    with pytest.raises(BadInput, match=r"parcel\.bad_inspection"):
        inspect_return(
            MERCHANT, case.id, Condition.DAMAGED, key="i", missing_gifts=[line], now=T0 + HOUR
        )


def test_nothing_to_inspect_and_nothing_to_lose_before_a_parcel(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.RETURN_REFUND)
    with pytest.raises(Conflict, match=r"parcel\.nothing_back"):
        inspect_return(MERCHANT, case.id, Condition.EMPTY, key="i", now=T0)
    with pytest.raises(Conflict, match=r"parcel\.none_under_way"):
        report_lost(OPERATOR, case.id, "顺丰丢件证明", key="l", now=T0)
    with pytest.raises(NotAllowed, match=r"permission\.role"):
        report_lost(MERCHANT, case.id, "x", key="m", now=T0)
    with pytest.raises(BadInput, match=r"parcel\.no_proof"):
        report_lost(OPERATOR, case.id, " ", key="n", now=T0)


def test_a_parcel_lost_on_the_way_back_is_the_carriers(db: Address) -> None:
    with_orders(1)
    case = on_the_way_back()
    done = report_lost(OPERATOR, case.id, "顺丰丢件证明", key="l", now=T0 + HOUR).case
    assert (done.outcome, done.goods) == ("returned_refunded", Goods.LOST)
    assert moved(done) == [("carrier", "buyer", 13001, "goods")]
    assert rows("SELECT 1 FROM deadline") == []
    everything_holds()


def test_an_exchange_lost_on_the_way_is_refunded_and_made_good_to_the_merchant(
    db: Address,
) -> None:
    with_orders(1, platform="taobao")
    case = opened(claim=Claim.EXCHANGE)
    for n, (who, action, payload) in enumerate(
        (
            (MERCHANT, "agree", {}),
            (BUYER, "ship_return", {"tracking_number": "SF2"}),
            (MERCHANT, "confirm_receipt", {}),
            (MERCHANT, "resend", {"tracking_number": "SF3"}),
        )
    ):
        act(who, case.id, action, payload, key=f"{n}", now=T0 + n * HOUR)
    done = report_lost(OPERATOR, case.id, "丢件", key="l", now=T0 + 5 * HOUR).case
    assert done.outcome == "refunded"
    assert moved(done) == [
        ("merchant", "buyer", 14001, "goods"),
        ("carrier", "merchant", 14001, "recoupment"),
    ]
    everything_holds()


def test_in_a_dispute_the_ruling_decides_about_a_lost_parcel(db: Address) -> None:
    with_orders(1, signed_at=None)
    case = opened(claim=Claim.REFUND_ONLY, reason=Reason.NOT_RECEIVED)
    act(MERCHANT, case.id, "reject", {"reason": "x"}, key="r", now=T0)
    act(BUYER, case.id, "escalate", key="e", now=T0)
    with pytest.raises(Conflict, match=r"case\.action_not_offered"):
        report_lost(OPERATOR, case.id, "丢件", key="l", now=T0)


def test_what_is_kept_of_a_bundle_settles_at_its_own_price(db: Address) -> None:
    bundle = (
        OrderLine(line_id="1", title="壶", quantity=1, paid_fen=12000, own_price_fen=15000),
        OrderLine(line_id="2", title="杯", quantity=2, paid_fen=8000, own_price_fen=10000),
    )
    with_orders(1, platform="taobao", lines=bundle, freight_fen=0)
    case = opened(claim=Claim.RETURN_REFUND, lines=[LineAsked(line_id="2", quantity=2)])
    assert case.requested_fen == 5000
    assert one("SELECT held_fen FROM orders") == 8000


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 9), st.data())
def test_a_part_return_never_gives_back_more_than_was_paid(
    paid: int, own: int, quantity: int, data: st.DataObject
) -> None:
    back = data.draw(st.integers(0, quantity))
    line = OrderLine(line_id="1", title="", quantity=quantity, paid_fen=paid, own_price_fen=own)
    refund = bundle_refund_fen(paid, (line,), {"1": back})
    assert refund is not None
    assert 0 <= refund <= paid
    if back == quantity:
        assert refund == paid
