"""Return addresses of shops (店铺退货地址): every one is kept, the last counts."""

from __future__ import annotations

from gongdao.core.remedies.parcel import ReturnAddress
from gongdao.store.connection import Connection, execute, fetch_one


def add_return_address(on: Connection, shop_id: str, sealed: ReturnAddress, given_by: str) -> None:
    """Keep a shop's new address; the shop's row is locked by the caller."""
    execute(
        on,
        "add_return_address",
        shop_id=shop_id,
        return_name=sealed.return_name,
        return_phone=sealed.return_phone,
        return_region=sealed.return_region,
        return_address=sealed.return_address,
        given_by=given_by,
    )


def find_return_address(on: Connection, shop_id: str) -> ReturnAddress | None:
    """Return the shop's address as it is kept, sealed; None: it gave none."""
    row = fetch_one(on, "find_return_address", shop_id=shop_id)
    if row is None:
        return None
    return ReturnAddress(
        return_name=row[0],
        return_phone=row[1],
        return_region=row[2],
        return_address=row[3],
        of_shop=True,
    )
