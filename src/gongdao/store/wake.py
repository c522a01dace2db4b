"""Waking (唤醒): the database tells whoever listens that there is work, at the commit that made it.

Through a pooler that shares connections between transactions nothing is heard: then polling alone
finds the work, a little later.
"""

from __future__ import annotations

from collections.abc import Callable

from gongdao.store.connection import connection

#: Name of the channel, as the triggers write it (migration 0015).
CHANNEL = "gongdao_work"


def listen(heard: Callable[[str], None], stopped: Callable[[], bool], patience: float) -> None:
    """Call `heard` for whatever is told on this thread's connection, until `stopped`.

    First once with nothing: what happened before anybody listened was not heard. `stopped` is asked
    every `patience` seconds. Raises `Interrupted` when the connection is lost.
    """
    on = connection()
    on.execute(f"LISTEN {CHANNEL}")
    heard("")
    while not stopped():
        for told in on.notifies(timeout=patience, stop_after=1):
            heard(told.payload)
