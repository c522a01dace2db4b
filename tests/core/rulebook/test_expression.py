from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.evaluate import holds, value_of
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.core.rulebook.syntax import SyntaxFault, parse_expression
from gongdao.core.rulebook.typed import Scope, TypeFault, resolve, type_of
from gongdao.core.rulebook.written import write
from tests.core.rulebook.books import BOTH, book, data

T0 = datetime(2024, 1, 3, 2, tzinfo=UTC)


def scope() -> Scope:
    found = book()
    names = {n: f.type for n, f in found.facts.items()}
    names |= {n: p.type for n, p in found.parameters.items()}
    return Scope(names, found.enums)


def calculate(text: str, type_: str, **facts: Any) -> Any:
    formula = {"type": type_, "value": text, **BOTH, "cite": ["C-1"]}
    return value_of(book(formulas={"x": formula}), "x", facts)


@pytest.mark.parametrize(
    ("text", "type_", "facts", "value"),
    [
        ("1 + 2 * 3", "integer", {}, 7),
        ("(1 + 2) * 3", "integer", {}, 9),
        ("-days", "integer", {"days": 3}, -3),
        ("1 / 3", "decimal", {}, Fraction(1, 3)),
        ("0.35%", "decimal", {}, Fraction(35, 10000)),
        ("12.50 yuan", "money", {}, 1250),
        ("paid * 30%", "money", {"paid": 5}, 2),  # 1.5 fen, half up
        ("paid * 30% * 10", "money", {"paid": 5}, 15),  # rounded once, at the end
        ("paid / 3", "money", {"paid": 100}, 33),
        ("paid / 2 yuan", "decimal", {"paid": 100}, Fraction(1, 2)),
        ("min(paid * share, 500 yuan)", "money", {"paid": 1_000_000}, 50000),
        ("max(1, 2.5)", "decimal", {}, Fraction(5, 2)),
        ("ceil(7 / 2)", "integer", {}, 4),
        ("floor(7 / 2)", "integer", {}, 3),
        ("round(5 / 2)", "integer", {}, 3),
        ("abs(days - 5)", "integer", {"days": 2}, 3),
        ("now - paid_at", "span", {"now": T0 + timedelta(hours=48), "paid_at": T0}, Span(0, 172800)),
        ("(now - paid_at) / 1d", "decimal", {"now": T0 + timedelta(hours=36), "paid_at": T0}, Fraction(3, 2)),
        ("paid_at + 6mo", "instant", {"paid_at": datetime(2024, 8, 31, tzinfo=UTC)}, datetime(2025, 2, 28, tzinfo=UTC)),
        ("paid_at - 1d", "instant", {"paid_at": T0}, T0 - timedelta(days=1)),
        ("next_midnight(paid_at)", "instant", {"paid_at": T0}, datetime(2024, 1, 3, 16, tzinfo=UTC)),
        ("waiting * 2", "span", {}, Span(0, 518400)),
        ("'cod' if told else 'online'", "payment", {"told": True}, "cod"),
        ("1 / days", "decimal", {"days": 0}, None),
        ("paid * 2", "money", {}, None),
    ],
)  # fmt: skip
def test_arithmetic_is_exact(text: str, type_: str, facts: dict[str, Any], value: Any) -> None:
    assert calculate(text, type_, **facts) == value


@pytest.mark.parametrize(
    ("text", "facts", "truth"),
    [
        ("told and days > 3", {"told": False}, False),
        ("told and days > 3", {"told": True}, None),
        ("told or days > 3", {"told": True}, True),
        ("told or days > 3", {"told": False}, None),
        ("told and days > 3", {"days": 3}, False),
        ("told and days > 3", {"days": 4}, None),
        ("told or days > 3", {"days": 4}, True),
        ("told or days > 3", {"days": 3}, None),
        ("not told", {}, None),
        ("told is known", {}, False),
        ("told is unknown", {}, True),
        ("payment in ['cod', 'online']", {"payment": "cod"}, True),
        ("payment not in ['cod']", {"payment": "cod"}, False),
        ("payment == '货到付款'", {"payment": "cod"}, True),
        ("now - paid_at > 15d", {"now": T0 + timedelta(days=15), "paid_at": T0}, False),
        ("now - paid_at > 15d", {"now": T0 + timedelta(days=15, microseconds=1), "paid_at": T0}, True),
        ("now <= paid_at + 6mo", {"now": datetime(2024, 7, 3, 2, tzinfo=UTC), "paid_at": T0}, True),
        ("now >= '2024-01-03T10:00:00+08:00'", {"now": T0}, True),
        ("(days if told else days) > 2", {"days": 3}, True),  # both branches agree
    ],
)  # fmt: skip
def test_logic_has_three_values(text: str, facts: dict[str, Any], truth: bool | None) -> None:
    found = book()
    expression = resolve(parse_expression(text), scope())
    assert holds(found, expression, facts).answer is truth


def test_a_guard_names_the_facts_it_lacks() -> None:
    expression = resolve(parse_expression("told and paid > 5 yuan"), scope())
    assert holds(book(), expression, {"told": True}).unknown == ("paid",)


@pytest.mark.parametrize(
    "text",
    [
        "1 +", "(1", "1 2", "a b", "'open", "1 +* 2", "min()", "1..2", "x.y.z", "a if b", "5 yuan yuan",
        "12.345 yuan", "3q", "in [1]", "", "if", "1" * 40, "(" * 300, "999999w", "9999mo", "1" + "+1" * 500,
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "paid + days", "paid * paid", "paid < days", "now + now", "told + 1", "told and days", "days > told",
        "payment > 'cod'", "payment == 'card'", "payment == days", "round(now)", "nothing + 1", "now - paid_at > 6mo",
        "min(1, 5 yuan)", "floor(1, 2)", "-now", "1 if days else 2", "1 if told else now", "(1 + 1) is known",
        "6mo / 1d", "next_midnight(days)",
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(text: str) -> None:
    with pytest.raises(TypeFault):
        type_of(parse_expression(text), scope())


def test_the_longest_chain_is_still_walked() -> None:
    assert calculate("1" + " + 1" * 120, "integer") == 121
    assert calculate("days in [" + ", ".join(["1"] * 115) + "]", "boolean", days=1) is True


def test_a_formula_of_another_type_is_a_finding() -> None:
    formula = {"type": "integer", "value": "paid", **BOTH, "cite": ["C-1"]}
    parsed = parse_rulebook(data(formulas={"x": formula}))
    assert [f.code for f in parsed.findings] == ["rules.bad_type"]


@given(st.text(alphabet="()[]+-*/<>=!,.'% 0123456789abdhmnorstuwy", max_size=60))
def test_reading_expressions_only_ever_faults(text: str) -> None:
    try:
        node = parse_expression(text)
    except SyntaxFault:
        return
    assert write(parse_expression(write(node))) == write(node)
