"""Orders run their own process: unpaid ones expire, others are cancelled by whom the rule lets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.cancel_order import cancel_order
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.intake_orders import intake
from gongdao.core.kernel.findings import Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Goods, Reason
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    SHOP,
    T0,
    a_marketplace,
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

UNSHIPPED = {"shipped_at": None, "signed_at": None, "tracking_number": None}
#: Platforms that have no order rules of their own.
HOUSE_RULED = ("douyin", "jd", "taobao", "tmall")
UNPAID = UNSHIPPED | {"paid_at": None, "placed_at": T0}


def cancelled(caller: object, number: int = 1, **given: object) -> Case:
    given = {"now": T0, "key": f"c{number}"} | given
    return cancel_order(caller, shop_id=SHOP, order_id=f"o{number}", **given).case  # type: ignore[arg-type]


def test_unpaid_orders_expire_after_24_hours_and_not_at_them(db: Address) -> None:
    a_marketplace()
    told = [an_order(n, **UNPAID) for n in range(1, 4)]
    assert intake(MARKET, told, watch=True, now=T0).new == 3
    assert intake(MARKET, told, watch=True, now=T0).same == 3
    assert one("SELECT count(*) FROM cases") == 3
    assert fire_due(now=T0 + DAY).fired == 0
    fire_due(now=T0 + DAY + timedelta(seconds=1))
    assert rows("SELECT DISTINCT outcome FROM cases") == [("cancelled_unpaid",)]
    assert one("SELECT count(*) FROM payment") == 0
    everything_holds()


def test_a_payment_ends_the_watch_also_when_it_is_told_late(db: Address) -> None:
    a_marketplace()
    intake(MARKET, [an_order(1, **UNPAID), an_order(2, **UNPAID)], watch=True, now=T0)
    paid = an_order(1, **(UNPAID | {"paid_at": T0 + HOUR}))
    intake(MARKET, [paid], watch=True, now=T0 + 2 * DAY)
    assert rows("SELECT order_id, outcome FROM cases ORDER BY 1") == [("o1", "paid"), ("o2", None)]
    assert one("SELECT held_fen FROM orders WHERE order_id = 'o1'") == 0
    everything_holds()


def test_the_buyer_cancels_an_unpaid_order_himself(db: Address) -> None:
    with_orders(1, **UNPAID)
    case = cancelled(BUYER)
    assert (case.outcome, case.grants) == ("cancelled", ())
    with pytest.raises(Conflict, match=r"case\.order_unpaid"):
        opened()
    everything_holds()


def test_a_paid_order_is_cancelled_by_customer_service_and_refunded(db: Address) -> None:
    with_orders(1, **UNSHIPPED)
    case = cancelled(BUYER)
    assert case.stage() == "asked_to_cancel"
    done = act(OPERATOR, case.id, "cancel", key="x", now=T0 + HOUR).case
    assert done.outcome == "cancelled"
    assert one("SELECT refunded_fen FROM orders") == 14001
    everything_holds()


def test_shipping_told_moves_the_request_on_and_the_parcel_ends_it(db: Address) -> None:
    with_orders(1, **UNSHIPPED)
    case = cancelled(BUYER)
    shipped = an_order(1, signed_at=None, shipped_at=T0 + HOUR)
    intake(MARKET, [shipped], watch=True, now=T0 + HOUR)
    assert one("SELECT stage FROM cases") == "asked_to_cancel_shipped"
    act(OPERATOR, case.id, "decline", {"reason": "已发货"}, key="d", now=T0 + 2 * HOUR)
    intake(
        MARKET, [an_order(1, shipped_at=T0 + HOUR, signed_at=T0 + DAY)], watch=True, now=T0 + DAY
    )
    assert one("SELECT outcome FROM cases") == "completed"
    assert one("SELECT refunded_fen + held_fen FROM orders") == 0
    everything_holds()


def test_the_merchant_cancels_a_cod_order_in_preparation_not_the_buyer(db: Address) -> None:
    with_orders(2, payment="cod", paid_at=None, **UNSHIPPED)
    with pytest.raises(NotAllowed, match=r"case\.not_your_action"):
        cancelled(BUYER)
    assert one("SELECT count(*) FROM cases") == 0
    assert cancelled(MERCHANT).outcome == "cancelled"
    everything_holds()


def test_a_cod_order_handed_over_is_asked_of_the_platform(db: Address) -> None:
    with_orders(1, payment="cod", paid_at=None, signed_at=None)
    with pytest.raises(NotAllowed, match=r"case\.not_your_action"):
        cancelled(MERCHANT)
    case = cancelled(BUYER, key="again")
    assert case.stage() == "asked_to_cancel"
    fire_due(now=T0 + 60 * DAY)
    everything_holds()


def test_strangers_see_no_order(db: Address) -> None:
    with_orders(1, **UNSHIPPED)
    with pytest.raises(NotVisible):
        cancelled(OTHER_BUYER)


@pytest.mark.parametrize("platform", HOUSE_RULED)
def test_where_the_platform_is_silent_unpaid_orders_expire_by_the_house_rules(
    db: Address, platform: str
) -> None:
    a_marketplace(platform)
    intake(MARKET, [an_order(1, platform=platform, **UNPAID)], watch=True, now=T0)
    fire_due(now=T0 + DAY)
    assert one("SELECT outcome FROM cases") is None
    fire_due(now=T0 + DAY + timedelta(seconds=1))
    assert one("SELECT outcome FROM cases") == "cancelled_unpaid"
    everything_holds()


@pytest.mark.parametrize("platform", HOUSE_RULED)
def test_a_paid_order_is_cancelled_with_the_merchants_consent_or_his_silence(
    db: Address, platform: str
) -> None:
    with_orders(2, platform=platform, **UNSHIPPED)
    case = cancelled(BUYER)
    assert case.stage() == "asked_to_cancel"
    assert act(MERCHANT, case.id, "cancel", key="x", now=T0 + HOUR).case.outcome == "cancelled"
    cancelled(BUYER, 2)
    fire_due(now=T0 + DAY + timedelta(seconds=1))
    assert rows("SELECT refunded_fen FROM orders ORDER BY order_id") == [(14001,), (14001,)]
    everything_holds()


def test_a_parcel_refused_at_the_door_gives_back_the_goods_when_it_is_back(db: Address) -> None:
    with_orders(1, platform="jd", signed_at=None)
    case = cancelled(BUYER, reason=Reason.REFUSED)
    assert (case.stage(), case.goods) == ("coming_back", Goods.IN_RETURN)
    done = act(MERCHANT, case.id, "confirm_back", key="b", now=T0 + DAY).case
    assert done.outcome == "refused_refunded"
    assert one("SELECT refunded_fen FROM orders") == 13001
    everything_holds()


def test_a_cod_parcel_is_refused_and_nothing_is_refunded(db: Address) -> None:
    with_orders(1, platform="taobao", payment="cod", paid_at=None, signed_at=None)
    case = cancelled(BUYER, reason=Reason.REFUSED)
    fire_due(now=T0 + 11 * DAY)
    assert rows("SELECT outcome FROM cases WHERE id = %s", case.id) == [("refused_returned",)]
    assert one("SELECT refunded_fen + held_fen FROM orders") == 0
    everything_holds()


def test_a_shipped_order_is_intercepted_or_goes_on_to_the_buyer(db: Address) -> None:
    with_orders(2, platform="tmall", signed_at=None)
    case = cancelled(BUYER)
    assert case.stage() == "asked_to_intercept"
    back = act(MERCHANT, case.id, "intercept", key="i", now=T0 + HOUR).case
    assert back.stage() == "coming_back"
    cancelled(BUYER, 2)
    fire_due(now=T0 + DAY + timedelta(seconds=1))
    assert one("SELECT stage FROM cases WHERE order_id = 'o2'") == "shipped"
    with pytest.raises(NotAllowed, match=r"case\.not_your_action"):
        cancelled(MERCHANT, 2, key="m")
    everything_holds()


def test_cancelling_goes_on_in_the_case_that_watches_over_the_order(db: Address) -> None:
    a_marketplace("taobao")
    intake(MARKET, [an_order(1, platform="taobao", **UNPAID)], watch=True, now=T0)
    done = cancelled(BUYER, now=T0 + HOUR, description="不想要了")
    assert done.outcome == "cancelled"
    again = cancelled(BUYER, now=T0 + HOUR, description="不想要了")
    assert again.id == done.id
    assert one("SELECT count(*) FROM cases") == 1
    everything_holds()


def test_the_same_key_opens_no_second_case(db: Address) -> None:
    with_orders(1, platform="taobao", **UNSHIPPED)
    assert cancelled(BUYER).id == cancelled(BUYER).id
    assert one("SELECT count(*) FROM event WHERE kind = 'acted'") == 2


def test_where_it_has_arrived_there_is_nothing_to_refuse(db: Address) -> None:
    with_orders(1, platform="douyin")
    with pytest.raises(Conflict, match=r"case\.action_not_offered"):
        cancelled(BUYER, reason=Reason.REFUSED)
