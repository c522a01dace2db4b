from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.answer import NearMiss, RowHit, ValueRead
from gongdao.core.rulebook.evaluate import evaluate, value_of
from gongdao.core.rulebook.explain import explain
from gongdao.core.rulebook.model import Rulebook
from tests.core.rulebook.books import book, row, ruling, table

T0 = datetime(2024, 1, 3, 2, tzinfo=UTC)
TOLD_FIRST = [
    row("told", {"told": True}, liable="buyer"),
    row("cod", {"payment": "cod", "days": "> 3"}, liable="merchant"),
    row("otherwise", {}, liable="platform"),
]


def test_the_first_row_that_applies_answers() -> None:
    answer = evaluate(ruling(TOLD_FIRST), "ruling", {"told": False, "payment": "cod", "days": 4})
    assert answer.status == "decided"
    assert answer.outputs == {"liable": "merchant"}
    assert answer.hits == (RowHit(table="ruling", row="cod", cite=("C-1",)),)
    assert answer.cite == ("C-1",)
    assert answer.rulebook == "example/book@2024-01-01"
    assert answer.needed == ()


def test_a_false_condition_rules_a_row_out_whatever_else_is_unknown() -> None:
    answer = evaluate(ruling(TOLD_FIRST), "ruling", {"told": False, "days": 3})
    assert (answer.status, answer.outputs) == ("decided", {"liable": "platform"})


def test_an_open_row_before_the_first_hit_leaves_it_undecided_cheapest_fact_first() -> None:
    answer = evaluate(ruling(TOLD_FIRST), "ruling", {})
    assert answer.status == "undecided"
    assert answer.needed == ("payment", "days", "told")  # told costs 9
    assert answer.hits == ()
    assert answer.outputs == {"liable": None}


def test_open_rows_that_say_the_same_do_not_matter() -> None:
    rows = [
        row("a", {"told": True}, liable="buyer"),
        row("b", {"days": 1}, liable="buyer"),
        row("c", {}, liable="buyer"),
    ]
    answer = evaluate(ruling(rows), "ruling", {})
    assert (answer.status, answer.outputs) == ("decided", {"liable": "buyer"})


def test_only_the_open_rows_that_matter_are_asked_about() -> None:
    rows = [
        row("a", {"told": True}, liable="merchant"),
        row("b", {"days": 1}, liable="buyer"),
        row("c", {}, liable="buyer"),
    ]
    assert evaluate(ruling(rows), "ruling", {}).needed == ("told",)


def test_an_unknown_output_of_an_open_row_is_not_agreement() -> None:
    rows = [row("a", {"told": True}, fee="= amount"), row("b", {})]
    answer = evaluate(ruling(rows, "first", fee="money"), "ruling", {})
    assert (answer.status, answer.needed) == ("undecided", ("told",))


def test_an_output_that_cannot_be_computed_leaves_it_undecided() -> None:
    answer = evaluate(
        ruling(
            [row("a", {}, fee="= amount", liable="buyer")], "first", fee="money", liable="party"
        ),
        "ruling",
        {},
    )
    assert (answer.status, answer.needed) == ("undecided", ("paid",))
    assert answer.outputs == {"fee": None, "liable": "buyer"}


def test_no_row_applies() -> None:
    answer = evaluate(ruling([row("a", {"told": True}, liable="buyer")]), "ruling", {"told": False})
    assert (answer.status, answer.needed, answer.hits) == ("undecided", (), ())


def test_a_parameter_without_value_is_needed() -> None:
    rows = [
        row("late", {"now": "> paid_at + unset"}, liable="merchant"),
        row("otherwise", {}, liable="buyer"),
    ]
    answer = evaluate(ruling(rows), "ruling", {"now": T0, "paid_at": T0})
    assert answer.needed == ("unset",)


