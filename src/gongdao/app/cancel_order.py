"""Cancel an order (取消订单): whoever the rulebook lets, by the order's own process."""

from __future__ import annotations

from datetime import datetime

import uuid_utils

from gongdao.app.carry_out import check_key
from gongdao.app.decide_opening import Opening
from gongdao.app.open_case import open_as
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.words import Claim, Reason


def cancel_order(
    caller: Caller,
    *,
    shop_id: str,
    order_id: str,
    key: str,
    reason: Reason = Reason.NOT_WANTED,
    description: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Cancel an order, or ask those who may: a case that runs the order's own process.

    Raises Refused: NotVisible for an order that is not the caller's, NotAllowed and Conflict when
    the order's process offers him no cancelling where the order stands, BadInput
    `case.no_process` when the platform has no rules for it.
    """
    allow(caller, Verb.CANCEL_ORDER)
    check_key(key)
    check_text(description, "description")
    opening = Opening(
        case_id=str(uuid_utils.uuid7()),
        shop_id=shop_id,
        order_id=order_id,
        claim=Claim.REFUND_ONLY,
        reason=reason,
        description=description,
        by=caller.actor,
        track="order",
        cancel=True,
        at=now,
    )
    return open_as(caller, opening, key, Verb.CANCEL_ORDER)
