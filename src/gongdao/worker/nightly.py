"""The night's work (每夜任务): yesterday's export, and the days that were missed."""

from __future__ import annotations

import logging
from datetime import date, datetime
from threading import Event

from gongdao.connectors.nightly_export import NOT_BEFORE, catch_up
from gongdao.core.kernel.time import BEIJING
from gongdao.store.config import current
from gongdao.store.connection import Interrupted, release
from gongdao.store.export import nightly_lock

_log = logging.getLogger("gongdao.nightly")
_NAP_SECONDS = 60.0
_AFTER_FAILURE_SECONDS = 600.0


def run_nightly(stopping: Event) -> None:
    """Export each night until `stopping` is set. No failure ends it; it is tried again."""
    done: date | None = None
    while not stopping.is_set():
        nap = _NAP_SECONDS
        try:
            done = export_night(datetime.now(BEIJING), done, stopping)
        except Interrupted as trouble:
            _log.warning("interrupted, trying again: %s", trouble)
        except Exception:  # noqa: BLE001  no failure may end the loop
            _log.exception("the night's export failed, trying again")
            nap = _AFTER_FAILURE_SECONDS
        release()
        stopping.wait(nap)


def export_night(now: datetime, done: date | None, stopping: Event) -> date | None:
    """Export what is due at `now`, unless the night of `done` was this one; returns the last done.

    Of several workers one does it, the others pass.
    """
    root, today = current().export, now.date()
    if root is None or done == today or now.timetz().replace(tzinfo=None) < NOT_BEFORE:
        return done
    with nightly_lock() as mine:
        if not mine:
            return done
        for manifest in catch_up(root, today, stopped=stopping.is_set):
            _log.info("exported %s of %s", manifest.day, manifest.marketplace_id)
    return done if stopping.is_set() else today
