"""Claims on offer (可申请的诉求): what may be asked for on an order the caller sees."""

from __future__ import annotations

from gongdao.app.permissions import Caller
from gongdao.app.playbooks import playbooks
from gongdao.app.queries.orders import order
from gongdao.core.cases.offered import OfferedClaim, offered_claims
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction


def claims_of(caller: Caller, shop_id: str, order_id: str) -> tuple[OfferedClaim, ...]:
    """Return every claim, and what bars it now by the order's record.

    Raises NotAllowed, NotVisible.
    """
    known = order(caller, shop_id, order_id)
    with transaction() as on:
        now = marketplace_now(on, known.marketplace_id)
    return offered_claims(known.order, playbooks().opening(known.order, now), now)
