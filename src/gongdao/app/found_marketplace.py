"""Found a marketplace (开设市场): its platform's rules govern every order in it."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.library.shelf import Shelf
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import (
    MarketplaceRow,
    find_marketplace,
    put_marketplace,
    put_shop,
)

_NO_TITLES: Mapping[str, str] = {}


def found_marketplace(
    wanted: MarketplaceRow, shop_titles: Mapping[str, str] = _NO_TITLES
) -> MarketplaceRow:
    """Make a marketplace and its shops and return it; one that exists is returned as it is.

    Raises the shelf's refusal for a platform without rules, and Conflict
    `marketplace.other_platform` when the id belongs to a marketplace of another platform.
    """
    Shelf().platform(wanted.platform)
    with transaction() as on:
        known = find_marketplace(on, wanted.id)
        if known is None:
            put_marketplace(on, wanted)
        elif known.platform != wanted.platform:
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
        for shop_id, title in shop_titles.items():
            put_shop(on, shop_id, wanted.id, title)
    return known or wanted
