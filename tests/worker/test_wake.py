"""Woken, not polling: what is told is done though the next look would be an hour away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import psycopg
import pytest

from gongdao.app import webhook_endpoints as hooks
from gongdao.app.act import act
from gongdao.app.open_many import open_many
from gongdao.core.kernel.text import Text
from gongdao.store.connection import release, transaction
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.postgres import Address
from gongdao.store.wake import CHANNEL
from gongdao.worker import courier, run
from tests.app.test_many import openings
from tests.app.world import (
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)
from tests.worker.listener import listening

AN_HOUR = 3600.0
PATIENCE_SECONDS = 20
REAL_TIME = MarketplaceRow(
    id=MARKET, platform="kuaishou", title=Text("试验", "trial"), sandbox=True
)


def clock_at(instant: datetime) -> None:
    """Let the marketplace's clock stand at `instant` now."""
    ahead = timedelta(seconds=round((instant - datetime.now(UTC)).total_seconds()))
    with transaction() as on:
        put_marketplace(on, replace(REAL_TIME, clock_offset=ahead))


class Counted:
    """How often the worker looked for work, and the courier."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rounds = 0
        self.walks = 0
        real, walk = run.run_round, courier.deliver_round

        def look(batch: int) -> run.Round:
            self.rounds += 1
            return real(batch)

        def deliver() -> object:
            self.walks += 1
            return walk()

        monkeypatch.setattr(run, "run_round", look)
        monkeypatch.setattr(courier, "deliver_round", deliver)


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; what never does fails the test."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends, "nobody was woken"
        time.sleep(0.02)


def listeners() -> list[int]:
    """Return the server processes that listen on the channel."""
    found = rows(
        "SELECT pid FROM pg_stat_activity WHERE query = %s AND datname = current_database()",
        f"LISTEN {CHANNEL}",
    )
    return [int(str(pid)) for (pid,) in found]


@contextmanager
def a_worker() -> Iterator[None]:
    """Run a worker that by itself looks once an hour; it has looked and sleeps."""
    stopping = Event()

    def work() -> None:
        run.run(stopping, longest_nap=AN_HOUR)
        release()

    thread = Thread(target=work)
    thread.start()
    try:
        until(lambda: bool(listeners()))
        time.sleep(0.3)  # the look that the listener itself asks for when it begins
        yield
    finally:
        stopping.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "told to stop, it stops"


def test_a_new_deadline_is_fired_without_waiting_for_the_next_look(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(2)
    counted = Counted(monkeypatch)
    with a_worker():
        before = counted.rounds
        assert before <= 2
        open_many(openings(2))
        until(lambda: one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0)
        until(lambda: one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0)
        assert before < counted.rounds <= before + 8
    everything_holds()


def test_a_payment_to_instruct_wakes_the_worker(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(1)
    clock_at(T0)
    case = opened()
    counted = Counted(monkeypatch)
    with a_worker():
        before = counted.rounds
        act(MERCHANT, case.id, "agree", key="a", now=T0 + HOUR)
        until(lambda: one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0)
        assert before < counted.rounds <= before + 4
    everything_holds()


def test_a_webhook_goes_out_without_waiting_for_the_next_look(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(1)
    clock_at(T0)
    counted = Counted(monkeypatch)
    with listening() as heard:
        hooks.make_endpoint(OPERATOR, MARKET, heard.url)
        with a_worker():
            before = counted.walks
            opened()
            until(lambda: bool(heard.heard))
            assert before < counted.walks <= before + 3
    assert heard.heard[0].event["type"] == "gongdao.case.opened"


def test_a_clock_that_is_moved_wakes_the_worker(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(1)
    clock_at(T0)
    opened()
    Counted(monkeypatch)
    with a_worker():
        assert one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 1
        clock_at(T0 + 60 * 24 * HOUR)
        until(lambda: one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0)


def test_a_lost_connection_is_made_again_and_heard_on(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(2)
    counted = Counted(monkeypatch)
    with a_worker():
        (first,) = listeners()
        before = counted.rounds
        one("SELECT pg_terminate_backend(%s)", first)
        until(lambda: bool(listeners()) and first not in listeners())
        until(lambda: counted.rounds > before)  # what was told meanwhile was not heard
        open_many(openings(2))
        until(lambda: one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0)
    everything_holds()


def told(db: Address, work: Callable[[], object]) -> list[str]:
    """Return what is told on the channel while `work` runs."""
    with psycopg.connect(db.dsn, autocommit=True) as on:
        on.execute(f"LISTEN {CHANNEL}")
        work()
        return sorted(n.payload for n in on.notifies(timeout=0.2))


def test_only_what_is_due_soon_is_told(db: Address) -> None:
    with_orders(3)
    clock_at(T0)
    assert told(db, lambda: opened(1)) == [], "48 hours are time enough to look by oneself"

    def opened_late() -> None:
        open_many(openings(2))

    def real_time() -> None:
        with transaction() as on:
            put_marketplace(on, REAL_TIME)

    assert told(db, real_time) == ["clock"]
    assert told(db, opened_late) == ["deadline"], "once a commit, however many deadlines"


def test_what_is_undone_is_not_told(db: Address) -> None:
    with_orders(1)

    def undone() -> None:
        with transaction() as on:
            open_many(openings(1))
            on.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        undone()
    assert one("SELECT count(*) FROM cases") == 0
    assert told(db, lambda: swallowed(undone)) == []


def swallowed(work: Callable[[], object]) -> None:
    with suppress(psycopg.errors.DivisionByZero):
        work()
