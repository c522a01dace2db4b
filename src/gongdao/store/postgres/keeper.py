"""The keeper: one process a data folder that owns the life of its server.

It starts the server, restarts it when it dies, and stops it when the last user has left. Users
start a keeper when none is there, so killing it costs nothing either: the next one adopts the
server it finds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from pathlib import Path
from threading import Event

from gongdao.core.kernel.findings import Refused
from gongdao.store.postgres.locks import FileLock
from gongdao.store.postgres.place import Place, place_for
from gongdao.store.postgres.server import Server

LOOK_SECONDS = 0.2
#: A second command right after the first finds the server still up.
LINGER_SECONDS = 1.0
FAILED = 1


def keep(place: Place, stopped: Event) -> None:
    """Run the server until it has no user (and is not pinned) or `stopped` is set."""
    server = Server.at(place)
    pid = server.start()
    say(f"serving, postmaster {pid}")
    alone_since: float | None = None
    while True:
        if stopped.wait(LOOK_SECONDS):
            break
        if server.running_pid() is None:
            say("the server died; starting it again")
            server.start()
        with FileLock(place.users_lock) as users:
            if place.pinned.exists() or not users.take():
                alone_since = None
                continue
            now = time.monotonic()
            alone_since = alone_since or now
            if now - alone_since < LINGER_SECONDS:
                continue
            # Nobody can join while `users` is held alone: they wait, then find no keeper.
            server.stop()
            place.tidy()
            say("stopped: no users left")
            return
    server.stop()
    say("stopped: told to")


def say(text: str) -> None:
    """Write one dated line to the keeper's log."""
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), os.getpid(), text, flush=True)


def main(var: Path) -> int:
    """Keep the server of `var`; returns at once when another process already does."""
    stopped = Event()
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    place = place_for(var)
    with FileLock(place.keeper_lock) as lock:
        if not lock.take():
            return 0
        lock.write(f"{os.getpid()}\n")
        try:
            keep(place, stopped)
        except Refused as refusal:
            say(str(refusal))
            return FAILED
        except Exception:
            say(traceback.format_exc())
            return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
