"""What the state machine found, each as small as it can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.force_majeure.declare import Declaring, declare
from gongdao.core.kernel.findings import BadInput, Conflict
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    T0,
    a_marketplace,
    everything_holds,
    one,
    opened,
    with_orders,
)

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

UNPAID = {
    "online": {"paid_at": None, "shipped_at": None, "signed_at": None},
    "cod": {"paid_at": None, "signed_at": None},
}


@pytest.mark.parametrize("payment", UNPAID)
@pytest.mark.parametrize("claim", [Claim.REFUND_ONLY, Claim.EXCHANGE, Claim.RESHIP])
def test_what_was_never_paid_is_never_refunded(db: Address, payment: str, claim: Claim) -> None:
    """An exchange that came to nothing gave back money that the buyer had not given yet."""
    with_orders(1, payment=payment, **UNPAID[payment])
    with pytest.raises(Conflict) as refusal:
        opened(claim=claim)
    assert refusal.value.code == "case.order_unpaid"
    assert one("SELECT count(*) FROM posting") == 0


def test_cash_at_the_door_is_paid_by_signing(db: Address) -> None:
    with_orders(1, payment="cod", paid_at=None)
    assert opened().opened_at == T0
    everything_holds()


def test_a_flood_without_an_end_cannot_be_declared_ahead(db: Address) -> None:
    """Clocks stopped at once, hours before the flood, and kept what they would have used up."""
    a_marketplace()
    wanted = Declaring(
        marketplace_id=MARKET,
        province="上海市",
        since=T0 + HOUR,
        title=Text("洪水", "flood"),
        proof="12 号",
    )
    with pytest.raises(BadInput) as refusal:
        declare(OPERATOR, wanted, key="k", now=T0)
    assert (refusal.value.code, refusal.value.findings[0].field) == (
        "force_majeure.period",
        "until",
    )
    assert declare(OPERATOR, wanted, key="k", now=T0 + HOUR).row.until is None
    ahead = replace(wanted, until=T0 + 2 * HOUR)
    assert declare(OPERATOR, ahead, key="k2", now=T0).row.until == T0 + 2 * HOUR


def test_a_preview_foresees_the_shops_own_address(db: Address) -> None:
    """A ruling that sends the goods back gives the shop's address; its preview did not say so."""
    with_orders(1)
    case = opened(claim=Claim.RETURN_REFUND)
    act(MERCHANT, case.id, "reject", {"reason": "不符"}, key="r", now=T0)
    act(BUYER, case.id, "escalate", key="e", now=T0)
    act(ARBITRATOR, case.id, "close_evidence", key="c", now=T0)
    overruled = {
        "remedy": "return_refund", "liable": "merchant", "outbound_freight": "none",
        "return_freight": "merchant", "compensation_fen": 0, "overrule_reason": "理由",
    }  # fmt: skip
    seen, done = (
        act(ARBITRATOR, case.id, "rule", overruled, key="k", now=T0, preview=preview)
        for preview in (True, False)
    )
    assert [type(e) for e in seen.events] == [type(e) for e in done.events]
    assert seen.case.return_address is not None
