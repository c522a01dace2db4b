from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gongdao.cli import decide, replay, rules

TEMPLATE = Path(__file__).parents[2] / "rulebooks" / "_template" / "late-shipping"


@pytest.fixture(autouse=True)
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "规则 书"
    shutil.copytree(TEMPLATE, folder / "example" / "late-shipping")
    monkeypatch.setenv("GONGDAO_RULEBOOKS", str(folder))
    return folder


def call(app: Any, *arguments: str, given: Any = None) -> Result:
    text = given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(app, list(arguments), input=text, env={"COLUMNS": "200"})


BASIC = ("example/late-shipping", "--at", "2024-06-01T00:00:00+08:00")


def test_decide_answers() -> None:
    result = call(
        decide.app,
        *BASIC,
        "--facts",
        "-",
        "--json",
        given={"notice_given": False, "reason": "out_of_stock", "paid": 100.5},
    )
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["status"] == "decided"
    assert found["outputs"] == {
        "remedy": "compensate",
        "liable": "merchant",
        "compensation": {"fen": 3015},
    }
    assert found["rows"] == [{"table": "compensation", "row": "out-of-stock", "cite": ["EX-1"]}]
    assert found["clauses"][0]["ref"] == "S002-TM-RULE-03"
    assert {"name": "share", "title": "赔付比例", "value": "0.3", "origin": "parameter"} in found[
        "read"
    ]
    assert found["explanation"][0] == "赔付：remedy = 赔付，liable = 商家，compensation = 30.15 元"


def test_decide_undecided_is_exit_3_and_names_the_facts() -> None:
    result = call(decide.app, *BASIC, "--facts", "-", "--json", given={})
    assert result.exit_code == 3
    assert json.loads(result.stdout)["needed"] == ["reason", "paid_at", "notice_given"]
    people = call(decide.app, *BASIC, "--facts", "-", "--lang", "en", given={})
    assert people.exit_code == 3
    assert "still to establish: reason, paid at, buyer was told beforehand" in people.stdout


@pytest.mark.parametrize(
    ("extra", "given", "value", "origin"),
    [
        (("--at", "2024-02-01T10:00:00.75+08:00"), {}, "2024-02-01T02:00:00+00:00", "at"),
        (("--at", "2024-02-01T10:00:00+08:00"), {"now": None}, "2024-02-01T02:00:00+00:00", "at"),
        (
            ("--at", "2024-02-01T10:00:00+08:00"),
            {"now": "2024-03-05T10:00:00+08:00"},
            "2024-03-05T02:00:00+00:00",
            "fact",
        ),
        ((), {}, None, "clock"),
    ],
)
def test_now_is_the_instant_of_the_question_unless_the_facts_say_it(
    extra: tuple[str, ...], given: dict[str, object], value: str | None, origin: str
) -> None:
    facts = {"reason": "late_shipping", "paid_at": "2024-01-31T09:00:00+08:00", **given}
    before = datetime.now(UTC).replace(microsecond=0)
    result = call(decide.app, BASIC[0], "--facts", "-", "--json", *extra, given=facts)
    read = {r["name"]: r for r in json.loads(result.stdout)["read"]}
    assert read["now"]["origin"] == origin
    if value is None:
        said = datetime.fromisoformat(read["now"]["value"])
        assert (said.microsecond, before <= said <= datetime.now(UTC)) == (0, True)
    else:
        assert read["now"]["value"] == value


def test_decide_reads_yaml_files_and_tables_and_versions(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("notice_given: true\n", "utf-8")
    result = call(decide.app, "example/late-shipping@2024-01-01/compensation", "--facts", str(file))
    assert result.exit_code == 0
    assert "不支持诉求" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "given", "code", "field"),
    [
        (BASIC, {"paid": "1.005"}, "facts.wrong_type", "facts.paid"),
        (BASIC, {"payd": 1}, "facts.unknown_fact", "facts.payd"),
        (BASIC, '{"paid": 1, "paid": 2}', "yaml.duplicate_key", "paid"),
        (BASIC, "a: [", "yaml.syntax", None),
        (BASIC, "[" * 100_000, "yaml.too_deep", None),
        (BASIC, '{"paid": 1e400}', "facts.wrong_type", "facts.paid"),
        (BASIC, '{"paid": NaN}', "facts.wrong_type", "facts.paid"),
        (BASIC, "", "facts.not_a_mapping", "facts"),
        (("example/nothing",), {}, "rules.no_such_rulebook", "subject"),
        (("example",), {}, "input.not_a_subject", "subject"),
        (("example/late-shipping/nothing",), {}, "rules.no_such_table", "table"),
        (
            ("example/late-shipping", "--at", "2020-01-01T00:00:00+08:00"),
            {},
            "rules.none_in_force",
            "at",
        ),
        (("example/late-shipping", "--at", "yesterday"), {}, "time.not_an_instant", "at"),
        (("../../etc/passwd",), {}, "input.not_a_subject", "subject"),
    ],
)
def test_bad_input_is_exit_2_with_code_field_message(
    arguments: tuple[str, ...], given: Any, code: str, field: str | None
) -> None:
    result = call(decide.app, *arguments, "--facts", "-", "--json", given=given)
    assert result.exit_code == 2, result.output
    found = json.loads(result.stdout)
    assert (found["code"], found["field"]) == (code, field)
    assert found["message"]


