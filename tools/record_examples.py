# ruff: noqa: INP001  a tool, run by its path
"""Record an example call of every operation of the API, out of the tests that make them.

    python tools/record_examples.py

runs the tests of the API and the walk-throughs, keeps for every operation the call that shows most
in fewest words, and writes `src/gongdao/web/api/examples.json`. As a pytest plugin (`-p`) this file
is what listens. Ids, keys and secrets are replaced: nothing recorded opens anything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from django.http import HttpResponse
from django.test import Client

#: Whatever JSON holds.
Json: TypeAlias = Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/gongdao/web/api/examples.json"
HEARD = "HEARD_CALLS"  # variables of gongdao itself are cleaned away for tests
PREFIX = "/api/v1"
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_SECRET = {"key": "gd_live_…", "secret": "whsec_…", "token": "…"}
_MOST_ITEMS = 2
_DONE = (200, 204)


def pytest_configure() -> None:
    """Listen to every call that a test makes of the API."""
    generic = Client.generic
    log = Path(os.environ[HEARD]) / f"{os.getpid()}.jsonl"

    def heard(  # the signature of the method it stands for
        self: Client, method: str, path: str, data: Json = "", *a: Json, **k: Json
    ) -> HttpResponse:
        response = generic(self, method, path, data, *a, **k)
        if path.startswith(PREFIX) and response.status_code in _DONE:
            kind = str(a[0] if a else k.get("content_type", ""))
            line = {"method": method.lower(), "path": path.partition("?")[0]}
            line["request"] = _json(data) if "json" in kind else None
            line["response"] = _json(response.content) if not response.streaming else None
            with log.open("a") as kept:
                kept.write(json.dumps(line, ensure_ascii=False) + "\n")
        return response

    Client.generic = heard  # type: ignore[method-assign]


def _json(content: Json) -> Json:
    try:
        return json.loads(content or "null")
    except (ValueError, TypeError):
        return None


def main() -> None:
    """Run the tests, choose, write."""
    tests = ["tests/web", "tests/walkthrough", "tests/security"]
    run = [sys.executable, "-m", "pytest", "-q", "-n2", "-p", "tools.record_examples", *tests]
    with TemporaryDirectory() as folder:
        calls = _heard(run, folder)
    document = json.loads((ROOT / "docs/reference/openapi.json").read_text("utf-8"))
    found = chosen(document, calls)
    missing = sorted(set(_ids(document)) - set(found))
    TARGET.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    sys.stdout.write(f"{len(found)} examples; without: {', '.join(missing) or 'none'}\n")


def _heard(run: list[str], folder: str) -> list[dict[str, Any]]:
    environ = os.environ | {HEARD: folder, "PYTHONPATH": str(ROOT)}
    subprocess.run(run, cwd=ROOT, env=environ, check=False)  # noqa: S603  our own words
    logs = sorted(Path(folder).glob("*.jsonl"))
    return [json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines()]


def chosen(document: dict[str, Any], calls: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return operation id -> the call that shows most, ids and secrets replaced."""
    patterns = list(_patterns(document))
    best: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {}
    for call in calls:
        name = next(
            (n for n, m, p in patterns if m == call["method"] and p.fullmatch(call["path"])), None
        )
        if name is None:
            continue
        example = {s: shorn(call[s]) for s in ("request", "response") if call[s] is not None}
        worth = _worth(example)
        if name not in best or worth > best[name][0]:
            best[name] = (worth, example)
    return {name: harmless(example) for name, (_, example) in best.items()}


def _worth(example: dict[str, Any]) -> tuple[int, int]:
    """More members that hold something count first, then brevity."""
    text = json.dumps(example, ensure_ascii=False)
    empty = len(re.findall(r": (?:null|\[\]|\{\}|\"\")", text))
    return len(re.findall(r'": ', text)) - 2 * empty, -len(text)


def shorn(value: Json) -> Json:
    """Return the value with long lists cut: two items show as much as twenty."""
    if isinstance(value, list):
        return [shorn(v) for v in value[:_MOST_ITEMS]]
    if isinstance(value, dict):
        return {k: shorn(v) for k, v in value.items()}
    return value


def harmless(example: dict[str, Any]) -> dict[str, Any]:
    """Return the example with its ids numbered and its secrets gone."""
    text = json.dumps(example, ensure_ascii=False)
    for number, found in enumerate(dict.fromkeys(_ID.findall(text)), 1):
        text = text.replace(found, f"0198a0b0-0000-7000-8000-{number:012d}")
    return dict(_kept_secret(json.loads(text)))


def _kept_secret(value: Json) -> Json:
    if isinstance(value, list):
        return [_kept_secret(v) for v in value]
    if isinstance(value, dict):
        return {
            k: _SECRET[k] if k in _SECRET and isinstance(v, str) else _kept_secret(v)
            for k, v in value.items()
        }
    return value


def _patterns(document: dict[str, Any]) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Yield operation id, method and address; addresses without a placeholder first."""
    for path in sorted(document["paths"], key=lambda p: (p.count("{"), p)):
        # A rulebook's name holds slashes.
        pattern = re.sub(r"\{(\w+)\}", lambda m: ".+" if m[1] == "ref" else "[^/]+", path)
        for method, operation in document["paths"][path].items():
            yield operation["operationId"], method, re.compile(pattern)


def _ids(document: dict[str, Any]) -> Iterator[str]:
    for path in document["paths"].values():
        for operation in path.values():
            yield operation["operationId"]


if __name__ == "__main__":
    main()