@pytest.mark.parametrize(
    ("cell", "facts", "applies"),
    [
        ({"days": 15}, {"days": 15}, True),
        ({"days": "> 15"}, {"days": 15}, False),
        ({"days": "!= 15"}, {"days": 14}, True),
        ({"days": [1, 2]}, {"days": 2}, True),
        ({"days": "not in [1, 2]"}, {"days": 3}, True),
        ({"payment": "货到付款"}, {"payment": "cod"}, True),
        ({"payment": "!= cod"}, {"payment": "cod"}, False),
        ({"payment": "not in [cod, online]"}, {"payment": "cod"}, False),
        ({"rate": "<= 0.35%"}, {"rate": Fraction(35, 10000)}, True),
        ({"rate": "< 0.35%"}, {"rate": Fraction(35, 10000)}, False),
        ({"paid": ">= 12.50 yuan"}, {"paid": 1250}, True),
        ({"now": "<= paid_at + 15d"}, {"now": T0 + timedelta(days=15), "paid_at": T0}, True),
        ({"now": "> paid_at + waiting"}, {"now": T0 + timedelta(hours=72), "paid_at": T0}, False),
        ({"waiting": ">= 72h"}, {}, True),
        ({"waiting": "72h"}, {}, True),
        ({"waiting": ["48h", "72h"]}, {}, True),
        ({"elapsed": ["48h", "72h"]}, {"now": T0 + timedelta(hours=48), "paid_at": T0}, True),
        ({"elapsed": "not in [48h]"}, {"now": T0 + timedelta(hours=48), "paid_at": T0}, False),
        ({"elapsed": "> 48h"}, {"now": T0 + timedelta(hours=48, microseconds=1), "paid_at": T0}, True),
        ({"told": "unknown"}, {}, True),
        ({"told": "known"}, {}, False),
        ({"told": "!= true"}, {"told": False}, True),
        ({"amount": "500 yuan"}, {"paid": 10_000_000}, True),
        ([{"told": True}, {"days": "> 3"}], {"days": 4}, True),
        ([{"told": True}, {"days": "> 3"}], {"days": 3, "told": False}, False),
    ],
)  # fmt: skip
def test_cells(cell: Any, facts: dict[str, Any], applies: bool) -> None:
    rows = [row("a", cell, liable="merchant"), row("b", {}, liable="buyer")]
    answer = evaluate(ruling(rows), "ruling", facts)
    assert (answer.status, answer.outputs["liable"]) == (
        "decided",
        "merchant" if applies else "buyer",
    )


def test_every_value_read_says_where_it_came_from() -> None:
    rows = [row("a", {"told": True}, fee="0 yuan"), row("b", {"payment": "cod"}, fee="= amount")]
    answer = evaluate(
        ruling(rows, "first", fee="money"), "ruling",
        {"told": False, "payment": "cod", "paid": 1000, "days": 3}, {"told": "fact:merchant"},
    )  # fmt: skip
    assert answer.read == (
        ValueRead(name="told", value=False, origin="fact:merchant"),
        ValueRead(name="payment", value="cod", origin="fact"),
        ValueRead(name="amount", value=300, origin="formula"),
        ValueRead(name="paid", value=1000, origin="fact"),
        ValueRead(name="share", value=Fraction(3, 10), origin="parameter"),
    )


def test_a_row_that_failed_by_one_condition_is_a_near_miss() -> None:
    answer = evaluate(ruling(TOLD_FIRST), "ruling", {"told": False, "payment": "cod", "days": 3})
    assert answer.near == (
        NearMiss(table="ruling", row="told", name="told", wanted="== true", was=False),
        NearMiss(table="ruling", row="cod", name="days", wanted="> 3", was=3),
    )


def test_unique_refuses_to_choose_between_two_rows() -> None:
    found = ruling(
        [row("a", {"told": True}, liable="buyer"), row("b", {"days": 1}, liable="merchant")],
        "unique",
    )
    assert evaluate(found, "ruling", {"told": True, "days": 2}).outputs == {"liable": "buyer"}
    assert evaluate(found, "ruling", {"told": True}).needed == ("days",)
    both = evaluate(found, "ruling", {"told": True, "days": 1})
    assert (both.status, both.needed, [h.row for h in both.hits]) == ("undecided", (), ["a", "b"])


def test_collect_gives_every_row_that_applies() -> None:
    found = ruling(
        [row("a", {"told": True}, liable="buyer"), row("b", {"days": 1}, liable="merchant")],
        "collect",
    )
    answer = evaluate(found, "ruling", {"told": True, "days": 1})
    assert answer.collected == ({"liable": "buyer"}, {"liable": "merchant"})
    assert evaluate(found, "ruling", {"told": False, "days": 2}).collected == ()
    assert evaluate(found, "ruling", {"told": False, "days": 2}).status == "decided"
    assert evaluate(found, "ruling", {"told": True}).needed == ("days",)


def chained() -> Rulebook:
    limit = table(
        [row("cod", {"payment": "cod"}, days=15), row("online", {"payment": "online"}, days=90)],
        "first",
        days="integer",
    )
    final = table(
        [
            row("late", {"days": "> limit.days"}, liable="buyer"),
            row("in-time", {}, liable="merchant"),
        ]
    )
    return book(tables={"ruling": final, "limit": limit})


