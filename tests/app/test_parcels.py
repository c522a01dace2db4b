"""Return logistics: inspections, missing gifts, lost parcels; bundles taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.app.act import act
from gongdao.app.handle_parcels import inspect_return, report_lost
from gongdao.app.open_case import open_case
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import OrderLine
from gongdao.core.cases.part_return import bundle_note, bundle_refund_fen, next_refund_fen
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed
from gongdao.core.kernel.words import Claim, Goods, Reason
from gongdao.core.remedies.parcel import Condition, LabelItem
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    an_order,
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


BUNDLE = (
    OrderLine(line_id="1", title="壶", quantity=1, paid_fen=12000, own_price_fen=15000),
    OrderLine(line_id="2", title="杯", quantity=2, paid_fen=8000, own_price_fen=10000),
)


def sent_back(number: int, *lines: LineAsked) -> Case:
    """Have these lines go back and be refunded, and return the case."""
    at = T0 + number * HOUR
    case = opened(claim=Claim.RETURN_REFUND, lines=lines, key=f"o{number}", now=at)
    act(MERCHANT, case.id, "agree", key=f"a{number}", now=at)
    act(BUYER, case.id, "ship_return", {"tracking_number": f"S{number}"}, key=f"s{number}", now=at)
    return act(MERCHANT, case.id, "confirm_receipt", key=f"c{number}", now=at).case


def test_the_second_part_of_a_bundle_gets_what_the_first_left(db: Address) -> None:
    with_orders(1, platform="taobao", lines=BUNDLE, freight_fen=0)
    first = sent_back(1, LineAsked(line_id="2", quantity=1))
    assert moved(first) == []
    second = sent_back(2, LineAsked(line_id="2", quantity=1))
    assert moved(second) == [("merchant", "buyer", 5000, "goods")]
    with pytest.raises(BadInput, match=r"case\.bad_line"):
        opened(lines=[LineAsked(line_id="2", quantity=1)], key="again", now=T0 + DAY)
    last = sent_back(3)
    assert moved(last) == [("merchant", "buyer", 15000, "goods")]
    assert one("SELECT refunded_fen FROM orders") == 20000
    everything_holds()


def test_a_bundle_kept_dearer_than_it_was_paid_gives_nothing_and_says_so(db: Address) -> None:
    with_orders(1, platform="taobao", lines=BUNDLE, freight_fen=0)
    seen = open_case(
        BUYER, shop_id=SHOP, order_id="o1", claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON,
        lines=[LineAsked(line_id="2", quantity=1)], key="p", preview=True, now=T0,
    ).case  # fmt: skip
    assert seen.requested_fen == 0
    note = bundle_note(seen)
    assert note is not None
    assert "可退 0 元，差额不向买家收取" in note.zh
    assert "the buyer owes nothing" in note.en
    some = bundle_note(
        opened(claim=Claim.RETURN_REFUND, lines=[LineAsked(line_id="2", quantity=2)])
    )
    assert some is not None
    assert "可退 50.00 元" in some.zh
    assert bundle_note(opened(claim=Claim.EXCHANGE, key="e")) is None


def test_a_line_back_before_is_not_claimed_again(db: Address) -> None:
    with_orders(1, platform="taobao")
    sent_back(1, LineAsked(line_id="1", quantity=1))
    rest = opened(claim=Claim.RETURN_REFUND, key="rest", now=T0 + DAY)
    assert [(li.line_id, li.quantity, li.goods_fen) for li in rest.claim_lines] == [
        ("1", 1, 4500), ("2", 1, 4001),
    ]  # fmt: skip
    with pytest.raises(BadInput, match=r"1 are back already|已退回 1 件"):
        opened(lines=[LineAsked(line_id="1", quantity=2)], key="x", now=T0 + DAY)


@given(st.data())
def test_a_bundle_sent_back_bit_by_bit_gives_in_all_what_it_gives_at_once(
    data: st.DataObject,
) -> None:
    lines = tuple(
        OrderLine(
            line_id=str(n), title="", quantity=data.draw(st.integers(1, 3)),
            paid_fen=data.draw(st.integers(0, 9999)), own_price_fen=data.draw(st.integers(0, 20000)),
        )
        for n in range(data.draw(st.integers(1, 3)))
    )  # fmt: skip
    order = an_order(1, lines=lines)
    pieces = data.draw(st.permutations([li.line_id for li in lines for _ in range(li.quantity)]))
    before: dict[str, int] = {}
    total = 0
    for piece in pieces:
        total += next_refund_fen(order, {piece: 1}, before) or 0
        before[piece] = before.get(piece, 0) + 1
    assert total == order.goods_fen


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
