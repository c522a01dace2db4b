"""The nightly export (每夜导出): each marketplace's days, into the configured folder, caught up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote

from gongdao.connectors.export_files import Manifest, export_day, outdated_days
from gongdao.core.kernel.time import BEIJING
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import all_marketplaces

#: How many days back the night looks for days that are missing or to which more has come.
LOOKS_BACK_DAYS = 35
#: Beijing time: after midnight, when the day's last commands have been written.
NOT_BEFORE = time(0, 20)


def folder_of(root: Path, marketplace_id: str) -> Path:
    """Return the folder of a marketplace's exports: its id, written so that any id is a name."""
    return root / quote(marketplace_id, safe="").replace(".", "%2E")


def next_night(now: datetime) -> datetime:
    """Return when the worker exports again after `now`."""
    tonight = datetime.combine(now.astimezone(BEIJING).date(), NOT_BEFORE, BEIJING)
    return tonight if now < tonight else tonight + timedelta(days=1)


def catch_up(
    root: Path,
    today: date,
    *,
    back_days: int = LOOKS_BACK_DAYS,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Manifest]:
    """Export what is missing or behind of the days before `today`, oldest first.

    Yields each day's manifest as it is done; `stopped` is asked between days.
    """
    with transaction() as on:
        names = [marketplace.id for marketplace in all_marketplaces(on)]
    since, until = today - timedelta(days=back_days), today - timedelta(days=1)
    for name in names:
        folder = folder_of(root, name)
        for day in outdated_days(folder, since, until, marketplace_id=name):
            if stopped():
                return
            yield export_day(folder, day, marketplace_id=name)
