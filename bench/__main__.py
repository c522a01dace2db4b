"""`python -m bench [NAME…]`: run every benchmark, or those named; print the table, keep the report.

Uses a database server of its own under `var/bench`, with the settings that gongdao ships.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path

from bench import report

HERE = Path(__file__).parent


def _names() -> list[str]:
    """Return every module of this folder that has a `run`."""
    return sorted(p.stem for p in HERE.glob("*.py") if "\ndef run() ->" in p.read_text("utf-8"))


def main(asked: list[str]) -> int:
    known = _names()
    if unknown := [name for name in asked if name not in known]:
        print(f"没有 no such benchmark: {', '.join(unknown)}; 有 there are: {', '.join(known)}")
        return 2
    found: dict[str, list[report.Figure]] = {}
    failed: list[str] = []
    for name in asked or known:
        print(f"… {name}", flush=True)
        load = os.getloadavg()[0]
        try:
            figures = importlib.import_module(f"bench.{name}").run()
        except Exception:  # noqa: BLE001  one benchmark that fails stops no other
            traceback.print_exc()
            failed.append(name)
            continue
        found[name] = figures if isinstance(figures, list) else [figures]
        report.write({name: found[name]}, load)
    report.show([f for figures in found.values() for f in figures])
    if failed:
        print(f"失败 failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    os.environ["GONGDAO_VAR"] = str(HERE.parent / "var" / "bench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongdao.web.settings"
    sys.exit(main(sys.argv[1:]))
