"""One smallest rulebook for each thing the prover finds; and each mended, found sound."""

from __future__ import annotations

import pytest

from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.prove.book import check_book
from gongdao.prove.checks import check_table
from gongdao.prove.fairness import check_fairness

HEAD = {
    "rulebook": "test/book",
    "version": "2024-01-01",
    "title": {"zh": "试", "en": "test"},
    "in_force": {"from": "2024-01-01T00:00:00+08:00"},
    "governs_by": "act_done",
    "sources": {"T-1": {"zh": "条款", "en": "clause", "ref": "house"}},
}
PARTY_ORDER = {"buyer": {"remedy": ["dismiss", "refund_only"]}}


def fact(kind: str, **more: object) -> dict[str, object]:
    return {"type": kind, "zh": "事实", "en": "fact", **more}


def row(name: str, when: object, then: dict[str, object], **more: object) -> dict[str, object]:
    return {"id": name, "when": when, "then": then, "cite": ["T-1"], **more}


def book(
    facts: dict[str, object],
    rows: list[dict[str, object]],
    *,
    gives: dict[str, str] | None = None,
    hit: str = "first",
    extra: dict[str, object] | None = None,
    **more: object,
) -> Rulebook:
    table = {
        "title": {"zh": "表", "en": "table"},
        "hit": hit,
        "gives": gives or {"remedy": "remedy"},
        "rows": rows,
        **more,
    }
    parsed = parse_rulebook(
        {**HEAD, "facts": facts, **(extra or {}), "tables": {"ruling": table}}, lambda _: "t:1"
    )
    assert parsed.book is not None, [f.message.en for f in parsed.findings]
    return parsed.book


def codes(of: Rulebook) -> list[str]:
    table = of.tables["ruling"]
    return [f.code for f in (*check_table(of, table), *check_fairness(of, table))]


def test_a_gap_is_shown_by_a_case_that_no_row_answers() -> None:
    gap = book(
        {"days": fact("integer", min=0)},
        [
            row("early", {"days": "< 15"}, {"remedy": "refund_only"}),
            row("late", {"days": "> 15"}, {"remedy": "dismiss"}),
        ],
    )
    found = list(check_table(gap, gap.tables["ruling"]))
    assert [f.code for f in found] == ["rules.not_total"]
    assert "{days: 15}" in found[0].message.en
    assert evaluate(gap, "ruling", read_facts(gap, {"days": 15}).facts).hits == ()


def test_the_gap_closed_is_total() -> None:
    assert (
        codes(
            book(
                {"days": fact("integer", min=0)},
                [
                    row("early", {"days": "<= 15"}, {"remedy": "refund_only"}),
                    row("late", {"days": "> 15"}, {"remedy": "dismiss"}),
                ],
            )
        )
        == []
    )


def test_an_unreachable_row_is_named_with_the_row_that_hides_it() -> None:
    hidden = book(
        {"days": fact("integer", min=0)},
        [
            row("any", {"days": ">= 0"}, {"remedy": "refund_only"}),
            row("some", {"days": "> 3"}, {"remedy": "dismiss"}),
        ],
    )
    found = list(check_table(hidden, hidden.tables["ruling"]))
    assert [f.code for f in found] == ["rules.unreachable_row"]
    assert "`any` already matches" in found[0].message.en


def test_a_row_that_contradicts_itself_never_applies() -> None:
    never = book(
        {"days": fact("integer"), "shipped": fact("boolean")},
        [
            row("never", {"days": "> 3", "shipped": True}, {"remedy": "dismiss"}),
            row("else", {}, {"remedy": "refund_only"}),
        ],
    )
    assert codes(never) == []
    contradicting = book(
        {"from_day": fact("integer", min=10), "shipped": fact("boolean")},
        [
            row("never", {"from_day": "< 3"}, {"remedy": "dismiss"}),
            row("else", {"shipped": [True, False]}, {"remedy": "refund_only"}),
        ],
    )
    found = list(check_table(contradicting, contradicting.tables["ruling"]))
    assert [f.code for f in found] == ["rules.unreachable_row"]
    assert "contradicts itself" in found[0].message.en


def test_two_rows_of_a_unique_table_may_not_both_apply() -> None:
    both = book(
        {"days": fact("integer", min=0)},
        [
            row("few", {"days": "<= 15"}, {"remedy": "refund_only"}),
            row("many", {"days": ">= 15"}, {"remedy": "dismiss"}),
        ],
        hit="unique",
    )
    found = list(check_table(both, both.tables["ruling"]))
    assert [f.code for f in found] == ["rules.contradiction"]
    assert "{days: 15}" in found[0].message.en


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("= paid - 500 yuan", ["rules.money_not_conserved"]),
        ("= paid + 1 yuan", ["rules.money_not_conserved"]),
        ("= min(paid, max(0 yuan, paid - 500 yuan))", []),
        ("= paid * 30%", []),
    ],
)
def test_a_refund_is_neither_negative_nor_more_than_was_paid(
    amount: str, expected: list[str]
) -> None:
    refund = book(
        {"paid": fact("money", min="0 yuan")},
        [row("all", {"paid": ">= 0 yuan"}, {"refund": amount})],
        gives={"refund": "money"},
    )
    assert codes(refund) == expected


PROOF = {"proof": fact("boolean", evidence_of="buyer")}


def test_evidence_that_hurts_its_giver_is_found() -> None:
    unfair = book(
        PROOF,
        [
            row("shown", {"proof": True}, {"remedy": "dismiss"}),
            row("not-shown", {"proof": False}, {"remedy": "refund_only"}),
        ],
        order=PARTY_ORDER,
    )
    assert codes(unfair) == ["rules.evidence_hurts"]


