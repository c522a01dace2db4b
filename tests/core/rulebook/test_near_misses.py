"""Near misses and values read of every table, against the plain reading of its rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongdao.core.rulebook.answer import NearMiss
from gongdao.core.rulebook.calculate import Run, settled
from gongdao.core.rulebook.compile import cell_truth
from gongdao.core.rulebook.dependencies import facts_behind, names_of_table
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.explain import explain
from gongdao.core.rulebook.model import HitPolicy, Rulebook, Table, Value
from gongdao.core.rulebook.program import program_of
from gongdao.core.rulebook.written import write_condition
from gongdao.library.shelf import Shelf
from tests.analytics.generated import Cases

SHELF = Shelf()
FILES = {f.ref: f for f in SHELF.files()}


def plainly(book: Rulebook, table: Table, facts: dict[str, Value]) -> tuple[NearMiss, ...]:
    """Return the rows before the one that applies of which one alternative lacks one condition."""
    program, run = program_of(book), Run(facts)
    found: list[NearMiss] = []
    for row in table.rows:
        truths = [
            [cell_truth(cell, program.calculator)(run) for cell in cells]
            for cells in row.alternatives
        ]
        if any(all(t is True for t in option) for option in truths):
            if table.hit is HitPolicy.FIRST:
                break
            continue
        if any(False not in option for option in truths):
            continue
        for cells, option in zip(row.alternatives, truths, strict=True):
            if sum(t is not True for t in option) == 1:
                cell = cells[option.index(False)]
                was = settled(program.value(cell.name, run))
                found.append(NearMiss(table.name, row.id, cell.name, write_condition(cell), was))
    return tuple(found)


@pytest.mark.parametrize("ref", FILES)
def test_rows_that_failed_by_one_condition_are_told(ref: str) -> None:
    book = SHELF.read(FILES[ref])
    for unknown in (0.0, 0.2):
        cases = Cases(book, 3, unknown, huge=False)
        for facts in [cases.facts() for _ in range(8)]:
            for table in book.tables.values():
                assert evaluate(book, table.name, facts).near == plainly(book, table, facts)


@pytest.mark.parametrize("ref", FILES)
def test_values_read_are_the_facts_known_behind_the_table(ref: str) -> None:
    """Nothing is told that the table does not rest on, nor otherwise than it was given."""
    book = SHELF.read(FILES[ref])
    cases = Cases(book, 4, 0.2, huge=False)
    for facts in [cases.facts() for _ in range(8)]:
        origins = dict.fromkeys(list(facts)[::2], "fact:record")
        for table in book.tables.values():
            names = set(names_of_table(table))
            behind = names | {f for name in names for f in facts_behind(book, name)}
            read = evaluate(book, table.name, facts, origins).read
            assert len({r.name for r in read}) == len(read)
            assert {r.name for r in read} <= behind
            for each in read:
                if each.name in book.facts:
                    wanted = (facts[each.name], origins.get(each.name, "fact"))
                    assert (each.value, each.origin) == wanted


@pytest.mark.parametrize("ref", FILES)
def test_what_was_said_before_is_said_of_its_own_book_and_value_alone(ref: str) -> None:
    """Sentences are kept for each book: another order of questions gives the same words."""
    book, anew = SHELF.read(FILES[ref]), replace(SHELF.read(FILES[ref]))
    cases = Cases(book, 5, 0.1, huge=False)
    asked = [(table, facts) for facts in [cases.facts() for _ in range(4)] for table in book.tables]
    said = [explain(book, evaluate(book, table, facts)).sentences() for table, facts in asked]
    again = [explain(anew, evaluate(anew, t, facts)).sentences() for t, facts in reversed(asked)]
    assert again[::-1] == said
