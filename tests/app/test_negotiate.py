"""Negotiation: offers and counter-offers, their clock, agreements and the money they move."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.handle_parcels import inspect_return
from gongdao.app.negotiate import answer, offer
from gongdao.app.open_case import open_case
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Arbitration, Claim, Goods, Party, Reason, Remedy
from gongdao.core.remedies.offer import OfferState, Terms
from gongdao.core.remedies.parcel import Condition
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MERCHANT,
    OTHER_BUYER,
    SHOP,
    T0,
    a_photo,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

if TYPE_CHECKING:
    from gongdao.core.cases.model import Case
    from gongdao.store.postgres import Address

PART = Terms(remedy=Remedy.PARTIAL_REFUND, refund_fen=2000)
PLATFORMS = ("kuaishou", "douyin", "tmall", "taobao", "jd")


def returned(case: Case) -> list[tuple[str, str, int, str]]:
    return [
        (t.giver.value, t.taker.value, t.amount_fen, t.purpose.value)
        for g in case.grants
        for t in g.transfers
    ]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_accepted_part_refund_pays_and_ends_the_case(db: Address, platform: str) -> None:
    with_orders(1, platform=platform)
    case = opened(claim=Claim.RETURN_REFUND)
    made = offer(MERCHANT, case.id, PART, key="o", now=T0 + HOUR).case
    assert made.offers[0].expires_at == T0 + 25 * HOUR
    assert {t.track for t in made.timers} == {"after_sale", "offer"}
    done = answer(BUYER, case.id, 1, "accept", key="a", now=T0 + 2 * HOUR).case
    assert done.outcome == "refunded"
    assert done.offers[0].state is OfferState.ACCEPTED
    assert returned(done) == [("merchant", "buyer", 2000, "goods")]
    assert one("SELECT held_fen FROM orders") == 0
    assert one("SELECT refunded_fen FROM orders") == 2000
    assert rows("SELECT 1 FROM deadline") == []
    everything_holds()


def test_a_counter_offer_replaces_the_offer_and_its_clock(db: Address) -> None:
    with_orders(1)
    case = opened()
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    more = Terms(remedy=Remedy.COMPENSATE, compensation_fen=3000)
    made = offer(BUYER, case.id, more, key="2", note="破了", now=T0 + HOUR).case
    assert [o.state for o in made.offers] == [OfferState.COUNTERED, OfferState.OPEN]
    assert [t.due_at for t in made.timers if t.track == "offer"] == [T0 + 25 * HOUR]
    with pytest.raises(Conflict, match=r"offer\.not_open"):
        answer(BUYER, case.id, 1, "accept", key="3", now=T0 + HOUR)
    with pytest.raises(NotAllowed, match=r"offer\.not_yours"):
        answer(BUYER, case.id, 2, "accept", key="4", now=T0 + HOUR)
    done = answer(MERCHANT, case.id, 2, "accept", key="5", now=T0 + 2 * HOUR).case
    assert done.outcome == "compensated"
    assert returned(done) == [("merchant", "buyer", 3000, "compensation")]
    everything_holds()


def test_an_offer_expires_after_its_deadline_and_the_request_goes_on(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.RETURN_REFUND)
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    assert fire_due(now=T0 + DAY).fired == 0
    fire_due(now=T0 + DAY + HOUR)
    assert one("SELECT count(*) FROM event WHERE kind = 'offer_answered'") == 1
    with pytest.raises(Conflict, match=r"offer\.not_open"):
        answer(BUYER, case.id, 1, "accept", key="2", now=T0 + DAY + HOUR)
    assert one("SELECT stage FROM cases") == "awaiting_merchant"
    everything_holds()


def test_an_answer_at_the_very_deadline_is_in_time(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.RETURN_REFUND)
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    assert answer(BUYER, case.id, 1, "accept", key="2", now=T0 + DAY).case.outcome == "refunded"


def test_agreement_in_a_dispute_ends_it_before_any_ruling(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.RETURN_REFUND)
    act(MERCHANT, case.id, "reject", {"reason": "x"}, key="r", now=T0)
    act(BUYER, case.id, "escalate", key="e", now=T0)
    offer(BUYER, case.id, PART, key="1", now=T0 + HOUR)
    done = answer(MERCHANT, case.id, 1, "accept", key="2", now=T0 + 2 * HOUR).case
    assert (done.outcome, done.arbitration, done.ruling) == ("refunded", Arbitration.FINAL, None)
    assert rows("SELECT 1 FROM deadline") == []
    everything_holds()


def test_an_agreed_return_pays_on_receipt_with_the_freight_as_agreed(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.REFUND_ONLY)
    terms = Terms(
        remedy=Remedy.RETURN_REFUND, refund_fen=9000, compensation_fen=500,
        return_freight=Party.BUYER,
    )  # fmt: skip
    offer(MERCHANT, case.id, terms, key="1", now=T0)
    agreed = answer(BUYER, case.id, 1, "accept", key="2", now=T0).case
    assert agreed.stage() == "awaiting_return"
    assert returned(agreed) == [("merchant", "buyer", 500, "compensation")]
    act(
        BUYER, case.id, "ship_return", {"tracking_number": "SF9", "return_freight_fen": 800},
        key="3", now=T0 + DAY,
    )  # fmt: skip
    done = act(MERCHANT, case.id, "confirm_receipt", key="4", now=T0 + 2 * DAY).case
    assert done.outcome == "returned_refunded"
    assert done.goods is Goods.RETURNED
    assert returned(done)[1:] == [("merchant", "buyer", 9000, "goods")]
    everything_holds()


def test_a_ruling_over_an_agreed_return_prevails_over_the_agreement(db: Address) -> None:
    with_orders(1)
    case = opened(claim=Claim.REFUND_ONLY)
    terms = Terms(remedy=Remedy.RETURN_REFUND, refund_fen=9000)
    offer(MERCHANT, case.id, terms, key="1", now=T0)
    answer(BUYER, case.id, 1, "accept", key="2", now=T0)
    act(BUYER, case.id, "ship_return", {"tracking_number": "SF9"}, key="3", now=T0 + HOUR)
    photo = a_photo(MERCHANT, case.id, now=T0 + 2 * HOUR)
    inspect_return(MERCHANT, case.id, Condition.EMPTY, key="i", evidence=[photo], now=T0 + 2 * HOUR)
    act(MERCHANT, case.id, "reject_return", {"reason": "空包裹"}, key="4", now=T0 + 2 * HOUR)
    act(MERCHANT, case.id, "escalate", key="5", now=T0 + 2 * HOUR)
    act(ARBITRATOR, case.id, "close_evidence", key="6", now=T0 + 3 * HOUR)
    ruled = act(
        ARBITRATOR, case.id, "rule",
        {"remedy": "dismiss", "liable": "buyer", "outbound_freight": "buyer",
         "return_freight": "buyer", "overrule_reason": "空包裹"},
        key="7", now=T0 + 4 * HOUR,
    ).case  # fmt: skip
    assert ruled.stage() == "dismissed"
    assert ruled.grants == ()
    with pytest.raises(Conflict, match=r"offer\.already_ruled"):
        offer(BUYER, case.id, PART, key="8", now=T0 + 5 * HOUR)
    everything_holds()


def test_an_agreed_exchange_not_sent_becomes_a_refund(db: Address) -> None:
    with_orders(1, shipped_at=None, signed_at=None, tracking_number=None)
    case = opened(claim=Claim.REFUND_ONLY, reason=Reason.NOT_WANTED)
    offer(MERCHANT, case.id, Terms(remedy=Remedy.EXCHANGE), key="1", now=T0)
    agreed = answer(BUYER, case.id, 1, "accept", key="2", now=T0).case
    assert agreed.stage() == "awaiting_exchange"
    fire_due(now=T0 + 8 * DAY)
    assert one("SELECT outcome FROM cases") == "refunded"
    assert one("SELECT refunded_fen FROM orders") == 14001
    everything_holds()


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(remedy=Remedy.PARTIAL_REFUND), "terms.refund_fen"),
        (Terms(remedy=Remedy.PARTIAL_REFUND, refund_fen=14002), "terms.refund_fen"),
        (Terms(remedy=Remedy.COMPENSATE), "terms.compensation_fen"),
        (Terms(remedy=Remedy.COMPENSATE, refund_fen=1, compensation_fen=1), "terms.refund_fen"),
        (Terms(remedy=Remedy.EXCHANGE, compensation_fen=-1), "terms.compensation_fen"),
        (Terms(remedy=Remedy.DISMISS), "terms.remedy"),
        (
            Terms(remedy=Remedy.EXCHANGE, return_freight=Party.CARRIER),
            "terms.return_freight",
        ),
    ],
)
def test_bad_terms_are_refused(db: Address, terms: Terms, field: str) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(BadInput) as refused:
        offer(MERCHANT, case.id, terms, key="1", now=T0)
    assert [(f.code, f.field) for f in refused.value.findings] == [("offer.bad_terms", field)]
    assert one("SELECT count(*) FROM event") == 1


def test_only_the_two_parties_negotiate_and_a_refund_granted_ends_it(db: Address) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(NotAllowed, match=r"permission\.role"):
        offer(ARBITRATOR, case.id, PART, key="1", now=T0)
    with pytest.raises(NotVisible):
        offer(OTHER_BUYER, case.id, PART, key="2", now=T0)
    act(MERCHANT, case.id, "agree", key="3", now=T0)
    with pytest.raises(Conflict, match=r"case\.closed"):
        offer(MERCHANT, case.id, PART, key="4", now=T0)


def test_the_own_offer_is_withdrawn_the_other_sides_declined(db: Address) -> None:
    with_orders(1)
    case = opened()
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    with pytest.raises(NotAllowed, match=r"offer\.not_yours"):
        answer(BUYER, case.id, 1, "withdraw", key="2", now=T0)
    answer(BUYER, case.id, 1, "decline", key="3", now=T0)
    offer(MERCHANT, case.id, PART, key="4", now=T0)
    after = answer(MERCHANT, case.id, 2, "withdraw", key="5", now=T0).case
    assert [o.state for o in after.offers] == [OfferState.DECLINED, OfferState.WITHDRAWN]
    assert all(t.track == "after_sale" for t in after.timers)


def test_twenty_offers_are_enough(db: Address) -> None:
    with_orders(1)
    case = opened()
    for n in range(20):
        offer(MERCHANT, case.id, PART, key=f"{n}", now=T0)
    with pytest.raises(Conflict, match=r"offer\.too_many"):
        offer(MERCHANT, case.id, PART, key="20", now=T0)


def test_a_second_request_on_the_order_sees_what_the_agreement_left(db: Address) -> None:
    with_orders(1)
    case = opened()
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    answer(BUYER, case.id, 1, "accept", key="2", now=T0)
    second = open_case(
        BUYER, shop_id=SHOP, order_id="o1", claim=Claim.REFUND_ONLY, reason=Reason.QUALITY,
        key="again", now=T0 + DAY,
    ).case  # fmt: skip
    assert second.refundable_fen == 12001


COD = {"payment": "cod", "paid_at": None}


@pytest.mark.parametrize("platform", ["kuaishou", "taobao"])
def test_an_agreed_refund_of_a_cod_order_is_paid_by_the_merchant_and_proven(
    db: Address, platform: str
) -> None:
    with_orders(1, platform=platform, **COD)
    case = opened(claim=Claim.RETURN_REFUND)
    offer(MERCHANT, case.id, PART, key="1", now=T0)
    agreed = answer(BUYER, case.id, 1, "accept", key="2", now=T0).case
    assert agreed.stage() == "awaiting_voucher"
    assert [(g.channel.value, g.state.value) for g in agreed.grants] == [("merchant", "granted")]
    done = act(MERCHANT, case.id, "upload_voucher", {"voucher": "V1"}, key="v", now=T0 + DAY).case
    assert done.outcome == "refunded"
    assert [g.state.value for g in done.grants] == ["confirmed"]
    everything_holds()


def test_an_agreed_refund_of_a_cod_order_not_proven_is_paid_in_advance(db: Address) -> None:
    with_orders(1, platform="jd", **COD)
    case = opened(claim=Claim.RETURN_REFUND)
    terms = Terms(remedy=Remedy.RETURN_REFUND, refund_fen=9000)
    offer(MERCHANT, case.id, terms, key="1", now=T0)
    answer(BUYER, case.id, 1, "accept", key="2", now=T0)
    act(BUYER, case.id, "ship_return", {"tracking_number": "SF9"}, key="3", now=T0)
    received = act(MERCHANT, case.id, "confirm_receipt", key="4", now=T0 + DAY).case
    assert received.stage() == "awaiting_voucher"
    fire_due(now=T0 + 3 * DAY + timedelta(seconds=1))
    assert rows("SELECT outcome FROM cases") == [("advanced",)]
    assert rows("SELECT channel, state, amount_fen FROM payment ORDER BY number") == [
        ("merchant", "void", 9000), ("platform", "granted", 9000),
    ]  # fmt: skip
    everything_holds()
