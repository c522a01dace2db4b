"""The courier (投递员): webhooks in a loop of their own, beside the clocks."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from threading import Event

from gongdao.app.deliver_webhooks import DeliveryReport, deliver
from gongdao.store.connection import Interrupted, release
from gongdao.worker.post import post_all

_log = logging.getLogger("gongdao.courier")
#: Retries come due without anybody telling; and where nothing is heard, this is the safety net.
_NAP_SECONDS = 5.0
_AFTER_INTERRUPTION_SECONDS = 0.5
_AFTER_FAILURE_SECONDS = 5.0


def deliver_round() -> DeliveryReport:
    """Send what is due now until nothing is; returns what became of all of it."""
    total = DeliveryReport()
    while True:
        done = deliver(post_all, lambda: datetime.now(UTC))
        total.delivered += done.delivered
        total.put_off += done.put_off
        total.dead += done.dead
        if not done.delivered:
            return total


def run_courier(stopping: Event, work: Event, longest_nap: float = _NAP_SECONDS) -> None:
    """Deliver until `stopping` is set, looking again when `work` is; no failure ends it.

    Whoever sets `stopping` sets `work` too, or waits for the end of a nap.
    """
    while not stopping.is_set():
        work.clear()
        nap = longest_nap
        try:
            deliver_round()
        except Interrupted as trouble:
            _log.warning("interrupted, trying again: %s", trouble)
            release()
            nap = _AFTER_INTERRUPTION_SECONDS
        except Exception:  # noqa: BLE001  no failure may end the loop
            _log.exception("a round failed, trying again")
            release()
            stopping.wait(_AFTER_FAILURE_SECONDS)
            continue
        work.wait(nap)
    release()
