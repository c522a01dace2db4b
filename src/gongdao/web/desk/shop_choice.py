"""Shop choice (选择店铺): which shop a page about one shop shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongdao.core.kernel.words import Role
from gongdao.store.models import Shop
from gongdao.web.desk.stage_titles import platforms

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gongdao.app.permissions import Caller

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ShopChoice:
    """The shops to choose from, and the one chosen; empty where there is none."""

    shops: list[tuple[str, str]]
    """Id and title."""
    chosen: str


def choose_shop(request: HttpRequest, caller: Caller) -> ShopChoice:
    """Return the shop that `?shop=` names, else the first; whether it is visible is not decided."""
    known = Shop.objects.filter(marketplace_id__in=caller.marketplace_ids).order_by("id")
    if caller.role is Role.MERCHANT:
        known = known.filter(id__in=caller.shop_ids)
    shops = [(row.id, row.title or row.id) for row in known[:MOST_LISTED]]
    asked = (request.POST.get("shop") or request.GET.get("shop") or "").strip()[:200]
    return ShopChoice(shops, asked or (shops[0][0] if shops else ""))


def platform_of(shop_id: str) -> str:
    """Return the platform of a shop's marketplace; empty for an unknown shop."""
    shop = Shop.objects.filter(id=shop_id).values_list("marketplace_id", flat=True).first()
    return platforms().get(shop or "", "")
