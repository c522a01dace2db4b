"""Release reserves (释放准备金): what was kept back goes to the merchant when its time is over."""

from __future__ import annotations

from datetime import datetime

from gongdao.store.connection import transaction
from gongdao.store.reserves import release_due

BATCH = 1000


def release_reserves(
    *, now: datetime | None = None, marketplace_id: str | None = None, limit: int = BATCH
) -> int:
    """Release what is due, by each marketplace's clock or at `now`; returns of how many orders.

    An order that a case is still open about waits for its end. Any number may do so at once.
    """
    only = None if marketplace_id is None else (marketplace_id,)
    with transaction() as on:
        return release_due(on, limit, now=now, marketplace_ids=only)
