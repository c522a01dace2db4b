"""`gongdao rules check` over all rulebooks: seconds, with nothing kept from an earlier run."""

from __future__ import annotations

import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.report import Figure
from gongdao.library.shelf import Shelf


def run() -> list[Figure]:
    """Check every rulebook once anew, and once more when nothing has changed."""
    books = len(Shelf().files())
    with TemporaryDirectory() as var:
        anew, again = _seconds(var), _seconds(var)
    return [
        _figure("检查全部规则书 rules check, every rulebook anew", anew, books),
        _figure("同上，规则书未变 the same, nothing changed since", again, books),
    ]


def _seconds(var: str) -> float:
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "gongdao", "rules", "check"],
        env={**os.environ, "GONGDAO_VAR": var},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode() or done.stdout.decode())
    return perf_counter() - start


def _figure(name: str, seconds: float, books: int) -> Figure:
    return {
        "name": name,
        "ours": f"{seconds:.1f} s",
        "ratio": None,
        "target": "",
        "met": None,
        "details": {"rulebooks": books},
    }
