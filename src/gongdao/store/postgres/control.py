"""Look at the embedded server and tell it to stay or go; `gongdao db` is the hand that does it."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongdao.store.postgres.locks import FileLock
from gongdao.store.postgres.place import place_for
from gongdao.store.postgres.refusals import refused
from gongdao.store.postgres.server import Server

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS = 60
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to see of an embedded server without starting it."""

    pid: int | None
    """Process id of the running server."""
    in_use: bool
    """Whether any process is a user of it now."""
    pinned: bool
    """Whether it stays up without users."""
    data: Path
    sockets: Path
    log: Path


def status(var: Path) -> Status:
    """Return what the embedded server of `var` is doing. Starts nothing."""
    place = place_for(var)
    pid = Server(place, place.home).running_pid() if place.home.exists() else None
    return Status(
        pid=pid,
        in_use=place.home.exists() and _in_use(var),
        pinned=place.pinned.exists(),
        data=place.data,
        sockets=place.sockets,
        log=place.server_log,
    )


def pin(var: Path) -> None:
    """Keep the server up without users from now on."""
    place = place_for(var)
    place.prepare()
    place.pinned.touch()


def unpin(var: Path) -> None:
    """Let the server stop when its last user has left."""
    place_for(var).pinned.unlink(missing_ok=True)


def stop(var: Path) -> None:
    """Stop the server now, under its users' feet; returns when it has stopped.

    Raises Refused (postgres.stop_failed) when it does not stop.
    """
    unpin(var)
    place = place_for(var)
    if not place.home.exists():
        return
    deadline = time.monotonic() + STOP_SECONDS
    with FileLock(place.keeper_lock) as lock:
        while not lock.take():
            with suppress(ValueError, ProcessLookupError):
                os.kill(int(place.keeper_lock.read_text()), signal.SIGTERM)
            if time.monotonic() > deadline:
                raise refused("stop_failed", "数据库没有停止", "the server did not stop")
            time.sleep(LOOK_SECONDS)
        Server.at(place).stop()  # one whose keeper was killed


def _in_use(var: Path) -> bool:
    with FileLock(place_for(var).users_lock) as lock:
        return not lock.take()
