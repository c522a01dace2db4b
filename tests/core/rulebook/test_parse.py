from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.time import Span
from gongdao.core.kernel.words import Role
from gongdao.core.process.check import check_processes
from gongdao.core.rulebook.check import check_book
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.literal import decimal_text, plain, read_literal
from gongdao.core.rulebook.model import Kind, TypeOf
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.core.rulebook.platform import Question, parse_platform
from gongdao.core.rulebook.processes import EffectKind
from tests.core.rulebook.books import (
    BASE,
    BOTH,
    action,
    book,
    data,
    deadline,
    process,
    row,
    state,
    table,
)


def codes(**changes: Any) -> list[tuple[str, str | None]]:
    return [(f.code, f.field) for f in parse_rulebook(data(**changes)).findings]


RULING = "tables.ruling.rows.0"


def of_row(**changes: Any) -> list[tuple[str, str | None]]:
    return codes(tables={"ruling": table([{**row("a", {}, liable="buyer"), **changes}])})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: codes(surprise=1), [("rules.unknown_key", "surprise")]),
        (lambda: codes(facts={"x": {"type": "text", "zh": "一"}}), [("rules.missing_key", "facts.x"), ("rules.wrong_type", "facts.x.en")]),
        (lambda: codes(facts={"x": {"type": "text", **BOTH, "max": 3}}), [("rules.no_bounds", "facts.x.max")]),
        (lambda: codes(version="2024"), [("rules.bad_identity", "version")]),
        (lambda: codes(governs_by="now"), [("rules.unknown_word", "governs_by")]),
        (lambda: codes(asks="nothing"), [("rules.unknown_word", "asks")]),
        (lambda: codes(in_force={"from": "2024-01-01T00:00:00"}), [("rules.wrong_type", "in_force.from")]),
        (lambda: codes(in_force={"until": "2023-01-01T00:00:00+08:00"}), [("rules.empty_interval", "in_force")]),
        (lambda: codes(facts={"x": {"type": "float", **BOTH}}), [("rules.unknown_type", "facts.x.type")]),
        (lambda: codes(facts={"X": {"type": "text", **BOTH}}), [("rules.bad_name", "facts.X")]),
        (lambda: codes(facts={"waiting": {"type": "text", **BOTH}}), [("rules.name_taken", "parameters.waiting")]),
        (lambda: codes(facts={"is": {"type": "text", **BOTH}}), [("rules.name_reserved", "facts.is")]),
        (lambda: codes(facts={"x": {"type": "money", **BOTH, "min": 5}}), [("rules.wrong_type", "facts.x.min")]),
        (lambda: codes(parameters={"x": {"type": "span", "value": "48", **BOTH, "cite": ["C-1"]}}), [("rules.wrong_type", "parameters.x.value")]),
        (lambda: codes(parameters={"x": {"type": "span", "value": "48h", **BOTH, "cite": []}}), [("rules.uncited", "parameters.x.cite")]),
        (lambda: of_row(cite=[]), [("rules.uncited", f"{RULING}.cite")]),
        (lambda: of_row(cite=["C-9"]), [("rules.unknown_clause", f"{RULING}.cite.0")]),
        (lambda: of_row(when={"nothing": 1}), [("rules.unknown_name", f"{RULING}.when.nothing")]),
        (lambda: of_row(when={"payment": "card"}), [("rules.bad_value", f"{RULING}.when.payment")]),
        (lambda: of_row(when={"told": "> true"}), [("rules.no_order", f"{RULING}.when.told")]),
        (lambda: of_row(when={"days": "> paid"}), [("rules.bad_type", f"{RULING}.when.days")]),
        (lambda: of_row(when={"days": "> 1 +"}), [("rules.bad_expression", f"{RULING}.when.days")]),
        (lambda: of_row(when={True: 1}), [("rules.key_not_text", f"{RULING}.when")]),
        (lambda: of_row(when=[]), [("rules.wrong_type", f"{RULING}.when")]),
        (lambda: of_row(then={"liable": "nobody"}), [("rules.bad_value", f"{RULING}.then.liable")]),
        (lambda: of_row(then={"more": 1}), [("rules.unknown_key", f"{RULING}.then.more")]),
        (lambda: of_row(then={"liable": "= paid"}), [("rules.bad_type", f"{RULING}.then.liable")]),
        (lambda: codes(formulas={"a": {"type": "integer", "value": "b", **BOTH, "cite": "C-1"}, "b": {"type": "integer", "value": "a", **BOTH, "cite": "C-1"}}), [("rules.cycle", "formulas.a")]),
        (lambda: codes(tables={"ruling": table([row("a", {}, liable="buyer"), row("a", {}, liable="buyer")])}), [("rules.row_twice", "tables.ruling.rows.1.id")]),
        (lambda: codes(enums={"party": {"x": BOTH}}), [("rules.unknown_word", "enums.party.x")]),
        (lambda: codes(enums={"e": {"unknown": BOTH}}), [("rules.word_reserved", "enums.e.unknown")]),
    ],
)  # fmt: skip
def test_each_slip_is_one_finding_at_its_place(found: Any, expected: Any) -> None:
    assert found() == expected


