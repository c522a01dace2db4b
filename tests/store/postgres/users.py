"""Processes that use an embedded server, and ways to look at and hurt it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from gongdao.store.postgres.membership import answers, is_kept
from gongdao.store.postgres.place import Place, place_for
from gongdao.store.postgres.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 60

#: Joins, says so, and stays until its input ends.
USER = """
import sys
from gongdao.store.postgres import database
import psycopg
with database() as address:
    with psycopg.connect(address.dsn) as connection:
        print(connection.execute("SELECT 'joined ' || pg_postmaster_start_time()").fetchone()[0],
              flush=True)
    sys.stdin.read()
"""


@contextmanager
def user(var: Path, **identity: object) -> Iterator[subprocess.Popen[str]]:
    """Start a process that uses the server of `var` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER],
        env={"PATH": os.environ["PATH"], "GONGDAO_VAR": str(var)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **identity,
    )
    try:
        yield process
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
        assert process.stdout
        process.stdout.close()


def joined(process: subprocess.Popen[str]) -> str:
    """Wait until the user says that it joined; returns when its server was started."""
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("joined "), line
    return line.removeprefix("joined ")


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until `holds`, or fail naming `what`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


def server_of(var: Path) -> Server:
    """Return the server of `var` for inspection."""
    place = place_for(var)
    return Server(place, place.home)


def postmaster(var: Path) -> int:
    """Return the process id of the live server of `var`."""
    pid = server_of(var).running_pid()
    assert pid is not None
    return pid


def gone(var: Path) -> bool:
    """Whether neither server, keeper nor any process of them is left."""
    place = place_for(var)
    return server_of(var).running_pid() is None and not is_kept(place) and not _processes(place)


def keeper(var: Path) -> psutil.Process:
    """Return the keeper's process."""
    return psutil.Process(int(place_for(var).keeper_lock.read_text()))


def _processes(place: Place) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(
                place.data
            ):
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


__all__ = ["answers", "gone", "joined", "keeper", "postmaster", "server_of", "until", "user"]