def test_evidence_that_helps_or_changes_nothing_is_fair() -> None:
    fair = book(
        PROOF,
        [
            row("shown", {"proof": True}, {"remedy": "refund_only"}),
            row("not-shown", {"proof": False}, {"remedy": "dismiss"}),
        ],
        order=PARTY_ORDER,
    )
    assert codes(fair) == []


def test_an_exception_declared_with_its_clause_is_accepted() -> None:
    declared = book(
        PROOF,
        [
            row("shown", {"proof": True}, {"remedy": "dismiss"}, exempt=["fairness: T-1"]),
            row("not-shown", {"proof": False}, {"remedy": "refund_only"}),
        ],
        order=PARTY_ORDER,
    )
    assert codes(declared) == []


def formula(value: str, kind: str = "boolean") -> dict[str, object]:
    return {"type": kind, "value": value, "zh": "算", "en": "computed", "cite": ["T-1"]}


def test_a_gap_behind_a_formula_that_asks_whether_a_fact_is_known() -> None:
    gap = book(
        {"proven": fact("boolean"), "days": fact("integer", min=0)},
        [
            row("shown", {"on_file": True}, {"remedy": "refund_only"}),
            row("early", {"on_file": False, "days": "< 15"}, {"remedy": "dismiss"}),
        ],
        extra={"formulas": {"on_file": formula("proven is known and proven")}},
    )
    found = list(check_table(gap, gap.tables["ruling"]))
    assert [f.code for f in found] == ["rules.not_total"]


def test_a_row_hidden_behind_a_formula_that_asks_whether_a_fact_is_known() -> None:
    hidden = book(
        {"proven": fact("boolean")},
        [
            row("shown", {"on_file": True}, {"remedy": "refund_only"}),
            row("again", {"proven": True}, {"remedy": "refund_only"}),
            row("else", {}, {"remedy": "dismiss"}),
        ],
        extra={"formulas": {"on_file": formula("proven is known and proven")}},
    )
    assert codes(hidden) == ["rules.unreachable_row"]


def test_every_amount_a_collect_table_gives_is_bounded() -> None:
    both = book(
        {"paid": fact("money", min="0 yuan")},
        [
            row("fair", {}, {"refund": "= paid * 30%"}),
            row("rash", {"paid": "> 100 yuan"}, {"refund": "= paid + 1 yuan"}),
        ],
        gives={"refund": "money"},
        hit="collect",
    )
    (found,) = check_table(both, both.tables["ruling"])
    assert found.code == "rules.money_not_conserved"
    assert "is more than was paid" in found.message.en


def test_a_row_of_a_collect_table_that_never_applies_is_found() -> None:
    never = book(
        {"days": fact("integer", min=3)},
        [row("all", {}, {"remedy": "dismiss"}), row("few", {"days": "< 3"}, {"remedy": "repair"})],
        hit="collect",
    )
    assert codes(never) == ["rules.unreachable_row"]


def test_what_facts_must_agree_on_holds_in_every_case() -> None:
    facts: dict[str, object] = {"late": fact("integer", min=0), "all": fact("integer", min=0)}
    rows = [
        row("some", {"late": "<= all"}, {"remedy": "refund_only"}),
    ]
    assert codes(book(facts, rows)) == ["rules.not_total"]
    agreed = {
        "require": [{"that": "late <= all", "zh": "迟的多于全部", "en": "more late than all"}]
    }
    assert codes(book(facts, rows, extra=agreed)) == []


def test_a_condition_of_an_action_that_never_holds() -> None:
    actions = {
        "go": {"by": "buyer", "to": "end", "zh": "去", "en": "go", "when": "days < 3 and days > 5"},
        "stay": {"by": "buyer", "to": "end", "zh": "留", "en": "stay", "when": "days < 3"},
    }
    title = {"zh": "态", "en": "state"}
    process = {
        "title": title,
        "serves": {"track": "after_sale"},
        "start": "begun",
        "cite": ["T-1"],
        "states": {
            "begun": {"title": title, "actions": actions},
            "end": {"title": title, "final": "done"},
        },
    }
    stuck = book(
        {"days": fact("integer")},
        [row("all", {}, {"remedy": "dismiss"})],
        extra={"processes": {"p": process}},
    )
    (found,) = check_book(stuck)
    assert (found.code, found.field) == (
        "process.guard_never_holds",
        "processes.p.states.begun.actions.go.when",
    )


def test_every_finding_of_the_prover_has_a_place_and_a_cure_in_both_languages() -> None:
    faulty = book(
        {"days": fact("integer", min=0), **PROOF, "paid": fact("money", min="0 yuan")},
        [
            row(
                "few",
                {"days": "<= 15", "proof": True},
                {"remedy": "dismiss", "refund": "= paid + 1 yuan"},
            ),
            row("never", {"days": "< 0"}, {"remedy": "dismiss", "refund": "0 yuan"}),
            row("many", {"proof": False}, {"remedy": "refund_only", "refund": "0 yuan"}),
        ],
        gives={"remedy": "remedy", "refund": "money"},
        order=PARTY_ORDER,
    )
    found = list(check_book(faulty))
    assert {f.code for f in found} == {
        "rules.not_total",
        "rules.unreachable_row",
        "rules.money_not_conserved",
        "rules.evidence_hurts",
    }
    for each in found:
        assert each.field is not None
        assert each.field.startswith("tables.ruling")
        assert each.cure is not None
        assert all((each.message.zh, each.message.en, each.cure.zh, each.cure.en))
        assert each.message.zh != each.message.en
