"""What would change it (改变结果的条件): the smallest changes of fact to each other outcome.

The solver keeps as many facts as they are as it can, weighing each by what it costs to establish.
What the record shows, an order's dates or the amount paid, nobody can change: it stays. Restricted
to one party, only the facts that are that party's evidence may change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.dependencies import facts_behind, names_of_table
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.model import (
    AT_A_LOOK,
    FactDeclaration,
    Kind,
    Rulebook,
    Table,
    TypeOf,
    Value,
)
from gongdao.prove.logic import FALSE, Question, Term, all_of, any_of, negated
from gongdao.prove.tables import EncodedBook
from gongdao.prove.terms import Meaning, Quantity, Truth, literal
from gongdao.prove.witness import facts_of, known

Outcome = tuple[tuple[str, Value | None], ...]
#: Answers facts as they are answered to people: the statutory floors applied.
Answering = Callable[[Mapping[str, Value]], Answer]
#: How many cases are tried for one outcome where the floors overrule what the table alone gives.
_TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One fact that would have to be otherwise."""

    name: str
    was: Value | None
    """None: not known."""
    would_be: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """The cheapest way to one other outcome."""

    outputs: Mapping[str, Value | None]
    row: str
    changes: tuple[FactChange, ...]
    cost: int


def ways_out(
    book: Rulebook,
    table_name: str,
    facts: Mapping[str, Value],
    party: str | None = None,
    answering: Answering | None = None,
) -> tuple[WayOut, ...]:
    """Return, cheapest first, the smallest changes that lead to each other outcome of the table.

    Known facts of record stay what they are. `party` restricts changes to facts that are that
    party's evidence. Facts that are unknown now may become known. With `answering`, outcomes are
    other than the one that it gives, floors included, and every way is confirmed by it; without,
    by the ordinary evaluation.
    """
    table = book.tables[table_name]
    answer = answering or partial(evaluate, book, table_name)
    now = answer(facts)
    found: list[WayOut] = []
    for outcome in _other_outcomes(table, now):
        way = _cheapest(_Wanted(book, table, facts, outcome, party, answer))
        if way is not None:
            found.append(way)
    return tuple(sorted(found, key=lambda w: (w.cost, w.row)))


def of_record(declared: FactDeclaration) -> bool:
    """Tell whether a look at the record establishes a fact: nobody's evidence, of the least cost.

    Such a fact may become known; once known nobody can change it.
    """
    return declared.evidence_of is None and declared.cost == AT_A_LOOK


