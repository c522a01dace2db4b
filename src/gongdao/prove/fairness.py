"""Fairness (公平性): giving more valid evidence never worsens the giver's own outcome.

A fact that is a party's evidence (`evidence_of`) has a direction: booleans from false to true,
enumerations from the first member to the last as declared, weakest first. The table declares, per
party, which outcomes are better. The check looks for two cases that differ only in that evidence,
the stronger one ending worse for its giver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook, Table, Value
from gongdao.prove.checks import facts_asked_for_presence, said
from gongdao.prove.logic import (
    FALSE,
    Model,
    Question,
    Term,
    all_of,
    any_of,
    negated,
)
from gongdao.prove.ranking import rank
from gongdao.prove.tables import EncodedBook
from gongdao.prove.terms import Meaning, Quantity, Truth
from gongdao.prove.witness import complete, facts_of, known

EXEMPTION = "fairness"


def check_fairness(book: Rulebook, table: Table) -> Iterator[Finding]:
    """Yield a finding for every piece of evidence that can hurt the party who gives it."""
    for fact in book.facts.values():
        order = table.order.get(fact.evidence_of or "")
        if order is None or fact.type.kind not in (Kind.BOOLEAN, Kind.ENUM):
            continue
        found = _harm(book, table, fact, order)
        if found is not None:
            yield _finding(book, table, fact, *found)


Pair = tuple[dict[str, Value], dict[str, Value]]


def _harm(
    book: Rulebook, table: Table, fact: FactDeclaration, order: Mapping[str, tuple[str, ...]]
) -> Pair | None:
    """Return two cases, weaker and stronger evidence, the stronger ending worse; None if none."""
    weak, strong = EncodedBook(book, "weak "), EncodedBook(book, "strong ")
    tables = (weak.table(table.name), strong.table(table.name))
    stronger = _stronger(weak.vocabulary.fact(fact.name), strong.vocabulary.fact(fact.name))
    presence = facts_asked_for_presence(book, table)
    worse = _worse(weak, strong, table, order)
    given = weak.settled(table.name) + strong.settled(table.name)
    # Only now has every fact been met, those that outputs alone read included.
    asked = Question(
        [
            *complete(weak.vocabulary, presence),
            *complete(strong.vocabulary, presence),
            known(weak.vocabulary.fact(fact.name)),
            known(strong.vocabulary.fact(fact.name)),
            *weak.agreeing(),
            *strong.agreeing(),
            *_otherwise_alike(weak, strong, fact.name),
            *(t.decided for t in tables),
            *given,
            stronger,
            *_not_exempt(table, tables[0].chosen, tables[1].chosen),
            worse,
        ]
    )
    for _ in range(8):
        model = asked.case()
        if model is None:
            return None
        pair = facts_of(model, weak.vocabulary), facts_of(model, strong.vocabulary)
        if _really_worse(book, table, order, *pair):
            return pair
        asked.add(any_of([_differs(model, m) for m in weak.vocabulary.values.values()]))
    return None


def _stronger(weak: Meaning, strong: Meaning) -> Term:
    if isinstance(weak, Truth) and isinstance(strong, Truth):
        return all_of([weak.no, strong.yes])
    if isinstance(weak, Quantity) and isinstance(strong, Quantity):
        return weak.term < strong.term
    return FALSE


def _otherwise_alike(weak: EncodedBook, strong: EncodedBook, name: str) -> list[Term]:
    found: list[Term] = []
    for other in list(weak.vocabulary.values):
        if other == name:
            continue
        one = weak.vocabulary.values[other]
        two = strong.vocabulary.values.get(other)
        if isinstance(one, Truth) and isinstance(two, Truth):
            found += [one.yes == two.yes, one.no == two.no]
        elif isinstance(one, Quantity) and isinstance(two, Quantity):
            found += [one.term == two.term, one.known == two.known]
    return found


def _not_exempt(table: Table, weak: tuple[Term, ...], strong: tuple[Term, ...]) -> list[Term]:
    """Leave out pairs in which a row declared an exception decides."""
    rows = [i for i, row in enumerate(table.rows) if _is_exempt(row.exempt)]
    return [negated(any_of([weak[i], strong[i]])) for i in rows]


def _is_exempt(declared: tuple[str, ...]) -> bool:
    return any(entry.partition(":")[0].strip() == EXEMPTION for entry in declared)


def _worse(
    weak: EncodedBook, strong: EncodedBook, table: Table, order: Mapping[str, tuple[str, ...]]
) -> Term:
    """Some outcome falls and none rises."""
    falls: list[Term] = []
    rises: list[Term] = []
    for output, ranked in order.items():
        before = rank(weak.given(table.name, output), weak.book, table, output, ranked)
        after = rank(strong.given(table.name, output), strong.book, table, output, ranked)
        both = all_of([before >= 0, after >= 0])
        falls.append(all_of([both, after < before]))
        rises.append(all_of([both, after > before]))
    return all_of([any_of(falls), negated(any_of(rises))]) if falls else FALSE


def _really_worse(
    book: Rulebook,
    table: Table,
    order: Mapping[str, tuple[str, ...]],
    weak: Mapping[str, Value],
    strong: Mapping[str, Value],
) -> bool:
    before, after = evaluate(book, table.name, weak), evaluate(book, table.name, strong)
    if before.status != "decided" or after.status != "decided":
        return False
    steps: list[int] = []
    for output, ranked in order.items():
        one, two = str(before.outputs.get(output)), str(after.outputs.get(output))
        if one in ranked and two in ranked:
            steps.append(ranked.index(two) - ranked.index(one))
    return any(s < 0 for s in steps) and not any(s > 0 for s in steps)


def _differs(model: Model, meaning: Meaning) -> Term:
    term = meaning.term if isinstance(meaning, Quantity) else meaning.yes
    return term != model.value(term)


def _finding(
    book: Rulebook,
    table: Table,
    fact: FactDeclaration,
    weak: dict[str, Value],
    strong: dict[str, Value],
) -> Finding:
    before, after = evaluate(book, table.name, weak), evaluate(book, table.name, strong)
    rows = f"{before.hits[-1].row} → {after.hits[-1].row}"
    return Finding(
        code="rules.evidence_hurts",
        field=f"tables.{table.name}",
        where=f"rulebooks/{book.id}/{book.version}.yaml",
        message=Text(
            f"{table.name}：{fact.evidence_of} 的“{fact.title.zh}”由 {weak[fact.name]} 变为"
            f" {strong[fact.name]}，结果反而更差（{rows}）：{said(strong)}",
            f"`{table.name}`: `{fact.name}` of the {fact.evidence_of} going from"
            f" {weak[fact.name]} to {strong[fact.name]} worsens their own outcome ({rows}):"
            f" {said(strong)}",
        ),
        cure=Text(
            f'请改写规则行；若规则确系如此，在该行写 exempt: ["{EXEMPTION}: 条款"]',
            f'change the rows; if a clause says so, declare `exempt: ["{EXEMPTION}: CLAUSE"]`',
        ),
    )
