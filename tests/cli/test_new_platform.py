"""The how-to page on a new platform, done as written; and what the rule commands refuse."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gongdao.cli import decide, rules
from gongdao.core.process.svg import draw_svg
from gongdao.library.shelf import Shelf

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "new-platform.md"
APPS = {"rules": rules.app, "decide": decide.app}


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "规则 书"
    folder.mkdir()
    monkeypatch.setenv("GONGDAO_RULEBOOKS", str(folder))
    monkeypatch.setenv("GONGDAO_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    return folder


def run(line: str) -> Result:
    words = shlex.split(line)
    assert words[0] == "gongdao"
    return CliRunner().invoke(APPS[words[1]], words[2:], env={"COLUMNS": "200"})


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_the_page_works_as_written(shelf: Path, tmp_path: Path) -> None:
    outputs: dict[str, str] = {}
    for line in commands():
        if line.startswith("echo "):
            words = shlex.split(line)
            (tmp_path / words[3]).write_text(words[1], "utf-8")
            continue
        result = run(line)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        outputs[line] = result.output
    assert len(outputs) == 8
    made = sorted(p.relative_to(shelf).as_posix() for p in shelf.rglob("*.yaml"))
    assert made == [
        "shop/late-shipping/2025-02-01.cases.yaml",
        "shop/late-shipping/2025-02-01.yaml",
        "shop/late-shipping/2025-06-01.cases.yaml",
        "shop/late-shipping/2025-06-01.yaml",
        "shop/platform.yaml",
    ]
    assert (tmp_path / "pictures" / "claim_compensation.svg").read_text("utf-8").startswith("<svg")
    decided = next(o for line, o in outputs.items() if line.startswith("gongdao decide"))
    assert "处理方案：赔付，责任方：商家，赔付：30.00 元，依据 EX-1" in decided
    assert "“事先告知买家”由“否”变为“是” → 处理方案：不支持诉求" in decided


def test_a_file_that_is_there_is_never_overwritten(shelf: Path) -> None:
    line = "gongdao rules new shop/late --effective 2025-02-01"
    assert run(line).exit_code == 0
    before = {p: p.read_bytes() for p in shelf.rglob("*.yaml")}
    again = run(line)
    assert again.exit_code == 2
    assert "rules.exists" in again.output
    assert {p: p.read_bytes() for p in shelf.rglob("*.yaml")} == before


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("gongdao rules new shop --effective 2025-02-01", "input.bad_subject"),
        ("gongdao rules new ../evil/book --effective 2025-02-01", "input.bad_subject"),
        ("gongdao rules new shop/late --effective 2025-02-30", "input.bad_effective"),
        ("gongdao rules diff shop/late@2025-02-01 shop/late@2026-01-01", "rules.no_such_rulebook"),
        ("gongdao rules draw shop/late/nothing", "rules.no_such_rulebook"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    line: str, code: str, shelf: Path
) -> None:
    result = run(line)
    assert result.exit_code == 2
    assert code in result.output
    assert list(shelf.rglob("*")) == []


def copy_changed(shelf: Path, *changes: tuple[str, str]) -> None:
    run("gongdao rules new shop/late --effective 2025-02-01")
    run("gongdao rules new shop/late --effective 2025-06-01")
    path = shelf / "shop" / "late" / "2025-06-01.yaml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_two_versions_are_compared_in_the_words_of_the_rules(shelf: Path) -> None:
    copy_changed(shelf, ("value: 30%", "value: 20%"), ("value: 48h", "value: 24h"))
    line = "gongdao rules diff shop/late@2025-02-01 shop/late@2025-06-01 --json --lang en"
    found = json.loads(run(line).stdout)
    changed = {
        d["name"]: (d["kind"], d["section"], d["old"], d["new"]) for d in found["differences"]
    }
    assert changed["share"] == ("changed", "parameters", "share = 0.3", "share = 0.2")
    assert changed["claim_compensation/awaiting_merchant/merchant_reply"][:2] == (
        "changed",
        "deadlines",
    )
    assert {(c["old_row"], c["new_row"]) for c in found["cases"]} >= {
        ("out-of-stock", "out-of-stock")
    }


def test_a_party_can_change_only_by_its_own_evidence(tmp_path: Path) -> None:
    run("gongdao rules new shop/late --effective 2025-02-01")
    facts = tmp_path / "facts.json"
    facts.write_text('{"reason": "out_of_stock", "notice_given": false, "paid": "10.00"}', "utf-8")
    line = f"gongdao decide shop/late --facts {facts.name} --json --as"
    ways: Any = json.loads(run(f"{line} merchant").stdout)["what_if"]
    assert [[c["name"] for c in w["changes"]] for w in ways] == [["notice_given"]]
    assert ways[0]["outputs"]["remedy"] == "dismiss"
    assert json.loads(run(f"{line} buyer").stdout)["what_if"] == []


def test_what_is_on_record_nobody_can_change(tmp_path: Path) -> None:
    """Shipped late and not told: only having been told is a way out, never another date."""
    run("gongdao rules new shop/late --effective 2025-02-01")
    facts = {
        "reason": "late_shipping", "notice_given": False, "paid": "10.00",
        "paid_at": "2025-03-01T10:00:00+08:00",
    }  # fmt: skip
    (tmp_path / "facts.json").write_text(json.dumps(facts), "utf-8")
    line = "gongdao decide shop/late --facts facts.json --at 2025-03-20T00:00:00+08:00 --what-if"
    found: Any = json.loads(run(f"{line} --json").stdout)
    assert found["outputs"]["remedy"] == "compensate"
    assert [[c["name"] for c in w["changes"]] for w in found["what_if"]] == [["notice_given"]]
    assert [f["name"] for f in found["on_record"]] == ["now", "paid_at", "paid", "reason"]
    said = run(f"{line} --lang en").stdout
    assert "on record, so that nobody can change them: now, paid at, amount paid, reason" in said
    facts |= {"paid_at": None}
    (tmp_path / "facts.json").write_text(json.dumps(facts), "utf-8")
    open_ways: Any = json.loads(run(f"{line} --json").stdout)["what_if"]
    names = [c["name"] for w in open_ways for c in w["changes"]]
    assert "paid_at" in names, "what is not known yet may be found out"


def test_what_is_still_needed_is_listed_cheapest_first(tmp_path: Path) -> None:
    run("gongdao rules new shop/late --effective 2025-02-01")
    (tmp_path / "facts.json").write_text('{"paid": "10.00", "reason": "out_of_stock"}', "utf-8")
    result = run("gongdao decide shop/late --facts facts.json --json --what-if")
    assert result.exit_code == 3
    assert [n["name"] for n in json.loads(result.stdout)["still_needed"]] == ["notice_given"]


def test_a_picture_shows_every_state_and_needs_nothing_else(shelf: Path) -> None:
    shutil.copytree(
        ROOT / "rulebooks" / "kuaishou" / "after-sale", shelf / "kuaishou" / "after-sale"
    )
    book = Shelf().versions("kuaishou/after-sale")[-1]
    for process in book.processes.values():
        picture = draw_svg(process)
        assert all(f">{name}</text>" in picture for name in process.states)
        assert picture.count('class="arrow"') == sum(
            len(s.actions) for s in process.states.values()
        )
        assert "href" not in picture
