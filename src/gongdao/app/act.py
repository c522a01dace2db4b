"""Act (操作): do an action that the case's process offers, or preview what follows (试算)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_payload
from gongdao.app.shop_address import ShopAddresses
from gongdao.core.cases.commands import Act
from gongdao.core.cases.model import Case, Plain
from gongdao.core.kernel.words import Role
from gongdao.store.cases import find_case
from gongdao.store.connection import transaction
from gongdao.store.orders import find_order

_NOTHING: Mapping[str, Plain] = {}


def act(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    action: str,
    payload: Mapping[str, Plain] = _NOTHING,
    *,
    key: str,
    track: str | None = None,
    expected_version: int | None = None,
    preview: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Do `action` in the caller's role; amounts in `payload` are `…_fen`.

    `preview` decides without writing; its key is not used up. Raises Refused.
    """
    check_payload(payload)
    request = Request(
        caller=caller,
        verb=Verb.ACT,
        case_id=case_id,
        key=key,
        content={"action": action, "track": track, "payload": dict(payload)},
        expected_version=expected_version,
        preview=preview,
        now=now,
    )
    return carry_out(
        request,
        lambda case, now: Act(
            action=action,
            by=caller.actor,
            track=track,
            payload=_complete(caller, case, action, payload, now),
            order_left_fen=_order_left_fen(case) if case.closed_at is not None else None,
        ),
    )


def _complete(
    caller: Caller, case: Case, action: str, payload: Mapping[str, Plain], now: datetime
) -> dict[str, Plain]:
    """Return the payload with the shop's own return address, where the merchant's act wants one."""
    if caller.role is not Role.MERCHANT:
        return dict(payload)
    with transaction() as on:
        return ShopAddresses(on).with_payload(case, action, payload, now)


def _order_left_fen(case: Case) -> int | None:
    """Return what is left to refund on the order of a case that ended, under the order's lock.

    None when the case is ending in this very transaction: what it held is still its own.
    """
    with transaction() as on:
        written = find_case(on, case.id, lock=False)
        if written is None or written.case.closed_at is None:
            return None
        known = find_order(on, case.shop_id, case.order.order_id, lock=True)
    return known.refundable_fen if known is not None else 0
