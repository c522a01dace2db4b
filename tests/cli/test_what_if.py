"""`gongdao decide --what-if` where the law already gives more than the platform's own table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from gongdao.cli import decide

FACTS = {
    "shipped": True, "received": True, "reason": "no_reason", "claim": "return_refund",
    "fault": "buyer", "excluded_goods": False, "goods_intact": True,
    "signed_at": "2024-08-01T10:00:00+08:00", "opened_at": "2024-08-02T10:00:00+08:00",
}  # fmt: skip
LATE = {**FACTS, "opened_at": "2024-08-09T00:00:01+08:00"}


def run(facts: dict[str, Any], folder: Path, *more: str) -> str:
    path = folder / "facts.json"
    path.write_text(json.dumps(facts), "utf-8")
    line = ["taobao/dispute@2024-03-01/ruling", "--facts", str(path), "--what-if"]
    at = ["--at", "2024-08-05T00:00:00+08:00"]
    result = CliRunner().invoke(decide.app, [*line, *at, *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_outcome_that_the_law_gives_is_said_and_needs_no_change(tmp_path: Path) -> None:
    said = run(FACTS, tmp_path, "--lang", "en").splitlines()
    assert said[1] == (
        "  the law gives already, with no change: remedy: return and refund (LAW-CPL-25, LAW-7D-10)"
    )
    assert "法定底线已经给出：处理方案：退货退款" in run(FACTS, tmp_path)
    assert "already" not in run(LATE, tmp_path, "--lang", "en"), "the law demands nothing then"


def test_every_way_changes_something_and_leads_elsewhere(tmp_path: Path) -> None:
    for facts in (FACTS, LATE):
        found = json.loads(run(facts, tmp_path, "--json"))
        assert found["what_if"]
        for way in found["what_if"]:
            assert way["changes"]
            assert way["outputs"] != found["outputs"]
