"""Goods on their way back: several parcels, door pick-ups, what is missing, what is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.handle_parcels import inspect_return, receive_return, report_lost, send_return
from gongdao.app.pick_up import report_pickup, request_pickup
from gongdao.app.queries.case_page import case_page
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed
from gongdao.core.kernel.words import Claim, Goods, Party, Reason
from gongdao.core.remedies.parcel import Condition, ParcelLine, PickupState, ReturnState
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MERCHANT,
    OPERATOR,
    T0,
    a_photo,
    everything_holds,
    opened,
    rows,
    with_orders,
)

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.core.cases.model import Case
    from gongdao.store.postgres import Address

CUPS = (ParcelLine(line_id="1", quantity=2),)
CUP = (ParcelLine(line_id="1", quantity=1),)
TEA = (ParcelLine(line_id="2", quantity=1),)


def agreed(platform: str = "taobao", **changes: object) -> Case:
    """Return the case of a whole order, two cups for 90 and tea for 40.01, agreed to go back."""
    with_orders(1, platform=platform, **changes)
    case = opened(claim=Claim.RETURN_REFUND)
    return act(MERCHANT, case.id, "agree", key="a", now=T0).case


def in_two(platform: str = "taobao") -> Case:
    """Return it with the cups sent back after an hour and the tea two days later."""
    case = agreed(platform)
    send_return(BUYER, case.id, "SF2", key="s1", lines=CUPS, now=T0 + HOUR)
    return send_return(BUYER, case.id, "SF3", key="s2", lines=TEA, now=T0 + 2 * DAY).case


def moved(case: Case) -> list[tuple[str, str, int, str]]:
    return [
        (t.giver.value, t.taker.value, t.amount_fen, t.purpose.value)
        for g in case.grants
        for t in g.transfers
    ]


def due(case: Case) -> datetime:
    (clock,) = case.timers
    return clock.due_at


@pytest.mark.parametrize(("platform", "days"), [("taobao", 10), ("kuaishou", 7)])
def test_the_clock_for_receipt_waits_for_the_last_parcel(
    db: Address, platform: str, days: int
) -> None:
    case = in_two(platform)
    assert [(p.number, p.tracking_number, p.lines) for p in case.returns] == [
        (1, "SF2", CUPS), (2, "SF3", TEA),
    ]  # fmt: skip
    assert due(case) == T0 + (2 + days) * DAY
    fire_due(now=T0 + HOUR + days * DAY + timedelta(seconds=1))
    assert rows("SELECT outcome FROM cases") == [(None,)]
    fire_due(now=T0 + (2 + days) * DAY + timedelta(seconds=1))
    assert rows("SELECT outcome FROM cases") == [("returned_refunded",)]
    everything_holds()


def test_a_parcel_is_told_anew_under_its_number_and_holds_no_more_than_is_claimed(
    db: Address,
) -> None:
    case = agreed()
    send_return(BUYER, case.id, "SF2", key="1", now=T0)
    told = send_return(BUYER, case.id, "SF2", key="2", lines=CUPS, carrier="顺丰", now=T0 + DAY)
    assert [(p.lines, p.carrier, p.sent_at) for p in told.case.returns] == [(CUPS, "顺丰", T0)]
    assert due(told.case) == T0 + 10 * DAY
    for lines in (
        CUP,
        (ParcelLine(line_id="9", quantity=1),),
        (ParcelLine(line_id="2", quantity=0),),
    ):
        with pytest.raises(BadInput, match=r"return\.bad_parcel"):
            send_return(BUYER, case.id, "SF3", key="3", lines=lines, now=T0 + DAY)
    with pytest.raises(BadInput, match=r"return\.bad_parcel"):
        send_return(BUYER, case.id, " ", key="4", now=T0 + DAY)
    with pytest.raises(NotAllowed, match=r"permission\.role"):
        send_return(MERCHANT, case.id, "SF4", key="5", now=T0 + DAY)


def test_nothing_is_sent_back_before_it_is_agreed(db: Address) -> None:
    with_orders(1, platform="taobao")
    case = opened(claim=Claim.RETURN_REFUND)
    with pytest.raises(Conflict, match=r"return\.not_now"):
        send_return(BUYER, case.id, "SF2", key="1", now=T0)


def test_each_parcel_is_received_and_inspected_alone(db: Address) -> None:
    case = in_two()
    got = receive_return(MERCHANT, case.id, 1, key="r", now=T0 + 3 * DAY).case
    assert [p.state for p in got.returns] == [ReturnState.RECEIVED, ReturnState.SENT]
    with pytest.raises(Conflict, match=r"return\.not_under_way"):
        receive_return(MERCHANT, case.id, 1, key="r2", now=T0 + 3 * DAY)
    with pytest.raises(BadInput, match=r"return\.no_such_parcel"):
        receive_return(MERCHANT, case.id, 3, key="r3", now=T0 + 3 * DAY)
    with pytest.raises(BadInput, match=r"parcel\.bad_inspection"):
        inspect_return(MERCHANT, case.id, Condition.INTACT, key="i", now=T0 + 3 * DAY)
    done = inspect_return(MERCHANT, case.id, Condition.INTACT, key="i2", parcel=2, now=T0 + 3 * DAY)
    assert [p.inspection is not None for p in done.case.returns] == [False, True]


def test_what_was_proven_missing_is_not_refunded(db: Address) -> None:
    case = in_two()
    photo = a_photo(MERCHANT, case.id, now=T0 + 3 * DAY)
    for evidence, received in (((), CUP), ((photo,), ()), ((photo,), TEA)):
        with pytest.raises(BadInput, match=r"parcel\.bad_inspection"):
            inspect_return(
                MERCHANT, case.id, Condition.DAMAGED, key="x", parcel=1, evidence=evidence,
                received=received, now=T0 + 3 * DAY,
            )  # fmt: skip
    inspect_return(
        MERCHANT, case.id, Condition.INTACT, key="i", parcel=1, evidence=[photo], received=CUP,
        now=T0 + 3 * DAY,
    )  # fmt: skip
    done = act(MERCHANT, case.id, "confirm_receipt", key="c", now=T0 + 4 * DAY).case
    assert moved(done) == [("merchant", "buyer", 14001 - 4500, "goods")]
    everything_holds()


def test_one_of_two_parcels_lost_is_borne_by_the_carrier(db: Address) -> None:
    case = in_two()
    lost = report_lost(OPERATOR, case.id, "顺丰丢件", key="l", parcel=2, now=T0 + 3 * DAY).case
    assert (lost.goods, lost.loss, lost.closed_at) == (Goods.IN_RETURN, None, None)
    assert [p.state for p in lost.returns] == [ReturnState.SENT, ReturnState.LOST]
    with pytest.raises(BadInput, match=r"parcel\.bad_loss"):
        report_lost(OPERATOR, case.id, "顺丰丢件", key="l2", parcel=2, now=T0 + 3 * DAY)
    done = act(MERCHANT, case.id, "confirm_receipt", key="c", now=T0 + 4 * DAY).case
    assert moved(done) == [
        ("carrier", "buyer", 4001, "goods"), ("merchant", "buyer", 10000, "goods"),
    ]  # fmt: skip
    everything_holds()


def test_when_the_last_parcel_is_lost_too_the_carrier_bears_all(db: Address) -> None:
    case = in_two()
    report_lost(OPERATOR, case.id, "顺丰丢件", key="l", parcel=2, now=T0 + 3 * DAY)
    done = report_lost(OPERATOR, case.id, "顺丰丢件", key="m", parcel=1, now=T0 + 3 * DAY).case
    assert (done.outcome, done.goods) == ("returned_refunded", Goods.LOST)
    assert moved(done) == [("carrier", "buyer", 14001, "goods")]
    everything_holds()


def test_the_loss_of_a_parcel_of_unknown_content_cannot_be_reckoned(db: Address) -> None:
    case = agreed()
    send_return(BUYER, case.id, "SF2", key="1", now=T0)
    send_return(BUYER, case.id, "SF3", key="2", now=T0)
    with pytest.raises(BadInput, match=r"parcel\.bad_loss"):
        report_lost(OPERATOR, case.id, "丢件", key="l", parcel=2, now=T0)


def test_goods_lost_after_the_merchant_refunded_them_are_made_good_to_him(db: Address) -> None:
    with_orders(1, platform="jd", signed_at=None)
    case = opened(claim=Claim.REFUND_ONLY, reason=Reason.NOT_RECEIVED)
    act(MERCHANT, case.id, "reject", {"reason": "已发货"}, key="r", now=T0)
    act(BUYER, case.id, "escalate", key="e", now=T0)
    act(ARBITRATOR, case.id, "close_evidence", key="ce", now=T0 + HOUR)
    ruling = {
        "remedy": "refund_only", "liable": "merchant", "outbound_freight": "merchant",
        "return_freight": "none", "overrule_reason": "物流停滞",
    }  # fmt: skip
    ruled = act(ARBITRATOR, case.id, "rule", ruling, key="ru", now=T0 + HOUR).case
    before = moved(ruled)
    assert ("merchant", "buyer", 13001, "goods") in before
    done = report_lost(OPERATOR, case.id, "顺丰丢件", key="l", now=T0 + 20 * DAY).case
    assert moved(done)[len(before) :] == [("carrier", "merchant", 13001, "recoupment")]
    with pytest.raises(Conflict, match=r"parcel\.lost_before"):
        report_lost(OPERATOR, case.id, "顺丰丢件", key="l2", now=T0 + 20 * DAY)
    everything_holds()


def test_a_courier_collects_and_that_counts_as_sent(db: Address) -> None:
    case = agreed()
    asked = pick_up(case)
    assert [(p.number, p.state, p.paid_by) for p in asked.pickups] == [
        (1, PickupState.REQUESTED, Party.BUYER)
    ]
    with pytest.raises(Conflict, match=r"pickup\.under_way"):
        pick_up(case, key="p2")
    done = report_pickup(
        OPERATOR, case.id, 1, PickupState.COLLECTED, key="c", tracking_number="SF8", carrier="顺丰",
        freight_fen=1200, now=T0 + DAY,
    ).case  # fmt: skip
    assert (done.stage(), done.goods) == ("returning", Goods.IN_RETURN)
    assert [(p.tracking_number, p.carrier) for p in done.returns] == [("SF8", "顺丰")]
    assert (done.return_freight_fen, done.return_freight_paid_by) == (1200, Party.BUYER)
    assert due(done) == T0 + 11 * DAY
    everything_holds()


def pick_up(case: Case, key: str = "p", **changes: object) -> Case:
    given: dict[str, object] = {
        "slot_from": T0 + HOUR,
        "slot_until": T0 + 3 * HOUR,
        "pickup_address": "杭州市文一路 9 号",
        "contact_name": "王小明",
        "contact_phone": "13911112222",
        "paid_by": Party.BUYER,
        "key": key,
        "now": T0,
    } | changes
    return request_pickup(BUYER, case.id, **given).case  # type: ignore[arg-type]


def test_a_courier_who_did_not_come_is_asked_for_again(db: Address) -> None:
    case = agreed()
    pick_up(case)
    failed = report_pickup(
        OPERATOR, case.id, 1, PickupState.FAILED, key="f", note="无人", now=T0 + 4 * HOUR
    )
    assert failed.case.stage() == "awaiting_return"
    pick_up(case, key="p2", now=T0 + 5 * HOUR, slot_from=T0 + DAY, slot_until=T0 + 2 * DAY)
    done = report_pickup(BUYER, case.id, 2, PickupState.CANCELLED, key="x", now=T0 + 6 * HOUR).case
    assert [p.state for p in done.pickups] == [PickupState.FAILED, PickupState.CANCELLED]
    with pytest.raises(Conflict, match=r"pickup\.none_open"):
        report_pickup(OPERATOR, case.id, 2, PickupState.FAILED, key="y", now=T0 + 7 * HOUR)
    fire_due(now=T0 + 7 * DAY + timedelta(seconds=1))
    assert rows("SELECT outcome FROM cases") == [("expired",)]
    everything_holds()


def test_a_pick_up_names_a_coming_slot_and_a_payer_of_its_own(db: Address) -> None:
    case = agreed()
    for changes, code in (
        ({"slot_until": T0}, "pickup.bad_slot"),
        ({"slot_from": T0 + 4 * HOUR}, "pickup.bad_slot"),
        ({"paid_by": Party.MERCHANT}, "pickup.bad_payer"),
        ({"pickup_address": " "}, "pickup.bad_request"),
    ):
        with pytest.raises(BadInput) as refused:
            pick_up(case, **changes)  # pyright: ignore[reportArgumentType]
        assert refused.value.code == code
    pick_up(case)
    with pytest.raises(NotAllowed, match=r"pickup\.not_yours"):
        report_pickup(BUYER, case.id, 1, PickupState.COLLECTED, key="c", now=T0 + HOUR)
    with pytest.raises(NotAllowed, match=r"pickup\.not_yours"):
        report_pickup(MERCHANT, case.id, 1, PickupState.CANCELLED, key="d", now=T0 + HOUR)
    with pytest.raises(BadInput, match=r"pickup\.no_tracking"):
        report_pickup(OPERATOR, case.id, 1, PickupState.COLLECTED, key="e", now=T0 + HOUR)


def test_a_courier_needs_to_know_where_to(db: Address) -> None:
    case = agreed()
    seen = case_page(MERCHANT, case.id, now=T0).case
    assert seen.return_address is not None
    with_orders(1, platform="taobao")
    pick_up(case)
    shown = case_page(MERCHANT, case.id, now=T0 + HOUR).case.pickups[0]
    assert shown.pickup_address == "杭州市文一路 9 号"
    assert "13911112222" not in shown.contact_phone
    kept = b"".join(bytes(r[0]) for r in rows("SELECT body FROM event"))  # type: ignore[arg-type]
    assert "王小明".encode() not in kept


def test_the_ruling_charges_the_courier_to_whom_it_finds_liable(db: Address) -> None:
    with_orders(1, platform="jd")
    case = opened(claim=Claim.RETURN_REFUND)
    act(MERCHANT, case.id, "reject", {"reason": "x"}, key="r", now=T0)
    act(BUYER, case.id, "escalate", key="e", now=T0)
    act(ARBITRATOR, case.id, "close_evidence", key="ce", now=T0)
    ruling = {
        "remedy": "return_refund", "liable": "buyer", "outbound_freight": "none",
        "return_freight": "buyer", "overrule_reason": "个人原因",
    }  # fmt: skip
    act(ARBITRATOR, case.id, "rule", ruling, key="ru", now=T0)
    request_pickup(
        MERCHANT, case.id, slot_from=T0 + HOUR, slot_until=T0 + DAY, pickup_address="杭州",
        contact_name="王", contact_phone="139", paid_by=Party.MERCHANT, key="p", now=T0,
    )  # fmt: skip
    report_pickup(
        OPERATOR, case.id, 1, PickupState.COLLECTED, key="c", tracking_number="SF8",
        freight_fen=1200, now=T0 + HOUR,
    )  # fmt: skip
    done = act(MERCHANT, case.id, "confirm_receipt", key="cr", now=T0 + DAY).case
    assert moved(done) == [
        ("merchant", "buyer", 13001, "goods"), ("buyer", "merchant", 1200, "return_freight"),
    ]  # fmt: skip
    everything_holds()


def test_tmall_wants_a_label_and_the_courier_prints_it(db: Address) -> None:
    with_orders(1, platform="tmall")
    case = opened(claim=Claim.RETURN_REFUND)
    act(MERCHANT, case.id, "confirm_application", key="a", now=T0)
    with pytest.raises(BadInput, match=r"case\.field_required"):
        send_return(BUYER, case.id, "SF2", key="s", now=T0)
    pick_up(case)
    done = report_pickup(
        OPERATOR, case.id, 1, PickupState.COLLECTED, key="c", tracking_number="SF8", now=T0 + HOUR
    ).case
    assert done.stage() == "inspecting"
    everything_holds()


@pytest.mark.parametrize("platform", ["taobao", "jd", "kuaishou", "douyin"])
def test_a_proven_fault_holds_the_refund_back_and_the_buyer_may_have_the_goods_back(
    db: Address, platform: str
) -> None:
    case = agreed(platform)
    send_return(BUYER, case.id, "SF2", key="s", now=T0)
    with pytest.raises(Conflict, match=r"case\.condition_not_met"):
        act(MERCHANT, case.id, "reject_return", {"reason": "破损"}, key="x", now=T0 + DAY)
    photo = a_photo(MERCHANT, case.id, now=T0 + DAY)
    inspect_return(MERCHANT, case.id, Condition.DAMAGED, key="i", evidence=[photo], now=T0 + DAY)
    act(MERCHANT, case.id, "reject_return", {"reason": "破损"}, key="y", now=T0 + DAY)
    act(BUYER, case.id, "take_back", key="t", now=T0 + 2 * DAY)
    act(MERCHANT, case.id, "send_back", {"tracking_number": "SF9"}, key="b", now=T0 + 3 * DAY)
    done = act(BUYER, case.id, "confirm_back", key="c", now=T0 + 4 * DAY).case
    assert (done.outcome, done.goods, done.grants) == ("taken_back", Goods.WITH_BUYER, ())
    everything_holds()
