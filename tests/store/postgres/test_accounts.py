"""The server runs for root and for ordinary users, wherever the folders lie."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from gongdao.store.config import load
from gongdao.store.postgres import address, database
from gongdao.store.postgres.account import Account, server_account
from gongdao.store.postgres.place import SHELTER, WHEEL, binaries_for, place_for
from tests.store.postgres.users import USER, gone, postmaster, until

NOBODY = Account(65534, 65534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop rights")


@as_root
def test_root_lends_only_the_server_to_another_account(folder: Path) -> None:
    var = folder / "var"
    with database(load({"GONGDAO_VAR": str(var)})):
        pid = postmaster(var)
        assert Path(f"/proc/{pid}").stat().st_uid == server_account(()).uid != 0
        assert os.geteuid() == 0
    until(lambda: gone(var), "the server stops")


@as_root
def test_the_owner_of_the_project_folder_owns_its_data(folder: Path) -> None:
    project = folder / "project"
    project.mkdir()
    games = pwd.getpwnam("games")
    os.chown(project, games.pw_uid, games.pw_gid)
    assert place_for(project / "var").account == Account(games.pw_uid, games.pw_gid)


@as_root
def test_an_owner_without_a_name_cannot_run_it(folder: Path) -> None:
    """A folder mounted into a container belongs to a number that nobody there has heard of."""
    project = folder / "project"
    project.mkdir()
    os.chown(project, 12_345, 12_345)
    settings = load({"GONGDAO_VAR": str(project / "var")})
    with database(settings) as where, psycopg.connect(where.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    until(lambda: gone(settings.var), "the server stops")


@as_root
def test_a_folder_closed_to_others_moves_the_server_to_shelter(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    settings = load({"GONGDAO_VAR": str(var)})
    home = place_for(var).home
    assert home.parent == SHELTER
    try:
        with database(settings) as where, psycopg.connect(where.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        until(lambda: gone(var), "the server stops")
    finally:
        shutil.rmtree(home)


@as_root
def test_binaries_closed_to_others_are_copied_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = find_spec(WHEEL)
    assert spec
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(package, closed / WHEEL, ignore=shutil.ignore_patterns("pginstall"))
    shutil.copytree(package.with_name(f"{WHEEL}.libs"), closed / f"{WHEEL}.libs")
    monkeypatch.syspath_prepend(closed)
    binaries = binaries_for(NOBODY)
    assert SHELTER in binaries.parents
    for program in ("initdb", "postgres"):  # initdb also needs the libraries beside the wheel
        subprocess.run(
            [binaries / program, "--version"],
            **NOBODY.identity,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )
    made = binaries.stat().st_mtime_ns
    assert binaries_for(NOBODY).stat().st_mtime_ns == made


@as_root
def test_an_ordinary_user_runs_a_server_of_its_own(folder: Path) -> None:
    python = next(
        (
            path
            for name in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
            if (path := Path(name)).exists() and NOBODY.can_enter(path)
        ),
        None,
    )
    if python is None:
        pytest.skip("no Python here that an ordinary user may run")
    var = folder / "var"
    var.mkdir()
    os.chown(var, NOBODY.uid, NOBODY.gid)
    done = subprocess.run(
        [python, "-c", USER],
        env={
            "PATH": "/usr/bin:/bin",
            "GONGDAO_VAR": str(var),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        **NOBODY.identity,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.stdout.startswith("joined "), done.stderr
    assert (var / "postgres" / "data").stat().st_uid == NOBODY.uid
    until(lambda: gone(var), "the server stops")


def test_closed_folders_are_seen(folder: Path) -> None:
    inner = folder / "closed" / "inner"
    inner.mkdir(parents=True)
    other = Account(54_321, 54_321)
    assert other.can_enter(inner)
    inner.parent.chmod(0o700)
    assert not other.can_enter(inner)
    assert not other.can_enter(inner / "not there yet")
    inner.parent.chmod(0o711)
    assert other.can_enter(inner)


def test_an_external_url_starts_nothing(folder: Path) -> None:
    url = "postgresql://me:p%40ss@db.example:6543/court?sslmode=require"
    where = address(load({"GONGDAO_VAR": str(folder / "var"), "DATABASE_URL": url}))
    assert (where.host, where.port, where.dbname, where.user, where.password) == (
        "db.example",
        6543,
        "court",
        "me",
        "p@ss",
    )
    assert where.options == (("sslmode", "require"),)
    assert where.url == url
    assert "p@ss" not in repr(where)
    assert not (folder / "var" / "postgres").exists()
