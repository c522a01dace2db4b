"""The sandbox's clock (沙盒时钟): put where the simulation has come, or back to real time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import find_marketplace, put_marketplace

#: Where the clock of a new sandbox stands until it is first set: nothing is due there.
CLOCK_STOPPED = timedelta(days=-36525)


def set_clock(marketplace_id: str, instant: datetime | None) -> None:
    """Make it `instant` in a sandbox; None: real time.

    A worker that runs beside the simulation sees this clock too, so it fires nothing of the future
    and stamps the payments it confirms with the simulated time.
    """
    with transaction() as on:
        row = find_marketplace(on, marketplace_id)
        if row is None:
            raise LookupError(f"no marketplace {marketplace_id}")
        real = marketplace_now(on, marketplace_id) - row.clock_offset
        offset = timedelta(0) if instant is None else instant - real
        put_marketplace(on, replace(row, clock_offset=offset))
