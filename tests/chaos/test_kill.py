"""Kill -9 of workers, of the processes that give commands, and of the database, at any moment.

Nothing acknowledged is lost, nothing is done twice, and the work goes on.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.postgres.users import gone, postmaster, until

REPOSITORY = Path(__file__).parents[2]
KILLS = 50
KILLS_OF_THE_DATABASE = 6
PAUSE_SECONDS = (0.15, 1.4)

pytestmark = pytest.mark.chaos


class Cast:
    """The processes, and the hand that kills and replaces them."""

    def __init__(self, var: Path, noted: Path) -> None:
        self.noted = noted
        self.env = {
            "PATH": os.environ["PATH"],
            "GONGDAO_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "gongdao.web.settings",
        }
        self.roles = {
            "worker 1": ["-m", "gongdao", "worker", "run", "--batch", "20"],
            "worker 2": ["-m", "gongdao", "worker", "run", "--batch", "20"],
            "client 1": ["-m", "tests.chaos.cast", "command", str(noted) + ".1", "1"],
            "client 2": ["-m", "tests.chaos.cast", "command", str(noted) + ".2", "2"],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, role: str) -> None:
        self.running[role] = subprocess.Popen(
            [sys.executable, *self.roles[role]],
            cwd=REPOSITORY,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, role: str) -> None:
        process = self.running.pop(role)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=REPOSITORY, env=self.env, check=True, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        return done.stdout


def test_nothing_lost_nothing_twice(tmp_path: Path) -> None:
    var, noted = tmp_path / "var", tmp_path / "noted"
    var.mkdir()
    for n in (1, 2):
        Path(f"{noted}.{n}").touch()
    cast = Cast(var, noted)
    chance = random.Random(20240103)
    cast.run("-m", "tests.chaos.cast", "seed")
    holder = subprocess.Popen(
        [sys.executable, "-c", ("import sys; from gongdao.store.postgres import connect_info;"
         " connect_info(); sys.stdin.read()")],
        env=cast.env, stdin=subprocess.PIPE,
    )  # fmt: skip
    try:
        for role in cast.roles:
            cast.start(role)
        time.sleep(1.5)
        hits = ["database"] * KILLS_OF_THE_DATABASE
        hits += [list(cast.roles)[n % 4] for n in range(KILLS - len(hits))]
        chance.shuffle(hits)
        for role in hits:
            time.sleep(chance.uniform(*PAUSE_SECONDS))
            if role == "database":
                pid = postmaster(var)
                if pid is not None:
                    os.kill(pid, signal.SIGKILL)
            else:
                cast.kill(role)
                cast.start(role)
        time.sleep(3)
        for role in list(cast.running):
            cast.kill(role)
        cast.run("-m", "gongdao", "worker", "run", "--once")
        Path(noted).write_text("".join(Path(f"{noted}.{n}").read_text() for n in (1, 2)))
        found = json.loads(cast.run("-m", "tests.chaos.cast", "check", str(noted)))
    finally:
        for role in list(cast.running):
            cast.kill(role)
        holder.communicate()
    acknowledged = len(noted.read_text().splitlines())
    print(found, "acknowledged", acknowledged)
    assert found["problems"] == []
    assert found["ledger"] == 0
    assert found["waiting"] == 0
    assert found["cases"] > 100, "the killing left time to work"
    assert found["fired"] > 20
    assert found["paid"] > 100
    until(lambda: gone(var), "the server stops")
