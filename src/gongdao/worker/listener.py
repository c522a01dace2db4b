"""The listener (守听): wakes the worker and the courier when the database says there is work."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from threading import Event

from gongdao.store.connection import Interrupted, release
from gongdao.store.wake import listen

_log = logging.getLogger("gongdao.listener")
#: How often it looks whether it should stop.
_PATIENCE_SECONDS = 0.5
_AFTER_FAILURE_SECONDS = 0.3


def run_listener(stopping: Event, sleepers: Iterable[Event]) -> None:
    """Set `sleepers` whenever there is work, and once for all when `stopping` is set.

    A lost connection is made again, and everybody woken then, since what was told meanwhile was not
    heard. While there is none, the sleepers' own polling finds the work.
    """
    waking = list(sleepers)

    def wake(_told: str) -> None:
        for sleeper in waking:
            sleeper.set()

    while not stopping.is_set():
        try:
            listen(wake, stopping.is_set, _PATIENCE_SECONDS)
        except Interrupted as trouble:
            _log.warning("nothing is heard, listening anew: %s", trouble)
        except Exception:  # noqa: BLE001  no failure may end the loop
            _log.exception("nothing is heard, listening anew")
        release()
        stopping.wait(_AFTER_FAILURE_SECONDS)
    wake("")
