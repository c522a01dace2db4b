"""One smallest rulebook for each thing the prover finds; and each mended, found sound."""

from __future__ import annotations

import pytest

from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import parse_rulebook
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
    **more: object,
) -> Rulebook:
    table = {
        "title": {"zh": "表", "en": "table"},
        "hit": hit,
        "gives": gives or {"remedy": "remedy"},
        "rows": rows,
        **more,
    }
    parsed = parse_rulebook({**HEAD, "facts": facts, "tables": {"ruling": table}}, lambda _: "t:1")
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