def test_a_missing_file_is_said() -> None:
    result = call(decide.app, *BASIC, "--facts", "/nowhere/facts.json", "--json")
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, "input.unreadable")


TIMELINE = [{"at": "2024-01-03T10:00:00+08:00"}]


def test_replay_says_what_the_clock_did() -> None:
    result = call(
        replay.app,
        "example/late-shipping",
        "--timeline",
        "-",
        "--now",
        "2024-01-06T00:00:00+08:00",
        "--json",
        given={"facts": {"paid": 100}, "timeline": TIMELINE},
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["state"], found["final"], found["next"]) == ("paid_out", "compensated", None)
    assert [(f["do"], f["at"]) for f in found["fired"]] == [("agree", "2024-01-05T02:00:00+00:00")]
    assert found["effects"][0]["amount_fen"] == 3000


def test_replay_says_who_must_act_and_until_when() -> None:
    result = call(
        replay.app,
        "example/late-shipping/claim_compensation",
        "--timeline",
        "-",
        "--now",
        "2024-01-04T00:00:00+08:00",
        given=TIMELINE,
    )
    assert result.exit_code == 0
    assert "等待：商家" in result.stdout
    assert (
        "2024-01-05 10:00:00 agree: 商家须在 48 小时内答复：48 小时，自 2024-01-03 10:00:00 起（HOUSE-1）"
        in result.stdout
    )


@pytest.mark.parametrize(
    ("given", "now", "code"),
    [
        ([], "2024-01-04T00:00:00+08:00", "rules.wrong_type"),
        ({"timeline": [{"at": "x"}]}, "2024-01-04T00:00:00+08:00", "rules.wrong_type"),
        (TIMELINE, "today", "time.not_an_instant"),
        (
            {"facts": {"x": 1}, "timeline": TIMELINE},
            "2024-01-04T00:00:00+08:00",
            "facts.unknown_fact",
        ),
    ],
)
def test_replay_refuses_bad_input(given: Any, now: str, code: str) -> None:
    result = call(
        replay.app, "example/late-shipping", "--timeline", "-", "--now", now, "--json", given=given
    )
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, code)


def test_rules_list_show_check_test() -> None:
    listed = json.loads(call(rules.app, "list", "--json").stdout)
    assert [b["ref"] for b in listed] == ["example/late-shipping@2024-01-01"]
    shown = call(rules.app, "show", "example/late-shipping", "--lang", "en").stdout
    assert "notice_given == true" in shown
    assert "stateDiagram-v2" in shown
    assert call(rules.app, "check").exit_code == 0
    tested = call(rules.app, "test", "--json")
    assert tested.exit_code == 0
    assert json.loads(tested.stdout)["example/late-shipping@2024-01-01"]["cases"] == 3


def test_rules_check_and_test_fail_when_they_should(books: Path) -> None:
    file = books / "example" / "late-shipping" / "2024-01-01.yaml"
    good = file.read_text("utf-8")
    file.write_text(good.replace("value: 30%", "value: 20%"), "utf-8")
    failed = call(rules.app, "test")
    assert failed.exit_code == 1
    assert "compensation: expected {'fen': 3000}, got {'fen': 2000}" in failed.stdout
    file.write_text(good.replace("hit: first", "hit: best"), "utf-8")
    checked = call(rules.app, "check", "--json")
    assert checked.exit_code == 2
    assert json.loads(checked.stdout)[0]["code"] == "rules.unknown_word"
    assert call(rules.app, "test").exit_code == 2
    assert call(rules.app, "show", "example/nothing").exit_code == 2
