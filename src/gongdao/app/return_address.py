"""Return addresses (退货地址): the shop's own, and that of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.app.shop_address import keep_address, read_address, shop_address
from gongdao.core.cases.commands import GiveReturnAddress
from gongdao.core.cases.model import Plain
from gongdao.core.remedies.parcel import ReturnAddress
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.payments import lock_shop


def own_address(caller: Caller, shop_id: str) -> ReturnAddress | None:
    """Return the shop's own address; None: it gave none. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.GIVE_RETURN_ADDRESS)
    with transaction() as on:
        _check_shop(caller, shop_id, shop_marketplace(on, shop_id))
        return shop_address(on, shop_id)


def set_own_address(caller: Caller, shop_id: str, given: Mapping[str, Plain]) -> ReturnAddress:
    """Give the shop a return address of its own; those before are kept, the last counts.

    Raises NotAllowed, NotVisible, BadInput.
    """
    with audited(caller, Verb.SET_RETURN_ADDRESS, shop_id) as on:
        marketplace_id = _check_shop(caller, shop_id, lock_shop(on, shop_id))
        address = read_address({"return_address": "", **given})
        if address is None:
            raise LookupError("an address was given and not read")
        keep_address(on, marketplace_id, shop_id, address, caller.user_id)
    return replace(address, of_shop=True)


def give_return_address(
    caller: Caller,
    case_id: str,
    given: Mapping[str, Plain],
    *,
    key: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Say where the goods of a case go back to. Raises Refused."""
    address = read_address({"return_address": "", **given})
    if address is None:
        raise LookupError("an address was given and not read")
    request = Request(
        caller=caller,
        verb=Verb.GIVE_RETURN_ADDRESS,
        case_id=case_id,
        key=key,
        content=dict(given),
        expected_version=expected_version,
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: GiveReturnAddress(
            return_name=address.return_name,
            return_phone=address.return_phone,
            return_region=address.return_region,
            return_address=address.return_address,
            by=caller.actor,
        ),
    )


def _check_shop(caller: Caller, shop_id: str, marketplace_id: str | None) -> str:
    if marketplace_id is None or not caller.sees(
        marketplace_id=marketplace_id, shop_id=shop_id, buyer_id=""
    ):
        raise not_visible(SHOP, "shop_id")
    return marketplace_id
