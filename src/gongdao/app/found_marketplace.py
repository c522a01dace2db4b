"""Found a marketplace (开设市场): its platform's rules govern every order in it."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.library.shelf import Shelf
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import (
    KnownMarketplace,
    add_marketplace,
    add_shops,
    find_marketplace,
)


def found_marketplace(
    wanted: KnownMarketplace,
    *,
    shop_titles: Mapping[str, str] | None = None,
    clock_offset_seconds: int = 0,
) -> None:
    """Make a marketplace and its shops; a second call changes nothing but shop titles.

    Raises the shelf's refusal for a platform without rules, and Conflict
    `marketplace.other_platform` when the id belongs to a marketplace of another platform.
    """
    Shelf().platform(wanted.platform)
    with transaction() as on:
        add_marketplace(on, wanted, clock_offset_seconds)
        known = find_marketplace(on, wanted.id)
        if known is not None and known.platform != wanted.platform:
            raise Conflict(
                Finding(
                    code="marketplace.other_platform",
                    field="marketplace",
                    message=Text(
                        f"市场 {wanted.id} 属于平台 {known.platform}",
                        f"marketplace `{wanted.id}` is of platform `{known.platform}`",
                    ),
                    cure=Text("换一个市场名，或用该平台", "choose another id, or that platform"),
                )
            )
        add_shops(on, wanted.id, shop_titles or {})
