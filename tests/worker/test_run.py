"""The worker as a process: it does what is due, waits for the rest, and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import pytest

from gongdao.app.open_many import open_many
from gongdao.store.connection import Interrupted, cursor, release, transaction
from gongdao.store.postgres import Address
from gongdao.worker import run as worker
from tests.app.test_many import openings
from tests.app.world import everything_holds, one, with_orders

PATIENCE_SECONDS = 20


def worker_process(database: Address, *arguments: str) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GONGDAO_TEST")}
    return subprocess.Popen(
        [sys.executable, "-m", "gongdao", "worker", "run", *arguments],
        env=environment | {"DATABASE_URL": database.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_once_does_what_is_due_and_ends(db: Address) -> None:
    with_orders(10)
    open_many(openings(10))
    process = worker_process(db, "--once", "--batch", "3")
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    assert "fired" in said
    assert one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0
    assert one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0
    everything_holds()


def test_told_to_stop_it_finishes_its_batch_and_ends(db: Address) -> None:
    with_orders(2)
    process = worker_process(db)
    open_many(openings(2))
    assert process.stdout is not None
    assert "fired" in process.stdout.readline(), "it fires what comes while it runs"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    everything_holds()


def test_it_fires_within_a_second_of_the_deadline(db: Address) -> None:
    with_orders(1)
    open_many(openings(1))
    with transaction() as on:
        cursor(on).execute(
            "UPDATE marketplace SET clock_offset_seconds = floor(extract(epoch FROM"
            " (SELECT min(due_at) FROM deadline) - clock_timestamp() - interval '1 second'))"
        )
    stopping = Event()
    rounds: list[worker.Round] = []

    def watch(done: worker.Round) -> None:
        rounds.append(done)
        stopping.set()

    def work() -> None:
        worker.run(stopping, watch=watch)
        release()

    thread = Thread(target=work)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    stopping.set()
    assert rounds[0].fired.fired == 1
    assert 0 < rounds[0].fired.late_max_seconds < 1


def test_an_interruption_costs_a_round_and_no_more(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_orders(3)
    open_many(openings(3))
    real = worker.run_round
    struck: list[bool] = []

    def strike_first(batch: int) -> worker.Round:
        if not struck:
            struck.append(True)
            raise Interrupted[0]("the database restarts")
        return real(batch)

    monkeypatch.setattr(worker, "run_round", strike_first)
    began = time.monotonic()
    worker.run(Event(), once=True)
    assert struck
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0


def test_a_failure_is_raised_once_and_outlived_otherwise(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = Event()
    struck: list[int] = []

    def strike(batch: int) -> worker.Round:
        struck.append(batch)
        if len(struck) == 3:
            stopping.set()
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "run_round", strike)
    monkeypatch.setattr(worker, "_AFTER_FAILURE_SECONDS", 0.01)
    with pytest.raises(ZeroDivisionError):
        worker.run(Event(), once=True)
    worker.run(stopping)
    assert len(struck) == 3
