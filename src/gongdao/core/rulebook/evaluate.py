"""Evaluating rulebooks (求值): what the tables say about given facts, and why.

A missing fact is unknown, never false. While a row that could come first is still open, the answer
is undecided and names the facts that would settle it, unless every row still possible says the
same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.calculate import Run, settled
from gongdao.core.rulebook.expression import Expression
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.program import Program, Verdict, program_of
from gongdao.core.rulebook.wanting import wanting

NO_ORIGINS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a condition holds: True, False, or None with the facts it would take to know."""

    answer: bool | None
    unknown: tuple[str, ...] = ()


def evaluate(
    book: Rulebook,
    table: str,
    facts: Mapping[str, Value],
    origins: Mapping[str, str] | None = None,
) -> Answer:
    """Answer one table of `book` from `facts`; names missing from `facts` are unknown.

    `origins` says where facts came from (`fact:buyer`, `fact:record`) for the explanation.
    Raises BadInput `rules.no_such_table`.
    """
    program = program_of(book)
    compiled = program.tables.get(table)
    if compiled is None:
        raise _no_such(table, book)
    run = Run(facts)
    verdict = compiled.judge(run, near=True)
    hits = tuple(run.hits)
    return Answer(
        rulebook=program.ref,
        digest=book.digest,
        table=table,
        status="decided" if verdict.decided else "undecided",
        outputs=verdict.outputs,
        collected=verdict.collected,
        hits=hits,
        cite=hits[0].cite if len(hits) == 1 else tuple({c: None for h in hits for c in h.cite}),
        read=verdict.reads.told(run, origins or NO_ORIGINS),
        near=tuple(verdict.near),
        needed=() if verdict.decided else _needed(program, verdict, run),
    )


def _needed(program: Program, verdict: Verdict, run: Run) -> tuple[str, ...]:
    """Return the unknown facts and unset parameters behind what is open, cheapest first."""
    book = program.book
    found = wanting(program, run, verdict.open_parts(run))
    return tuple(sorted(found, key=lambda n: book.facts[n].cost if n in book.facts else 0))


def value_of(book: Rulebook, name: str, facts: Mapping[str, Value]) -> Value | None:
    """Return the value of a fact, parameter, formula or `table.output`; None when unknown.

    Raises BadInput `rules.no_such_name` when the book has no such name.
    """
    program = program_of(book)
    if name not in program.names:
        raise BadInput(
            Finding(
                code="rules.no_such_name",
                field="name",
                message=Text(f"{book.ref} 中没有“{name}”", f"{book.ref} has no `{name}`"),
            )
        )
    return settled(program.value(name, Run(facts)))


def holds(book: Rulebook, expression: Expression, facts: Mapping[str, Value]) -> Truth:
    """Tell whether a condition of the book holds, and which unknown facts keep it open."""
    program = program_of(book)
    run = Run(facts)
    answer = program.condition(expression)(run)
    if answer is not None:
        return Truth(answer)
    return Truth(None, wanting(program, run, (expression,)))


def _no_such(table: str, book: Rulebook) -> BadInput:
    names = ", ".join(book.tables)
    return BadInput(
        Finding(
            code="rules.no_such_table",
            field="table",
            message=Text(f"{book.ref} 中没有判定表“{table}”", f"{book.ref} has no table `{table}`"),
            cure=Text(f"可用：{names}", f"tables: {names}"),
        )
    )
