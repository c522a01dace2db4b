"""Being a user of the database: join, wait until it answers, leave."""

from __future__ import annotations

import atexit
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import psycopg

from gongdao.store import config
from gongdao.store.postgres.address import Address, address
from gongdao.store.postgres.locks import FileLock
from gongdao.store.postgres.place import Place, place_for
from gongdao.store.postgres.refusals import external_refused, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READY_SECONDS = 90
CONNECT_SECONDS = 10
OLDEST_VERSION = 150_000  # as PostgreSQL numbers itself
LOOK_SECONDS = 0.03
_LOG_TAIL_LINES = 5


@contextmanager
def database(settings: config.Settings | None = None) -> Iterator[Address]:
    """Be a user of the database while inside; yields its address once it answers.

    Raises Refused (postgres.*) when the embedded server cannot be started, or the external one
    cannot be reached (postgres.unreachable) or is too old (postgres.too_old).
    """
    settings = settings or config.current()
    where = address(settings)
    if settings.database_url is not None:
        _check_external(where)
        yield where
        return
    place = place_for(settings.var)
    place.prepare()
    with FileLock(place.users_lock) as membership:
        membership.share()
        _await_answer(settings.var, place, where)
        try:
            yield where
        finally:
            _leave(settings.var, place)


def connect_info(settings: config.Settings | None = None) -> Address:
    """Be a user of the database until this process ends; returns its address once it answers.

    Raises Refused (postgres.*) when the embedded server cannot be started.
    """
    settings = settings or config.current()
    with _joining:
        return _join_for_life(settings)


_joining = Lock()


@cache
def _join_for_life(settings: config.Settings) -> Address:
    membership = database(settings)
    where = membership.__enter__()
    atexit.register(membership.__exit__, None, None, None)
    return where


def ensure_running(settings: config.Settings | None = None) -> None:
    """Wait until the database answers again, for a user that saw it go away.

    Raises Refused (postgres.*) when it cannot be brought back.
    """
    settings = settings or config.current()
    if settings.database_url is None:
        _await_answer(settings.var, place_for(settings.var), address(settings))


def _await_answer(var: Path, place: Place, where: Address) -> None:
    deadline = time.monotonic() + READY_SECONDS
    keeper: subprocess.Popen[bytes] | None = None
    while not answers(where):
        if keeper is not None and keeper.poll():
            raise _keeper_failed(place)
        if (keeper is None or keeper.poll() is not None) and not is_kept(place):
            keeper = _start_keeper(var, place)
        if time.monotonic() > deadline:
            raise _keeper_failed(place)
        time.sleep(LOOK_SECONDS)


def _check_external(where: Address) -> None:
    try:
        with psycopg.connect(where.dsn, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise external_refused(
            "unreachable", f"连接不上数据库：{error}", f"the database cannot be reached: {error}"
        ) from None
    if version < OLDEST_VERSION:
        major = version // 10_000
        raise external_refused(
            "too_old",
            f"需要 PostgreSQL 15 或更高版本，当前是 {major}",
            f"PostgreSQL 15 or newer is needed, this is {major}",
        )


def answers(where: Address) -> bool:
    """Whether the server at `where` takes connections."""
    try:
        psycopg.connect(where.dsn, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        return "too many clients" in str(error)  # full, so it is up
    return True


def is_kept(place: Place) -> bool:
    """Whether a keeper is at work in `place`."""
    with FileLock(place.keeper_lock) as lock:
        return not lock.take()


def _start_keeper(var: Path, place: Place) -> subprocess.Popen[bytes]:
    """Start a keeper that outlives us; if another is faster, ours ends by itself."""
    with place.keeper_log.open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "gongdao.store.postgres.keeper", str(var)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _started.append(keeper)
    return keeper


#: Held, because a keeper is meant to outlive us and must not be warned about when forgotten.
_started: list[subprocess.Popen[bytes]] = []


def _leave(var: Path, place: Place) -> None:
    """A user that leaves in order sees to it that a killed keeper is replaced."""
    if place.home.exists() and not is_kept(place):
        _start_keeper(var, place)


def _keeper_failed(place: Place) -> Exception:
    lines = place.keeper_log.read_text(errors="replace").splitlines()[-_LOG_TAIL_LINES:]
    said = " | ".join(lines)
    return refused(
        "start_failed",
        f"内置数据库没有启动：{said}（日志 {place.keeper_log}）",
        f"the embedded server did not start: {said} (log {place.keeper_log})",
    )
