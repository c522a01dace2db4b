"""Measures of the service desk (客服指标): counts a shop, agent and day for the rulebooks.

Numerators and denominators, never rates: what a rate is and what it is worth, the rulebook says
(JD-CS-01, JD-CS-04, JD-CS-09, DY-LEVEL-32).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Role
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.messages import ServiceDay, service_days, shops_of

MOST_DAYS = 366


def service_measures(
    caller: Caller, *, since: date, until: date, shop_id: str | None = None
) -> tuple[ServiceDay, ...]:
    """Return the counts of the days from `since` to `until`, both included, Beijing time.

    Raises NotAllowed, NotVisible; BadInput `measures.bad_days`.
    """
    allow(caller, Verb.SEE_SERVICE)
    if not 0 <= (until - since).days < MOST_DAYS:
        raise BadInput(
            Finding(
                code="measures.bad_days",
                field="until",
                message=Text(
                    f"须为 1 到 {MOST_DAYS} 天", f"ask for 1 to {MOST_DAYS} days, first day first"
                ),
            )
        )
    with transaction() as on:
        if shop_id is not None:
            marketplace_id = shop_marketplace(on, shop_id)
            if marketplace_id is None or not caller.sees(
                marketplace_id=marketplace_id, shop_id=shop_id, buyer_id=""
            ):
                raise not_visible(SHOP, "shop_id")
            shops: tuple[str, ...] = (shop_id,)
        elif caller.role is Role.MERCHANT:
            shops = tuple(sorted(caller.shop_ids))
        else:
            shops = shops_of(on, caller.marketplace_ids)
        return service_days(on, shops, _start(since), _start(until + timedelta(days=1)))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(0), BEIJING).astimezone(UTC)
