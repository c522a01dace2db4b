"""Agreement in bulk (相互印证): facts that contradict each other are refused before any ruling."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Scalar

from gongdao.analytics.intake import Intake
from gongdao.analytics.meaning import CalendarSpan, Meaning, Writer, given, parameter
from gongdao.analytics.number import FALSE, Column, TooWide, opposite
from gongdao.analytics.refusals import calendar_span, too_wide
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.dependencies import facts_behind, names_in
from gongdao.core.rulebook.expression import Expression, Name
from gongdao.core.rulebook.model import Requirement, Rulebook


def facts_of_requirements(book: Rulebook) -> frozenset[str]:
    """Return the facts that the book wants to agree with each other."""
    names = [n for required in book.require for n in names_in(required.that)]
    return frozenset(f for n in names for f in facts_behind(book, n) if f in book.facts)


def refuse_contradictions(
    book: Rulebook,
    intake: Intake,
    run: Callable[[Any], pa.Table],
    judged: Collection[str] = (),
) -> None:
    """Ask in one pass for cases in which a requirement is false. BadInput `facts.contradictory`.

    A contradiction is laid to the first of its facts that is known; where another book has judged
    that one (`judged`), it is no fault here.
    """
    if not book.require:
        return

    def held(node: Expression) -> Meaning | None:
        return intake.facts.get(node.name) if isinstance(node, Name) else None

    def named(name: str) -> Meaning:
        if name in book.parameters:
            return parameter(book.parameters[name])
        return writer.of(book.formulas[name].expression)

    writer = Writer(named, held)
    try:
        broken: dict[str, Column] = {}
        for index, required in enumerate(book.require):
            false: Column = opposite(writer.of(required.that)).fill_null(FALSE)
            if isinstance(false, Scalar):
                continue  # rests on no column: all its facts are unknown
            if judged:
                false = false & opposite(_laid_to(book, required, intake, judged))
            counted: Column = ibis.ifelse(false, 1, 0)
            broken[f"n{index}"] = counted.sum()
    except TooWide:
        raise too_wide("require") from None
    except CalendarSpan:
        raise calendar_span("require") from None
    if not broken:
        return
    row = run(intake.relation.aggregate(**broken)).to_pylist()[0]
    findings = [_finding(r, row[f"n{i}"]) for i, r in enumerate(book.require) if row.get(f"n{i}")]
    if findings:
        raise BadInput(*findings)


def _laid_to(
    book: Rulebook, required: Requirement, intake: Intake, judged: Collection[str]
) -> Column:
    """Return whether the first known fact of a requirement is one of `judged`."""
    names = dict.fromkeys(
        n for each in names_in(required.that) for n in facts_behind(book, each) if n in book.facts
    )
    whens = [(given(intake.facts[n]), n in judged) for n in names]
    return ibis.cases(*whens, else_=False) if whens else FALSE


def _finding(required: Requirement, cases: int) -> Finding:
    message = required.message
    return Finding(
        code="facts.contradictory",
        field=next(names_in(required.that), "bulk"),
        message=Text(f"{message.zh}（{cases} 行）", f"{message.en} ({cases} rows)"),
        cure=required.cure or Text("请核对这些事实", "check these facts against each other"),
    )
