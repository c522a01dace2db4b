"""Possible rows (可能适用的行): what a table may still say when more facts are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongdao.core.rulebook.calculate import Run, settled
from gongdao.core.rulebook.compile import cell_truth
from gongdao.core.rulebook.expression import Expression, Name
from gongdao.core.rulebook.model import Row, Rulebook, Value
from gongdao.core.rulebook.program import Program, program_of
from gongdao.core.rulebook.wanting import wanting


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """A row that neither applies nor fails yet."""

    row: str
    outputs: Mapping[str, Value | None]
    cite: tuple[str, ...]
    unknown: tuple[str, ...]
    """The facts that it waits for."""


def possible_rows(book: Rulebook, table: str, facts: Mapping[str, Value]) -> tuple[Possible, ...]:
    """Return the rows of a table that more facts may make apply, in the table's order."""
    program, run = program_of(book), Run(facts)
    found: list[Possible] = []
    for row in book.tables[table].rows:
        open_parts = list(_open_parts(row, program, run))
        if open_parts:
            outputs = {o: settled(program.calculator.of(e)(run)) for o, e in row.then.items()}
            unknown = wanting(program, run, open_parts)
            found.append(Possible(row=row.id, outputs=outputs, cite=row.cite, unknown=unknown))
    return tuple(found)


def _open_parts(row: Row, program: Program, run: Run) -> Iterator[Expression]:
    """Yield what the open conditions of a row compare; nothing when it applies or cannot."""
    parts: list[Expression] = []
    for cells in row.alternatives:
        truths = [cell_truth(cell, program.calculator)(run) for cell in cells]
        if all(truth is True for truth in truths):
            return
        if False in truths:
            continue
        for cell, truth in zip(cells, truths, strict=True):
            if truth is None:
                parts += [Name(cell.name), *cell.operands]
    yield from parts
