"""Orders run their own process: unpaid ones expire, others are cancelled by whom the rule lets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.cancel_order import cancel_order
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.intake_orders import intake
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
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


def test_strangers_see_no_order_and_silent_platforms_have_no_process(db: Address) -> None:
    with_orders(1, **UNSHIPPED)
    with pytest.raises(NotVisible):
        cancelled(OTHER_BUYER)


def test_a_platform_without_order_rules_says_so(db: Address) -> None:
    with_orders(1, platform="jd", **UNSHIPPED)
    with pytest.raises(BadInput, match=r"case\.no_process"):
        cancelled(BUYER)