def test_a_table_may_bear_the_name_of_a_fact_it_reads() -> None:
    assert (
        codes(
            tables={
                "ruling": table([row("a", {}, liable="buyer")]),
                "days": table([row("a", {"days": 1}, liable="buyer")]),
            }
        )
        == []
    )


def test_tables_that_need_each_other_are_a_cycle() -> None:
    one = table([row("a", {"two.liable": "buyer"}, liable="buyer")])
    two = table([row("a", {"ruling.liable": "buyer"}, liable="buyer")])
    assert codes(tables={"ruling": one, "two": two}) == [("rules.cycle", "tables.ruling")]


def test_all_findings_are_reported_not_only_the_first() -> None:
    found = codes(surprise=1, governs_by="now", asks="nothing")
    assert [c for c, _ in found] == [
        "rules.unknown_key",
        "rules.unknown_word",
        "rules.unknown_word",
    ]


def test_every_finding_has_a_cure_in_both_languages() -> None:
    broken = data(surprise=1, governs_by="now", facts={"x": {"type": "float", **BOTH}})
    for finding in parse_rulebook(broken, lambda path: f"f.yaml:{len(path)}").findings:
        assert finding.cure is not None
        assert all((finding.cure.zh, finding.cure.en, finding.message.zh, finding.message.en))
        assert str(finding.where).startswith("f.yaml:")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=12)
    | st.sampled_from(["48h", "> 3", "= paid", "known", "not in [a]", "500 yuan", "a.b", "paid", "merchant", "first", "C-1"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=6) | st.booleans() | st.integers() | st.sampled_from(list(BASE)), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN)
def test_parsing_anything_only_finds(anything: Any) -> None:
    assert parse_rulebook(anything).book is None
    parse_platform(anything)


PLACES = [
    ("facts", "paid"),
    ("parameters", "share"),
    ("formulas", "amount"),
    ("enums", "payment"),
    ("sources", "C-1"),
    ("tables", "ruling"),
    ("processes", "p"),
    ("in_force", "from"),
]
DEEP = [
    "rows",
    "when",
    "then",
    "gives",
    "cite",
    "states",
    "start",
    "serves",
    "hit",
    "order",
    "type",
    "value",
    "min",
]


@given(st.sampled_from(PLACES), st.none() | st.sampled_from(DEEP), PLAIN)
def test_parsing_a_damaged_book_never_raises(
    place: tuple[str, str], inner: str | None, anything: Any
) -> None:
    whole = data(
        processes={
            "p": process(
                {"a": state(actions={"go": action("buyer", "b")}), "b": state(final="done")}, "a"
            )
        }
    )
    target = whole[place[0]]
    if inner is None or not isinstance(target.get(place[1]), dict):
        target[place[1]] = anything
    else:
        target[place[1]][inner] = anything
    parse_rulebook(whole)


@given(PLAIN)
def test_reading_facts_never_raises(anything: Any) -> None:
    read_facts(book(), anything)
    read_facts(
        book(),
        {
            "paid": anything,
            "days": anything,
            "now": anything,
            "payment": anything,
            "rate": anything,
        },
    )


