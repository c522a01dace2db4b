"""The worker's loop: fire what is due, pay what waits, sleep until the next is due.

Webhooks go out in a thread of their own, so that a slow endpoint holds up no deadline.

Any number of workers may run: cases and messages are claimed with SKIP LOCKED, so each deadline
fires once. A worker killed at any instant leaves nothing half-done.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import BATCH, FireReport, fire_due
from gongdao.app.force_majeure.apply import sweep
from gongdao.app.wait import seconds_until_due
from gongdao.store.connection import Interrupted, release
from gongdao.worker.courier import deliver_round, run_courier

_log = logging.getLogger("gongdao.worker")

LONGEST_NAP_SECONDS = 1.0
_AFTER_INTERRUPTION_SECONDS = 0.5
_AFTER_FAILURE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the loop did."""

    fired: FireReport
    sent: int
    troubled: int

    @property
    def idle(self) -> bool:
        """Whether nothing was left to do."""
        return not (self.fired.cases or self.sent)


def run_round(batch: int = BATCH) -> Round:
    """Fire and send one batch of what is due now; first, what force majeure lets stand still."""
    sweep()
    fired = fire_due(batch)
    sent = dispatch(batch)
    return Round(fired=fired, sent=sent.sent, troubled=fired.troubled + sent.troubled)


def run(
    stopping: Event,
    *,
    batch: int = BATCH,
    once: bool = False,
    watch: Callable[[Round], None] | None = None,
) -> None:
    """Run rounds until `stopping` is set; with `once`, until nothing is due.

    A lost connection, a deadlock or a restart of the database interrupts a round and no more. Any
    other failure is logged and tried again, because clocks must go on; with `once` it is raised.
    """
    courier = Thread(target=run_courier, args=(stopping,), name="courier", daemon=True)
    if not once:
        courier.start()
    try:
        _run_rounds(stopping, batch=batch, once=once, watch=watch)
    finally:
        if courier.is_alive():
            stopping.set()
            courier.join()
    if once:
        deliver_round()


def _run_rounds(
    stopping: Event, *, batch: int, once: bool, watch: Callable[[Round], None] | None
) -> None:
    gc.freeze()  # the rulebooks stay: looking through them again and again only costs time
    while not stopping.is_set():
        try:
            done = run_round(batch)
            nap = 0.0 if not done.idle else min(LONGEST_NAP_SECONDS, seconds_until_due())
        except Interrupted as trouble:
            _log.warning("interrupted, trying again: %s", trouble)
            release()
            stopping.wait(_AFTER_INTERRUPTION_SECONDS)
            continue
        except Exception:
            if once:
                raise
            _log.exception("a round failed, trying again")
            release()
            stopping.wait(_AFTER_FAILURE_SECONDS)
            continue
        if watch is not None and not done.idle:
            watch(done)
        if once and done.idle:
            return
        stopping.wait(nap)
