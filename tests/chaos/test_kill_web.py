"""Kill -9 of the web server and of its workers, with commands in flight, at any moment.

A client repeats under its key what was not answered: nothing is lost, nothing happens twice.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.chaos.web_client import Client
from tests.store.postgres.users import gone, until

REPOSITORY = Path(__file__).parents[2]
KILLS = 16
CLIENTS = 4
ORDERS = 4000
ANSWERED_BETWEEN_KILLS = 40
PAUSE_SECONDS = (0.0, 0.05)

pytestmark = pytest.mark.chaos


class Server:
    """`gongdao serve`, and the hand that kills and restarts it."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.env = env
        self.log = log
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, wait until it says where it listens."""
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongdao", "serve", "--port", "18731"],
                cwd=REPOSITORY, env=self.env, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        until(lambda: bool(self._said()), "the server says its port")
        self.port = int(self._said()[-1])
        until(lambda: bool(self.workers()), "the server has a worker")

    def _said(self) -> list[str]:
        return re.findall(r"http://127\.0\.0\.1:(\d+)", self.log.read_text("utf-8"))

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer requests."""
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill_a_worker(self, chance: random.Random) -> None:
        """Kill what answers; the server starts another by itself."""
        workers = self.workers()
        if workers:
            chance.choice(workers).kill()

    def kill(self) -> None:
        """Kill all of it at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _answered(clients: list[Client]) -> int:
    return sum(len(client.noted.lines) for client in clients)


def test_commands_in_flight_are_done_once(tmp_path: Path) -> None:
    var, noted = tmp_path / "var", tmp_path / "noted"
    var.mkdir()
    env = {
        "PATH": os.environ["PATH"],
        "GONGDAO_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "gongdao.web.settings",
    }
    if path := os.environ.get("PYTHONPATH"):
        env["PYTHONPATH"] = path

    def cast(*arguments: str) -> object:
        done = subprocess.run(
            [sys.executable, "-m", "tests.chaos.web_cast", *arguments],
            cwd=REPOSITORY, env=env, check=True, capture_output=True, text=True, timeout=180,
        )  # fmt: skip
        return json.loads(done.stdout.splitlines()[-1])

    keys = cast("seed", str(ORDERS), str(CLIENTS))
    server = Server(env, tmp_path / "log")
    server.start()
    pairs = zip(keys["buyer"], keys["merchant"], strict=True)  # type: ignore[index]
    clients = [
        Client(lambda: server.port, pair, range(n + 1, ORDERS + 1, CLIENTS))
        for n, pair in enumerate(pairs)
    ]
    chance = random.Random(20240103)
    try:
        for client in clients:
            client.start()
        answered = 0
        for n in range(KILLS):
            wanted = answered + chance.randint(1, ANSWERED_BETWEEN_KILLS)
            until(lambda: _answered(clients) >= wanted, "commands are answered again")  # noqa: B023
            time.sleep(chance.uniform(*PAUSE_SECONDS))
            answered = _answered(clients)
            # A server whose worker dies twice within seconds takes that for a fault of its own
            # and ends, as it should: each gets one such kill, the next one ends all of it.
            if n % 3 == 1:
                server.kill_a_worker(chance)
            else:
                server.kill()
                server.start()
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join(90)
            assert not client.is_alive(), "every command is answered in the end"
    finally:
        server.kill()
    lines = [line for client in clients for line in client.noted.lines]
    noted.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    found = cast("check", str(noted))
    assert isinstance(found, dict)
    again = sum(client.noted.again for client in clients)
    repeated = sum(client.noted.repeated for client in clients)
    faults = sum((client.faults for client in clients), Counter())
    print(found, "acknowledged", len(lines), "sent again", again, "done all the same", repeated)
    print(faults)
    assert [t for client in clients for t in client.trouble] == []
    assert found["problems"] == []
    assert found["ledger"] == 0
    assert found["receipts"] == len(lines) == len({line["key"] for line in lines})
    assert found["cases"] > 30, "the killing left time to work"
    assert found["payments"] > 10
    assert again > KILLS // 2, "commands were in flight when it was killed"
    until(lambda: gone(var), "the database stops")