def test_a_process_is_read_whole() -> None:
    found = book(
        processes={
            "p": process(
                {
                    "waiting": state(
                        waits_for="merchant",
                        actions={"agree": action(["merchant", "clock"], "done", does=[{"refund": "amount", "through": "merchant"}, "rule"], when="paid > 1 yuan")},
                        deadlines={"reply": deadline("waiting", "agree", window="09:00-18:00", starts="paid_at")},
                    ),
                    "done": state(final="refunded"),
                },
                "waiting",
            )
        }
    ).processes["p"]  # fmt: skip
    waiting = found.states["waiting"]
    assert waiting.waits_for == (Role.MERCHANT,)
    assert waiting.actions["agree"].by == (Role.MERCHANT, Role.CLOCK)
    assert [(e.kind, e.argument, e.through) for e in waiting.actions["agree"].does] == [
        (EffectKind.REFUND, "amount", "merchant"),
        (EffectKind.RULE, None, "platform"),
    ]
    assert (waiting.clocks[0].after, waiting.clocks[0].parameter, waiting.clocks[0].starts) == (
        Span(0, 259200),
        "waiting",
        "paid_at",
    )


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"a": state(waits_for="buyer", actions={"go": action("buyer", "nowhere")})}, ["rules.unknown_word"]),
        ({"a": state(actions={"go": action("buyer", "a")}, deadlines={"d": deadline("48h", "go")})}, ["rules.clock_may_not"]),
        ({"a": state(actions={"go": action("clock", "a")}, deadlines={"d": deadline("2 days", "go")})}, ["rules.bad_span"]),
        ({"a": state(actions={"go": action("clock", "a", does=[{"refund": "days"}])})}, ["rules.bad_type"]),
        ({"a": state(actions={"go": action("king", "a")})}, ["rules.unknown_word"]),
    ],
)  # fmt: skip
def test_slips_in_processes(states: dict[str, Any], expected: list[str]) -> None:
    assert [c for c, _ in codes(processes={"p": process(states, "a")})] == expected


def shapes(states: dict[str, Any]) -> set[tuple[str, str]]:
    found = check_processes(book(processes={"p": process(states, "a")}))
    return {(f.code, str(f.field).rpartition(".")[2]) for f in found}


