"""Bad input on the command line: a clear error naming the field, exit 2, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gongdao.cli import decide
from gongdao.library.shelf import Shelf

DISPUTE = "house/dispute@2020-01-01/ruling"
EARLY, LATE = "2024-08-01T10:00:00+08:00", "2024-08-02T10:00:00+08:00"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGDAO_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(subject: str, given: Any, *more: str) -> Result:
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return CliRunner().invoke(decide.app, [subject, "--facts", "-", "--json", *more], input=text)


@pytest.mark.parametrize(
    ("subject", "given", "code", "field"),
    [
        ("law/consumer-protection@2024-07-01/punitive", {"price": "-1"}, "facts.out_of_bounds", "facts.price"),
        ("law/consumer-protection@2024-07-01/punitive", {"price": "1e30"}, "facts.wrong_type", "facts.price"),
        ("law/consumer-protection@2024-07-01/punitive", {"price": {"fen": 10**40}}, "facts.wrong_type", "facts.price"),
        ("law/consumer-protection@2024-07-01/punitive", {"price": [1]}, "facts.wrong_type", "facts.price"),
        (DISPUTE, {"shipped": "maybe"}, "facts.wrong_type", "facts.shipped"),
        (DISPUTE, {"shipped": 1}, "facts.wrong_type", "facts.shipped"),
        (DISPUTE, {"reason": "gone"}, "facts.wrong_type", "facts.reason"),
        (DISPUTE, {"opened_at": "2024-08-01T10:00:00"}, "facts.wrong_type", "facts.opened_at"),
        (DISPUTE, {"opened_at": "2024-08-01"}, "facts.wrong_type", "facts.opened_at"),
        (DISPUTE, {"opened_at": EARLY, "signed_at": LATE}, "facts.contradictory", "facts.opened_at"),
        ("douyin/exam@2023-11-15", {"questions_asked": 10, "correct": 11}, "facts.contradictory", "facts.correct"),
        ("jd/dispute@2025-07-04/dispute_rate", {"disputed_orders": 3, "valid_orders": 2}, "facts.contradictory", "facts.disputed_orders"),
        ("douyin/merchant-level@2020-04-10", {"orders_to_ship": 1, "on_time_orders": 2}, "facts.contradictory", "facts.on_time_orders"),
    ],
)  # fmt: skip
def test_a_faulty_fact_is_named(
    subject: str, given: Any, code: str, field: str, folder: Path
) -> None:
    book = Shelf().exact(subject.rpartition("/")[0] if subject.count("/") > 1 else subject)
    table = subject.rpartition("/")[2]
    chosen = subject if table in book.tables else f"{book.ref}/{next(iter(book.tables))}"
    result = ask(chosen, given)
    assert result.exit_code == 2, result.output
    found = json.loads(result.stdout)
    assert (found["code"], found["field"]) == (code, field)
    assert found["message"]
    assert found["cure"]
    assert list(folder.iterdir()) == []


def rates() -> list[tuple[str, str]]:
    return [
        (f"{book.ref}/{next(iter(book.tables))}", fact.name)
        for book in Shelf().all()
        for fact in book.facts.values()
        if fact.maximum == 1 and book.tables
    ]


def test_a_rate_above_one_is_refused() -> None:
    found = rates()
    assert found
    for subject, name in found:
        result = ask(subject, {name: "101%"})
        assert (result.exit_code, json.loads(result.stdout)["field"]) == (2, f"facts.{name}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml.anchor"),
        ("a: !!python/object/apply:os.system ['true']\n", "yaml.tag"),
        ("[" * 5000, "yaml.too_deep"),
        ("reason: yes\n", "yaml.boolean_word"),
        ("reason: quality\nreason: damaged\n", "yaml.duplicate_key"),
        ("\ufeff\t- x", "yaml.tab"),
        ("[1, 2]", "facts.not_a_mapping"),
    ],
)
def test_hostile_yaml_is_refused_before_it_is_built(text: str, code: str, folder: Path) -> None:
    result = ask(DISPUTE, text)
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, code)
    assert list(folder.iterdir()) == []


def test_a_file_of_100_mb_is_refused_without_being_read(folder: Path) -> None:
    path = folder / "facts.json"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    result = CliRunner().invoke(decide.app, [DISPUTE, "--facts", str(path), "--json"])
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, "yaml.too_large")


def test_the_words_of_the_sources_are_understood() -> None:
    one = ask(DISPUTE, {"merchant_fault": "成立", "shipped": False, "buyer_fault": "不成立"})
    two = ask(DISPUTE, {"merchant_fault": "proven", "shipped": False, "buyer_fault": "refuted"})
    assert one.exit_code == 0
    assert json.loads(one.stdout)["outputs"] == json.loads(two.stdout)["outputs"]


def test_the_law_overrides_a_platform_and_both_are_cited() -> None:
    given = {
        "shipped": True, "received": True, "reason": "no_reason", "claim": "return_refund", "fault": "buyer",
        "excluded_goods": False, "goods_intact": True, "signed_at": EARLY, "opened_at": LATE,
    }  # fmt: skip
    at = ("--at", "2024-08-05T00:00:00+08:00")
    found = json.loads(ask("taobao/dispute@2024-03-01/ruling", given, *at).stdout)
    assert found["outputs"]["remedy"] == "return_refund"
    assert found["floor"]["cite"] == ["LAW-CPL-25", "LAW-7D-10"]
    assert found["floor"]["raised"] == {"remedy": {"from": "dismiss", "to": "return_refund"}}
    assert [c["id"] for c in found["clauses"]] == ["TB-XE-06", "HOUSE-4"]
    late = {**given, "opened_at": "2024-08-09T00:00:01+08:00"}
    found = json.loads(ask("taobao/dispute@2024-03-01/ruling", late, *at).stdout)
    assert (found["outputs"]["remedy"], found["floor"]) == ("dismiss", None)
