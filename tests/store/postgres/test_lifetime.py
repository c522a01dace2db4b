"""The server is there while anybody uses it, and gone afterwards, however users end."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import psycopg
import pytest

from gongdao.core.kernel.findings import Refused
from gongdao.store.config import Settings, load
from gongdao.store.postgres import address, database, ensure_running
from gongdao.store.postgres.keeper import LINGER_SECONDS
from gongdao.store.postgres.place import place_for
from tests.store.postgres.users import gone, joined, keeper, postmaster, server_of, until, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def var(folder: Path) -> Iterator[Path]:
    """A folder for a server of this test alone, which must be gone at the end."""
    made = folder / "var"
    made.mkdir()
    yield made
    until(lambda: gone(made), "the server stops after its last user")


def settings(var: Path) -> Settings:
    return load({"GONGDAO_VAR": str(var)})


def test_racing_starters_share_one_server(var: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(user(var)) for _ in range(4)]
        assert len({joined(one) for one in users}) == 1


def test_it_stays_until_the_last_user_leaves(var: Path) -> None:
    with user(var) as second:
        with user(var) as first:
            started = joined(first)
            assert joined(second) == started
        pid = postmaster(var)
        with user(var) as third:
            assert joined(third) == started
        time.sleep(2 * LINGER_SECONDS)  # longer than a server without users lives
        assert postmaster(var) == pid
    until(lambda: gone(var), "the server stops")


def test_a_killed_last_user_does_not_keep_it_up(var: Path) -> None:
    with user(var) as only:
        joined(only)
        only.send_signal(signal.SIGKILL)
        only.wait()
        until(lambda: gone(var), "the server stops")


def test_what_was_committed_outlives_the_server(var: Path) -> None:
    with database(settings(var)) as where, psycopg.connect(where.dsn) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES ('公道')")
    until(lambda: gone(var), "the server stops")
    with database(settings(var)) as where, psycopg.connect(where.dsn) as connection:
        assert connection.execute("SELECT text FROM kept").fetchall() == [("公道",)]


def test_a_killed_postmaster_is_started_again_under_its_users(var: Path) -> None:
    with database(settings(var)) as where:
        with psycopg.connect(where.dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        before = postmaster(var)
        os.kill(before, signal.SIGKILL)
        until(lambda: gone_pid(var, before), "the keeper starts another")
        ensure_running(settings(var))
        with psycopg.connect(where.dsn) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def gone_pid(var: Path, pid: int) -> bool:
    now = server_of(var).running_pid()
    return now is not None and now != pid


def test_keeper_and_postmaster_killed_together(var: Path) -> None:
    with user(var) as first:
        joined(first)
        keeper(var).kill()
        os.kill(postmaster(var), signal.SIGKILL)
        first.send_signal(signal.SIGKILL)
        first.wait()
        with user(var) as second:
            joined(second)


def test_a_busy_backend_left_by_a_killed_postmaster_is_awaited(var: Path) -> None:
    with database(settings(var)) as where:
        with psycopg.connect(where.dsn) as busy:
            busy.execute("SET statement_timeout = 0")
            os.kill(postmaster(var), signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                busy.execute(
                    "SELECT count(*) FROM generate_series(1, 200000000) a WHERE a % 7 = pi()"
                )
        ensure_running(settings(var))
        with psycopg.connect(where.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_keeper_is_replaced_and_adopts_the_server(var: Path) -> None:
    with user(var) as first:
        started = joined(first)
        pid = postmaster(var)
        keeper(var).kill()
        keeper_gone = place_for(var).keeper_lock
        assert keeper_gone.exists()
        with user(var) as second:
            assert joined(second) == started
        assert postmaster(var) == pid


def test_a_recycled_process_id_is_not_taken_for_the_server(var: Path) -> None:
    with database(settings(var)):
        pass
    until(lambda: gone(var), "the server stops")
    stale = place_for(var).data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n\n\n0 0\nready\n")
    with database(settings(var)) as where, psycopg.connect(where.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_half_made_data_folder_is_made_anew(var: Path) -> None:
    place = place_for(var)
    place.prepare()
    half = place.home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with database(settings(var)) as where:
        psycopg.connect(where.dsn).close()


def test_data_of_another_version_is_refused_with_a_cure(var: Path) -> None:
    place = place_for(var)
    place.prepare()
    place.data.mkdir()
    (place.data / "PG_VERSION").write_text("11\n")
    with pytest.raises(Refused, match="PostgreSQL 11's") as refusal, database(settings(var)):
        pass
    assert refusal.value.code == "postgres.start_failed"


@pytest.mark.parametrize("name", ["路径 有空格", 'it\'s "quoted", $HOME', "长" * 60])
def test_any_path_will_do(folder: Path, name: str) -> None:
    var = folder / name / "var"
    with user(var) as one:
        joined(one)
        where = address(settings(var))
        assert len(os.fsencode(f"{where.host}/.s.PGSQL.5432")) <= 103
        with psycopg.connect(where.url) as connection:
            assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    until(lambda: gone(var), "the server stops")


def test_settings_of_the_server(var: Path) -> None:
    with database(settings(var)) as where, psycopg.connect(where.dsn) as connection:

        def show(name: str) -> str:
            return connection.execute(f"SHOW {name}").fetchone()[0]

        assert [show(name) for name in ("fsync", "synchronous_commit", "listen_addresses")] == [
            "on",
            "on",
            "",
        ]
        assert (show("server_encoding"), show("max_connections")) == ("UTF8", "60")
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'gongdao'"
        assert connection.execute(locale).fetchone() == ("b", "C.UTF-8")
        # Order and case must not depend on the host's locale.
        assert connection.execute("SELECT upper('é'), 'Z' < 'a'").fetchone() == ("É", True)
