"""Every executable rule of the inventory lives in a rulebook and has a golden case."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from gongdao.library.coverage import coverage
from gongdao.library.reference import pages
from gongdao.library.shelf import Shelf

ROOT = Path(__file__).parents[2]


def test_the_whole_inventory_is_covered() -> None:
    found = coverage(Shelf())
    assert Counter(r.exec for r in found.rules) == {"E": 276, "C": 47, "V": 43}
    assert [f.message.en for f in found.findings] == []


def test_a_rule_without_home_or_case_is_found_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "rulebooks" / "_template" / "late-shipping", tmp_path / "shop" / "late-shipping"
    )
    for path in (tmp_path / "shop" / "late-shipping").glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("example/", "shop/"), "utf-8")
    (tmp_path / "_inventory.yaml").write_text(
        "rules:\n"
        "  S002-TM-RULE-03: {exec: E, says: out of stock}\n"
        "  S009-X-01: {exec: E, says: nowhere}\n"
        "  S009-X-02: {exec: V, says: advice}\n",
        "utf-8",
    )
    shelf = Shelf(tmp_path)
    found = coverage(shelf)
    assert [(f.code, f.field, f.where) for f in found.findings] == [
        ("inventory.uncovered", "rules.S009-X-01", f"{tmp_path.name}/_inventory.yaml:3")
    ]
    assert found.rules[0].homes[0].clause == "EX-1"
    page = pages(shelf, found)["reference/rule-coverage.md"]
    assert "`shop/late-shipping@2024-01-01` EX-1" in page
    assert "建议 · advice" in page
    book = pages(shelf, found)["reference/rulebooks/shop-late-shipping.md"]
    assert "stateDiagram-v2" in book
    assert "| out-of-stock | reason == out_of_stock |" in book
    (tmp_path / "shop" / "late-shipping" / "2024-01-01.cases.yaml").unlink()
    assert [f.message.en for f in coverage(shelf).findings] == [
        "S002-TM-RULE-03 has no golden case",
        "S009-X-01 lives in no rulebook",
    ]
