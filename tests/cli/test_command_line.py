"""The command line starts fast, refuses with a cure, and serves beside another copy."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongdao.cli.main import COMMANDS
from gongdao.cli.serve import free_port
from tests.store.postgres.users import gone, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

HEAVY = {"django", "ibis", "z3", "duckdb", "psycopg", "granian", "pyarrow"}
PATIENCE_SECONDS = 40


def gongdao(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongdao", *arguments],
        env={"PATH": os.environ["PATH"], "GONGDAO_VAR": os.environ["GONGDAO_VAR"], **environ},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_help_names_every_command_and_imports_none() -> None:
    script = (
        "import sys\nfrom gongdao.cli.main import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted(set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    for command in COMMANDS:
        assert f" {command} " in done.stdout
    assert not HEAVY & set(json.loads(done.stderr.replace("'", '"')))


def test_an_unknown_command_is_bad_input() -> None:
    done = gongdao("doctr")
    assert (done.returncode, done.stdout) == (2, "")
    assert "doctr" in done.stderr


def test_a_wrong_setting_is_told_in_both_languages_with_its_cure() -> None:
    done = gongdao("doctor", GONGDAO_PORT="http")
    assert done.returncode == 2
    assert "settings.bad_value" in done.stderr
    assert "GONGDAO_PORT 的值“http”无效" in done.stderr
    assert "write 1 to 65535" in done.stderr


def test_doctor_reports_and_passes() -> None:
    done = gongdao("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert checks["database"]["verdict"] == "good"
    assert "PostgreSQL 18" in checks["database"]["seen"]["en"]
    assert checks["clock"]["verdict"] == "good"
    assert {"migrations", "disk", "version.python", "version.django"} <= checks.keys()


def test_doctor_refuses_unsafe_settings() -> None:
    done = gongdao("doctor", "--json", GONGDAO_DEBUG="1", GONGDAO_HOSTS="shop.example")
    refused = [c["name"] for c in json.loads(done.stdout) if c["verdict"] == "refused"]
    assert (done.returncode, refused) == (1, ["settings.GONGDAO_DEBUG"])


def test_doctor_refuses_a_database_that_does_not_answer() -> None:
    done = gongdao("doctor", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    refused = [c["name"] for c in json.loads(done.stdout) if c["verdict"] == "refused"]
    assert (done.returncode, refused) == (1, ["database"])


def test_serve_refuses_unsafe_settings() -> None:
    done = gongdao("serve", GONGDAO_SECRET_KEY="short")
    assert done.returncode == 1
    assert "settings.secret_short" in done.stderr


def test_a_taken_port_gives_the_next(taken: int) -> None:
    assert free_port("127.0.0.1", taken) == taken + 1


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on, with a free one after it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            first.listen()
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            second.close()
            yield port
            return


def test_serve_answers_beside_another_copy_and_ends_in_order(taken: int, folder: Path) -> None:
    log = folder / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gongdao", "serve", "--port", str(taken)],
            env={"PATH": os.environ["PATH"], "GONGDAO_VAR": str(folder / "var")},
            stdout=out,
            stderr=out,
        )
    try:
        headers = headers_of(f"http://127.0.0.1:{taken + 1}/static/django_htmx/htmx-2.min.js")
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert f"端口 {taken} 已被占用，改用 {taken + 1}" in log.read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE_SECONDS) == 0
    until(lambda: gone(folder / "var"), "the database stops with its last user")


def headers_of(url: str) -> Message:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.headers
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