def held(book: Rulebook, table_name: str, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the known facts of record that the table rests on: no way out changes them."""
    behind = {
        f for name in names_of_table(book.tables[table_name]) for f in facts_behind(book, name)
    }
    return tuple(
        n
        for n, declared in book.facts.items()
        if n in facts and n in behind and of_record(declared)
    )


def discriminating(book: Rulebook, table_name: str, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the unknown facts that can make a difference to the answer, cheapest first.

    A fact is listed when two cases that differ only in it, and agree with what is known, end
    differently. Empty when the answer is decided.
    """
    answer = evaluate(book, table_name, facts)
    if answer.status == "decided":
        return ()
    wanted = [n for n in answer.needed if n in book.facts and _matters(book, table_name, facts, n)]
    return tuple(wanted) or answer.needed


def _other_outcomes(table: Table, now: Answer) -> Iterator[Outcome]:
    """Yield the distinct outcomes of the rows but for the one at hand; computed amounts aside."""
    seen: set[Outcome] = set()
    if now.status == "decided":
        seen.add(tuple((o, now.outputs.get(o)) for o in _words_of(table)))
    for row in table.rows:
        outcome: Outcome = tuple(
            (o, e.value if isinstance(e := row.then.get(o), Constant) else None)
            for o in _words_of(table)
        )
        if outcome not in seen:
            seen.add(outcome)
            yield outcome


def _words_of(table: Table) -> tuple[str, ...]:
    kinds = (Kind.ENUM, Kind.BOOLEAN)
    return tuple(o for o, type_ in table.gives.items() if type_.kind in kinds)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One other outcome, from which facts, by whose evidence, and who confirms it."""

    book: Rulebook
    table: Table
    facts: Mapping[str, Value]
    outcome: Outcome
    party: str | None
    answering: Answering


def _cheapest(wanted: _Wanted) -> WayOut | None:
    book, table, facts = wanted.book, wanted.table, wanted.facts
    encoded = EncodedBook(book)
    rows = encoded.table(table.name)
    given = encoded.settled(table.name)
    outcome_given = _is_outcome(encoded, table, wanted.outcome)
    asked = Question([rows.decided, *outcome_given, *given], weighing=True)
    free = _free(encoded, wanted, asked)
    asked.add(*encoded.agreeing())
    asked.add(*encoded.vocabulary.domain)
    for _ in range(_TRIES):
        case = asked.case()
        if case is None:
            return None
        found = facts_of(case, encoded.vocabulary)
        changed = {**facts, **found}
        for name in encoded.vocabulary.values:
            if name not in found:
                changed.pop(name, None)
        answer = wanted.answering(changed)
        way = _confirmed(wanted, changed, answer)
        if way is not None or answer.floor is None:
            return way
        # The law overrules this case; one that differs from it may be beyond its reach.
        asked.add(
            any_of(
                negated(_as_it_is(encoded, meaning, found.get(name), book.facts[name].type))
                for name, meaning in free.items()
            )
        )
    return None


def _free(encoded: EncodedBook, wanted: _Wanted, asked: Question) -> dict[str, Meaning]:
    """Return the facts that may change; `asked` holds the others and prefers these as they are."""
    found: dict[str, Meaning] = {}
    for name, meaning in list(encoded.vocabulary.values.items()):
        declared = wanted.book.facts.get(name)
        if declared is None:
            continue
        same = _as_it_is(encoded, meaning, wanted.facts.get(name), declared.type)
        stays = name in wanted.facts and of_record(declared)
        if stays or (wanted.party is not None and declared.evidence_of != wanted.party):
            asked.add(same)
        else:
            asked.prefer(same, declared.cost)
            found[name] = meaning
    return found


def _confirmed(wanted: _Wanted, changed: Mapping[str, Value], answer: Answer) -> WayOut | None:
    book, facts = wanted.book, wanted.facts
    other = any(answer.outputs.get(o) != v for o, v in wanted.outcome)
    if answer.status != "decided" or other:
        return None
    changes = tuple(
        FactChange(name=name, was=facts.get(name), would_be=changed.get(name))
        for name in book.facts
        if facts.get(name) != changed.get(name)
    )
    return WayOut(
        outputs=answer.outputs,
        row=answer.hits[-1].row,
        changes=changes,
        cost=sum(book.facts[c.name].cost for c in changes),
    )


def _is_outcome(encoded: EncodedBook, table: Table, outcome: Outcome) -> list[Term]:
    found: list[Term] = []
    for name, value in outcome:
        given = encoded.given(table.name, name)
        if value is None:
            found.append(negated(known(given)))
        elif isinstance(given, Truth):
            found.append(given.yes if value is True else given.no)
        else:
            wanted = literal(value, table.gives[name], encoded.book)
            if isinstance(wanted, Quantity):
                found += [given.known, given.term == wanted.term]
    return found


def _as_it_is(encoded: EncodedBook, meaning: Meaning, value: Value | None, type_: TypeOf) -> Term:
    """Return the term that says a fact stays what it is; an unknown one stays unknown."""
    if value is None:
        return negated(known(meaning))
    if isinstance(meaning, Truth):
        return meaning.yes if value is True else meaning.no
    wanted = literal(value, type_, encoded.book)
    if not isinstance(wanted, Quantity):
        return known(meaning)
    return all_of([meaning.known, meaning.term == wanted.term])


def _matters(book: Rulebook, table_name: str, facts: Mapping[str, Value], name: str) -> bool:
    """Tell whether some completion of the facts ends otherwise when only `name` differs."""
    one, two = EncodedBook(book, "one "), EncodedBook(book, "two ")
    tables = one.table(table_name), two.table(table_name)
    asked = Question([tables[0].decided, tables[1].decided])
    for other, meaning in one.vocabulary.values.items():
        twin = two.vocabulary.values[other]
        if other != name:
            asked.add(_alike(meaning, twin))
        if other in facts and other in book.facts:
            asked.add(_as_it_is(one, meaning, facts[other], book.facts[other].type))
    asked.add(*one.agreeing(), *two.agreeing())
    asked.add(*one.vocabulary.domain, *two.vocabulary.domain)
    table = book.tables[table_name]
    outputs = [(one.given(table_name, o), two.given(table_name, o)) for o in table.gives]
    asked.add(any_of([negated(_alike(a, b)) for a, b in outputs]))
    return not asked.impossible()


def _alike(one: Meaning, two: Meaning) -> Term:
    if isinstance(one, Truth) and isinstance(two, Truth):
        return all_of([one.yes == two.yes, one.no == two.no])
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        return all_of([one.known == two.known, any_of([negated(one.known), one.term == two.term])])
    return FALSE