CLOCKED = {"deadlines": {"d": deadline("48h", "go")}}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"a": state(waits_for="buyer", actions={"go": action("buyer", "z")}), "z": state(final="done")}, {("process.no_clock", "a")}),
        ({"a": state(actions={"go": action("clock", "z")}, **CLOCKED), "z": state(final="done"), "b": state(final="done")}, {("process.state_unreachable", "b")}),
        ({"a": state(actions={"go": action("clock", "b")}, **CLOCKED), "b": state()}, {("process.no_exit", "b"), ("process.dead_end", "a")}),
        ({"a": state(actions={"go": action("clock", "b"), "end": action("buyer", "z")}, **CLOCKED), "b": state(actions={"go": action("clock", "a")}, **CLOCKED), "z": state(final="done")}, {("process.livelock", "a"), ("process.livelock", "b")}),
        ({"a": state(final="done", actions={"go": action("buyer", "b")}), "b": state(final="done")}, {("process.final_has_exit", "a")}),
    ],
)  # fmt: skip
def test_the_shape_of_a_process_is_checked(
    states: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    found = {f for f in shapes(states) if f[0] != "process.waits_for_nobody"}
    assert found == expected


def test_a_clock_without_length_is_found() -> None:
    unset = {"deadlines": {"d": deadline("unset", "go")}}
    states = {
        "a": state(waits_for="buyer", actions={"go": action(["buyer", "clock"], "z")}, **unset),
        "z": state(final="done"),
    }
    assert ("process.clock_unset", "d") in shapes(states)


def test_unused_and_unreachable_are_found() -> None:
    found = check_book(
        book(
            tables={
                "ruling": table(
                    [
                        row("a", {"told": True}, liable="buyer"),
                        row("b", {}, liable="buyer"),
                        row("c", {"days": 1}, liable="buyer"),
                    ]
                )
            }
        )
    )
    said = {(f.code, f.field) for f in found}
    assert ("rules.row_unreachable", "tables.ruling.rows.2") in said
    assert ("rules.unused", "facts.payment") in said
    assert ("rules.parameter_unset", "parameters.unset") in said
    assert ("rules.clause_never_cited", "sources.C-1") not in said


def test_a_clause_that_nothing_cites_is_found() -> None:
    found = check_book(book(sources={"C-2": {**BOTH, "ref": "house"}}))
    assert "sources.C-2" in [f.field for f in found if f.code == "rules.clause_never_cited"]


def test_a_daily_calendar_is_no_livelock() -> None:
    states = {
        "today": state(actions={"next": action("clock", "today")}, deadlines={"d": deadline("0s", "next", starts="next_midnight")}),
    }  # fmt: skip
    ring = process({**states, "end": state(final="done")}, "today")
    calendar = book(processes={"p": {**ring, "serves": {"track": "governance"}}})
    found = {f.code for f in check_processes(calendar)}
    assert "process.livelock" not in found
    found = {f.code for f in check_processes(book(processes={"p": ring}))}
    assert "process.livelock" in found


AGREE = [{"that": "now >= paid_at", **BOTH, "cure": BOTH}, {"that": "days >= 0", **BOTH}]


def test_facts_that_contradict_each_other_are_refused() -> None:
    found = book(require=AGREE)
    early, late = "2024-01-01T00:00:00+08:00", "2024-01-02T00:00:00+08:00"
    assert read_facts(found, {"now": late, "paid_at": early}).findings == ()
    assert read_facts(found, {"now": early, "days": 0}).findings == ()
    wrong = read_facts(found, {"now": early, "paid_at": late, "days": -1}).findings
    assert [(f.code, f.field) for f in wrong] == [
        ("facts.contradictory", "facts.now"),
        ("facts.contradictory", "facts.days"),
    ]
    assert codes(require=[{"that": "nothing > 1", **BOTH}]) == [
        ("rules.bad_type", "require.0.that")
    ]
    assert codes(require=[{"that": "days", **BOTH}]) == [("rules.bad_type", "require.0.that")]


@pytest.mark.parametrize(
    ("given_", "value"),
    [
        ({"paid": "12.50"}, 1250), ({"paid": Decimal("12.5")}, 1250), ({"paid": 12}, 1200), ({"paid": {"fen": 7}}, 7),
        ({"paid": "¥1,234.00"}, 123400), ({"rate": "0.35%"}, Fraction(35, 10000)), ({"rate": 1}, Fraction(1)),
        ({"payment": "货到付款"}, "cod"), ({"days": 3}, 3), ({"told": None}, None),
    ],
)  # fmt: skip
def test_facts_are_read(given_: dict[str, Any], value: Any) -> None:
    read = read_facts(book(), given_)
    assert read.findings == ()
    assert read.facts.get(next(iter(given_))) == value


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"paid": "12.505"}, "facts.wrong_type"), ({"paid": "-1"}, "facts.out_of_bounds"), ({"paid": 1.5}, "facts.wrong_type"),
        ({"rate": "101%"}, "facts.out_of_bounds"), ({"rate": "1e999"}, "facts.wrong_type"), ({"days": 10**40}, "facts.wrong_type"),
        ({"days": True}, "facts.wrong_type"), ({"told": "yes"}, "facts.wrong_type"), ({"payd": 1}, "facts.unknown_fact"),
        ({"now": "2024-01-03T10:00:00"}, "facts.wrong_type"), ({"now": "9999-12-31T00:00:00+00:00"}, "facts.wrong_type"), ({"payment": "card"}, "facts.wrong_type"),
        ([1], "facts.not_a_mapping"), ({"paid": "1" * 400}, "facts.wrong_type"),
    ],
)  # fmt: skip
def test_bad_facts_are_refused_with_their_field(given_: Any, code: str) -> None:
    read = read_facts(book(), given_)
    assert [f.code for f in read.findings] == [code]
    assert str(read.findings[0].field).startswith("facts")


@given(st.fractions(), st.integers(-(10**9), 10**9))
def test_values_written_are_read_back(number: Fraction, fen: int) -> None:
    if "/" not in decimal_text(number) and abs(number) < 10**15 and len(decimal_text(number)) < 30:
        assert read_literal(decimal_text(number), TypeOf(kind=Kind.DECIMAL), {}) == number
    money = TypeOf(kind=Kind.MONEY)
    assert read_literal(plain(fen, money), money, {}) == fen


def test_a_platform_profile_is_read() -> None:
    parsed = parse_platform(
        {
            "platform": "shop",
            "title": BOTH,
            "after_sale": ["a/b", "c/d"],
            "questions": {"ruling": {"subject": "e/f"}},
        }
    )
    assert parsed.findings == ()
    assert parsed.platform is not None
    assert parsed.platform.tracks["after_sale"] == ("a/b", "c/d")
    assert parsed.platform.questions == {"ruling": (Question(subject="e/f"),)}
    assert parsed.platform.subjects == ("a/b", "c/d", "e/f")
