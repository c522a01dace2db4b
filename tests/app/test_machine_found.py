"""What the state machine found, each as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gongdao.core.kernel.findings import Conflict
from gongdao.core.kernel.words import Claim
from tests.app.world import T0, everything_holds, one, opened, with_orders

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
