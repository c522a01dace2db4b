"""Difference (版本差异): which cases two versions of a table answer differently, with examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Kind, Rulebook, Table, Value
from gongdao.prove.checks import facts_asked_for_presence
from gongdao.prove.logic import FALSE, Question, Term, all_of, any_of, negated
from gongdao.prove.tables import EncodedBook
from gongdao.prove.terms import Quantity, Truth, members
from gongdao.prove.witness import complete, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCase:
    """A kind of case that ends otherwise: the rows that decide it, and one example."""

    table: str
    old_row: str
    new_row: str
    old: Mapping[str, Value | None]
    new: Mapping[str, Value | None]
    facts: Mapping[str, Value]


def changed_cases(old: Rulebook, new: Rulebook, table: str) -> Iterator[ChangedCase]:
    """Yield one example for every pair of rows by which the versions answer differently.

    Facts that both versions know are the same case to both; a fact of only one version is free.
    """
    before, after = EncodedBook(old, "old "), EncodedBook(new, "new ")
    one, two = before.table(table), after.table(table)
    shared = [n for n in old.facts if n in new.facts]
    for name in shared:
        before.vocabulary.fact(name)
        after.vocabulary.fact(name)
    rules = [
        *complete(before.vocabulary, facts_asked_for_presence(old, old.tables[table])),
        *complete(after.vocabulary, facts_asked_for_presence(new, new.tables[table])),
        *before.agreeing(),
        *after.agreeing(),
        *(same for name in shared for same in same_fact(before, after, name)),
    ]
    outputs = [o for o in old.tables[table].gives if o in new.tables[table].gives]
    differ = any_of([_differ(before, after, old.tables[table], o) for o in outputs])
    for first in one.chosen:
        for second in two.chosen:
            model = Question([*rules, first, second, differ]).case()
            if model is None:
                continue
            facts = facts_of(model, before.vocabulary) | facts_of(model, after.vocabulary)
            found = _confirmed(old, new, table, facts)
            if found is not None:
                yield found


def _confirmed(
    old: Rulebook, new: Rulebook, table: str, facts: dict[str, Value]
) -> ChangedCase | None:
    was = evaluate(old, table, {k: v for k, v in facts.items() if k in old.facts})
    now = evaluate(new, table, {k: v for k, v in facts.items() if k in new.facts})
    if was.status != "decided" or now.status != "decided":
        return None
    shared = [o for o in was.outputs if o in now.outputs]
    if all(was.outputs[o] == now.outputs[o] for o in shared):
        return None
    return ChangedCase(
        table=table,
        old_row=was.hits[-1].row,
        new_row=now.hits[-1].row,
        old=was.outputs,
        new=now.outputs,
        facts=facts,
    )


def same_fact(before: EncodedBook, after: EncodedBook, name: str) -> list[Term]:
    """Return what makes a fact that both books declare the same in both."""
    one, two = before.vocabulary.fact(name), after.vocabulary.fact(name)
    old_type, new_type = before.book.facts[name].type, after.book.facts[name].type
    if old_type.kind is not new_type.kind:
        return []
    if isinstance(one, Truth) and isinstance(two, Truth):
        return [one.yes == two.yes, one.no == two.no]
    if not isinstance(one, Quantity) or not isinstance(two, Quantity):
        return []
    if old_type.kind is Kind.ENUM and old_type.enum and new_type.enum:
        return [one.known == two.known, _same_word(before, one, after, two, name)]
    return [one.known == two.known, one.term == two.term]


def _same_word(
    before: EncodedBook, one: Quantity, after: EncodedBook, two: Quantity, name: str
) -> Term:
    old = members(before.book, before.book.facts[name].type.enum or "")
    new = members(after.book, after.book.facts[name].type.enum or "")
    pairs = [
        all_of([one.term == old.index(word), two.term == new.index(word)])
        for word in old
        if word in new
    ]
    return any_of(pairs) if pairs else FALSE


def _differ(before: EncodedBook, after: EncodedBook, table: Table, output: str) -> Term:
    one, two = before.given(table.name, output), after.given(table.name, output)
    if isinstance(one, Truth) and isinstance(two, Truth):
        return any_of([all_of([one.yes, two.no]), all_of([one.no, two.yes])])
    if not isinstance(one, Quantity) or not isinstance(two, Quantity):
        return FALSE
    if table.gives[output].kind is Kind.ENUM:
        return negated(_same_output_word(before, one, after, two, table, output))
    return any_of([one.known != two.known, all_of([one.known, one.term != two.term])])


def _same_output_word(
    before: EncodedBook,
    one: Quantity,
    after: EncodedBook,
    two: Quantity,
    table: Table,
    output: str,
) -> Term:
    old = members(before.book, table.gives[output].enum or "")
    new = members(after.book, after.book.tables[table.name].gives[output].enum or "")
    both_none = all_of([negated(one.known), negated(two.known)])
    same: list[Term] = [both_none]
    same += [
        all_of([one.known, two.known, one.term == old.index(w), two.term == new.index(w)])
        for w in old
        if w in new
    ]
    return any_of(same)
