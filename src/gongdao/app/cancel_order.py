"""Cancel an order (取消订单): whoever the rulebook lets, by the order's own process."""

from __future__ import annotations

from datetime import datetime

import uuid_utils

from gongdao.app.carry_out import Request, carry_out, check_key
from gongdao.app.decide_opening import Opening
from gongdao.app.open_case import open_as
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.plain_values import check_text
from gongdao.app.watch_orders import running_order_case
from gongdao.core.cases.commands import CancelOrder
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.connection import transaction
from gongdao.store.trail import find_receipt


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
    """Cancel an order, or ask those who may: in the case that runs the order's own process.

    The case that watches over the order goes on; where there is none, one is opened.

    Raises Refused: NotVisible for an order that is not the caller's, NotAllowed and Conflict when
    the order's process offers him no cancelling where the order stands, BadInput
    `case.no_process` when the platform has no rules for it.
    """
    allow(caller, Verb.CANCEL_ORDER)
    check_key(key)
    check_text(description, "description")
    running = _goes_on_in(caller, shop_id, order_id, key)
    if running is not None:
        request = Request(
            caller=caller,
            verb=Verb.CANCEL_ORDER,
            case_id=running,
            key=key,
            content={"reason": reason, "description": description},
            now=now,
        )
        return carry_out(
            request,
            lambda _case, _now: CancelOrder(
                reason=reason, description=description, by=caller.actor
            ),
        )
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


def _goes_on_in(caller: Caller, shop_id: str, order_id: str, key: str) -> str | None:
    """Return the case in which the order is cancelled; None: one is opened for it.

    A key that comes again leads where it led the first time.
    """
    with transaction() as on:
        receipt = find_receipt(on, shop_id, caller.user_id, key)
    if receipt is None:
        return running_order_case(shop_id, order_id)
    return None if receipt.first_seq == 1 else receipt.case_id