def test_a_table_may_ask_another_table() -> None:
    answer = evaluate(chained(), "ruling", {"payment": "cod", "days": 16})
    assert answer.outputs == {"liable": "buyer"}
    assert [(h.table, h.row) for h in answer.hits] == [("limit", "cod"), ("ruling", "late")]
    assert ValueRead(name="limit.days", value=15, origin="table") in answer.read
    assert evaluate(chained(), "ruling", {"days": 16}).needed == ("payment",)
    assert value_of(chained(), "limit.days", {"payment": "online"}) == 90


def test_unknown_table_and_name_are_refused() -> None:
    with pytest.raises(BadInput) as fault:
        evaluate(chained(), "nothing", {})
    assert fault.value.code == "rules.no_such_table"
    with pytest.raises(BadInput) as fault:
        value_of(chained(), "nothing", {})
    assert fault.value.code == "rules.no_such_name"


def test_explanation_says_it_in_both_languages() -> None:
    found = chained()
    said = explain(found, evaluate(found, "ruling", {"payment": "cod", "days": 16}))
    assert said.verdict.zh == "中：liable = 买家"
    assert said.verdict.en == "en: liable = buyer"
    assert said.clauses[0].zh == "C-1 中（house）"
    open_ = explain(found, evaluate(found, "ruling", {"days": 16}))
    assert open_.verdict.en == "en: undecided; still to establish: en"
    assert open_.needed[0].en == "en (payment: one of: online, cod)"


FACTS = {
    "told": st.booleans(),
    "days": st.integers(0, 4),
    "payment": st.sampled_from(["online", "cod"]),
    "paid": st.integers(0, 400).map(lambda n: n * 100),
}


@st.composite
def cells(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in draw(
        st.lists(
            st.sampled_from(["told", "days", "payment", "paid", "amount"]), max_size=3, unique=True
        )
    ):
        found[name] = draw({
            "told": st.booleans(),
            "days": st.sampled_from([1, "> 2", "<= 3", "!= 0", [1, 3], "not in [2, 4]"]),
            "payment": st.sampled_from(["online", "cod", "!= cod"]),
            "paid": st.sampled_from(["> 100 yuan", "<= 250 yuan"]),
            "amount": st.sampled_from(["> 30 yuan", "<= 60 yuan"]),
        }[name])  # fmt: skip
    return found


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    rows: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 6))):
        when = draw(cells() | st.lists(cells(), min_size=1, max_size=3))
        then = {
            "liable": draw(st.sampled_from(["buyer", "merchant"])),
            "fee": draw(st.sampled_from(["0 yuan", "= amount"])),
        }
        rows.append(row(f"r{index}", when, **then))
    return ruling(
        rows, draw(st.sampled_from(["first", "unique", "collect"])), liable="party", fee="money"
    )


@given(books(), st.fixed_dictionaries({}, optional=FACTS), st.data())
def test_more_knowledge_never_changes_a_decided_answer(
    found: Rulebook, facts: dict[str, Any], more: st.DataObject
) -> None:
    answer = evaluate(found, "ruling", facts)
    missing = {n: s for n, s in FACTS.items() if n not in facts}
    fuller = {**facts, **more.draw(st.fixed_dictionaries({}, optional=missing))}
    later = evaluate(found, "ruling", fuller)
    if answer.status == "decided":
        assert (later.status, later.outputs, later.collected) == (
            "decided",
            answer.outputs,
            answer.collected,
        )
    for name, value in answer.outputs.items():
        if value is not None and later.status == "decided":
            assert later.outputs[name] == value


@given(books(), st.fixed_dictionaries(FACTS))
def test_with_every_fact_known_nothing_is_needed(found: Rulebook, facts: dict[str, Any]) -> None:
    assert evaluate(found, "ruling", facts).needed == ()


@given(books(), st.fixed_dictionaries({}, optional=FACTS), st.data())
def test_finding_out_what_is_needed_settles_it(
    found: Rulebook, facts: dict[str, Any], more: st.DataObject
) -> None:
    known = dict(facts)
    for _ in FACTS:  # each round finds out at least one fact
        needed = evaluate(found, "ruling", known).needed
        assert not set(needed) & set(known)
        known |= {n: more.draw(FACTS[n]) for n in needed}
    assert evaluate(found, "ruling", known).needed == ()


def test_a_span_output_stays_a_span() -> None:
    found = ruling([row("a", {}, wait="= waiting")], "first", wait="span")
    assert evaluate(found, "ruling", {}).outputs == {"wait": Span(0, 259200)}
