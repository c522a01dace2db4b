"""The worker's loop: fire what is due, pay what waits, sleep until the next is due or told of.

Webhooks go out in a thread of their own, so that a slow endpoint holds up no deadline. A third
listens: the database tells of deadlines about to run out and of messages to send, so that polling
is only what finds the work when nothing was heard.

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
from gongdao.app.invoices.fire_clocks import fire_clocks
from gongdao.app.invoices.follow_cases import follow_cases
from gongdao.app.release_reserves import release_reserves
from gongdao.app.wait import seconds_until_due
from gongdao.store.connection import Interrupted, release
from gongdao.worker.courier import deliver_round, run_courier
from gongdao.worker.listener import run_listener
from gongdao.worker.nightly import run_nightly

_log = logging.getLogger("gongdao.worker")

#: The safety net: nobody sleeps longer, whatever was told or not.
LONGEST_NAP_SECONDS = 5.0
_AFTER_INTERRUPTION_SECONDS = 0.5
_AFTER_FAILURE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the loop did."""

    fired: FireReport
    sent: int
    troubled: int
    released: int = 0
    """Orders whose settlement reserve was given back."""
    invoices: int = 0
    """Cases that the invoices followed, and deadlines of invoice tasks."""

    @property
    def idle(self) -> bool:
        """Whether nothing was left to do."""
        return not (self.fired.cases or self.sent or self.released or self.invoices)


def run_round(batch: int = BATCH) -> Round:
    """Fire and send one batch of what is due now; first, what force majeure lets stand still."""
    sweep()
    fired = fire_due(batch)
    sent = dispatch(batch)
    released = release_reserves(limit=batch)
    followed, reminded = follow_cases(batch), fire_clocks(batch)
    return Round(
        fired=fired,
        sent=sent.sent,
        troubled=fired.troubled + sent.troubled + followed.troubled + reminded.troubled,
        released=released,
        invoices=followed.cases - followed.troubled + reminded.fired,
    )


def run(
    stopping: Event,
    *,
    batch: int = BATCH,
    once: bool = False,
    watch: Callable[[Round], None] | None = None,
    longest_nap: float = LONGEST_NAP_SECONDS,
) -> None:
    """Run rounds until `stopping` is set; with `once`, until nothing is due.

    A lost connection, a deadlock or a restart of the database interrupts a round and no more. Any
    other failure is logged and tried again, because clocks must go on; with `once` it is raised.
    """
    if once:
        _run_rounds(stopping, Event(), _Ways(batch, longest_nap, once=True, watch=watch))
        deliver_round()
        return
    work, letters = Event(), Event()
    threads = (
        Thread(target=run_courier, args=(stopping, letters, longest_nap), name="courier"),
        Thread(target=run_nightly, args=(stopping,), name="nightly"),
        Thread(target=run_listener, args=(stopping, (work, letters)), name="listener"),
    )
    for thread in threads:
        thread.daemon = True
        thread.start()
    try:
        _run_rounds(stopping, work, _Ways(batch, longest_nap, once=False, watch=watch))
    finally:
        stopping.set()
        letters.set()
        for thread in threads:
            thread.join()


@dataclass(frozen=True, slots=True)
class _Ways:
    """How the rounds are run."""

    batch: int
    longest_nap: float
    once: bool
    watch: Callable[[Round], None] | None


def _run_rounds(stopping: Event, work: Event, ways: _Ways) -> None:
    gc.freeze()  # the rulebooks stay: looking through them again and again only costs time
    while not stopping.is_set():
        # Cleared before looking: what is told while looking wakes at once.
        work.clear()
        try:
            done = run_round(ways.batch)
            nap = 0.0 if not done.idle else min(ways.longest_nap, seconds_until_due())
        except Interrupted as trouble:
            _log.warning("interrupted, trying again: %s", trouble)
            release()
            stopping.wait(_AFTER_INTERRUPTION_SECONDS)
            continue
        except Exception:
            if ways.once:
                raise
            _log.exception("a round failed, trying again")
            release()
            stopping.wait(_AFTER_FAILURE_SECONDS)
            continue
        if ways.watch is not None and not done.idle:
            ways.watch(done)
        if ways.once and done.idle:
            return
        work.wait(nap)
