"""Below the floor (低于法定底线): cases in which a row gives the buyer less than the law.

The two tables answer the same case. Facts that only the law asks for and no record answers are left
unknown: what the platform's own facts cannot establish is not held against its rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gongdao.core.adjudication.floor import EXEMPTION, exempt, raised_by
from gongdao.core.cases.facts import STANDARD
from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Row, Rulebook, Table, Value
from gongdao.prove.checks import facts_asked_for_presence, said
from gongdao.prove.difference import same_fact
from gongdao.prove.logic import FALSE, Model, Question, Term, all_of, any_of, negated
from gongdao.prove.ranking import rank
from gongdao.prove.tables import EncodedBook
from gongdao.prove.terms import Quantity
from gongdao.prove.witness import complete, facts_of, known

_TRIES = 8
#: How a source says that nobody but the house made it.
_HOUSE = "house"


def exempt_by_house(book: Rulebook, table: Table) -> Iterator[Finding]:
    """Yield a finding for every row whose exception to the floor rests on a house clause alone.

    A clause of law, or of the platform's published rules, may found an exception; a house may not
    excuse itself from the law.
    """
    for index, row in enumerate(table.rows):
        named = [
            e.partition(":")[2].strip() for e in row.exempt if exempt(replace(row, exempt=(e,)))
        ]
        founded = [c for c in named if c in book.sources and book.sources[c].ref != _HOUSE]
        if named and not founded:
            yield Finding(
                code="rules.house_below_law",
                field=f"tables.{table.name}.rows.{index}.exempt",
                where=f"rulebooks/{book.id}/{book.version}.yaml:{row.line}",
                message=Text(
                    f"{table.name}/{row.id}：自定条款不能作为低于法定底线的依据",
                    f"`{table.name}/{row.id}`: a house clause is no ground to fall below the law",
                ),
                cure=Text(
                    "请引用法律或平台规则的条款，或改写该行",
                    "name a clause of law or of the platform's rules, or change the row",
                ),
            )


def below_floor(book: Rulebook, table: Table, law: Rulebook, floor: Table) -> Iterator[Finding]:
    """Yield a finding for every row of `table` that can give the buyer less than `floor` does.

    Rows declared `exempt: ["floor: CLAUSE"]` are passed over.
    """
    order = floor.order.get(Party.BUYER.value, {})
    if not set(order) & set(table.gives):
        return
    mine, theirs = EncodedBook(book, "book "), EncodedBook(law, "law ")
    encoded, demanded = mine.table(table.name), theirs.table(floor.name)
    worse = _worse(mine, table, theirs, floor)
    given = mine.settled(table.name) + theirs.settled(floor.name)
    rules = [*_one_case(mine, table, theirs, floor), demanded.decided, *given, worse]
    for index, row in enumerate(table.rows):
        if exempt(row):
            continue
        asked = Question([*rules, encoded.chosen[index]])
        found = _confirmed(asked, mine, table, theirs, floor)
        if found is not None:
            yield _finding(book, table, row, law, floor, *found)


def _one_case(mine: EncodedBook, table: Table, theirs: EncodedBook, floor: Table) -> list[Term]:
    """Return what makes the two tables answer one and the same case."""
    shared = [n for n in theirs.book.facts if n in mine.book.facts]
    rules: list[Term] = []
    for name in shared:
        rules += same_fact(mine, theirs, name)
    for name, meaning in theirs.vocabulary.values.items():
        if name in theirs.book.facts and name not in shared and name not in STANDARD:
            rules.append(negated(known(meaning)))
    presence = facts_asked_for_presence(mine.book, table)
    open_to_law = facts_asked_for_presence(theirs.book, floor)
    unknown = {n for n in theirs.vocabulary.values if n not in STANDARD} | open_to_law
    return [
        *rules,
        *mine.agreeing(),
        *theirs.agreeing(),
        *complete(mine.vocabulary, presence),
        *complete(theirs.vocabulary, frozenset(unknown)),
    ]


def _worse(mine: EncodedBook, table: Table, theirs: EncodedBook, floor: Table) -> Term:
    """The law raises some output and lowers none."""
    rises: list[Term] = []
    falls: list[Term] = []
    for output, ranked in floor.order.get(Party.BUYER.value, {}).items():
        if output not in table.gives:
            continue
        has = rank(mine.given(table.name, output), mine.book, table, output, ranked)
        least = rank(theirs.given(floor.name, output), theirs.book, floor, output, ranked)
        both = all_of([has >= 0, least >= 0])
        rises.append(all_of([both, least > has]))
        falls.append(all_of([both, least < has]))
    return all_of([any_of(rises), negated(any_of(falls))]) if rises else FALSE


def _confirmed(
    asked: Question, mine: EncodedBook, table: Table, theirs: EncodedBook, floor: Table
) -> tuple[dict[str, Value], Text] | None:
    """Return a case, confirmed by the ordinary evaluation, and what the law would make of it."""
    for _ in range(_TRIES):
        model = asked.case()
        if model is None:
            return None
        facts, in_law = facts_of(model, mine.vocabulary), facts_of(model, theirs.vocabulary)
        answer = evaluate(mine.book, table.name, facts)
        raised = raised_by(theirs.book, answer, evaluate(theirs.book, floor.name, in_law))
        if answer.status == "decided" and raised:
            steps = ", ".join(f"{o}: {has} → {least}" for o, (has, least) in raised.items())
            return {**in_law, **facts}, Text(steps, steps)
        asked.add(any_of(_otherwise(model, mine)))
    return None


def _otherwise(model: Model, book: EncodedBook) -> Iterator[Term]:
    for meaning in book.vocabulary.values.values():
        term = meaning.term if isinstance(meaning, Quantity) else meaning.yes
        yield term != model.value(term)


def _finding(
    book: Rulebook,
    table: Table,
    row: Row,
    law: Rulebook,
    floor: Table,
    facts: dict[str, Value],
    steps: Text,
) -> Finding:
    index = table.rows.index(row)
    return Finding(
        code="rules.below_floor",
        field=f"tables.{table.name}.rows.{index}",
        where=f"rulebooks/{book.id}/{book.version}.yaml:{row.line}",
        message=Text(
            f"{table.name}/{row.id} 低于法定底线 {law.ref}/{floor.name}"
            f"（{steps.zh}）：{said(facts)}",
            f"`{table.name}/{row.id}` gives the buyer less than {law.ref}/{floor.name}"
            f" ({steps.en}): {said(facts)}",
        ),
        cure=Text(
            f'请改写该行；确有依据的例外写 exempt: ["{EXEMPTION}: 条款"]',
            f'change the row; a founded exception is declared `exempt: ["{EXEMPTION}: CLAUSE"]`',
        ),
    )
