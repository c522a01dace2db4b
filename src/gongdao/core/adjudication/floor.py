"""Statutory floor (法定底线): where a platform gives the buyer less than the law, the law's answer.

A table of the law answers the same facts. What is better for the buyer is the order that this table
declares (`order.buyer`); outputs that it does not rank are not compared. The floor is applied only
when it is better in something and worse in nothing; both clauses are then cited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongdao.core.kernel.words import Party
from gongdao.core.rulebook.answer import Answer, AppliedFloor
from gongdao.core.rulebook.model import Row, Rulebook, Value

#: The check that a row is declared an exception to: `exempt: ["floor: CLAUSE"]`.
EXEMPTION = "floor"

Raised = Mapping[str, tuple[Value | None, Value | None]]


def with_floors(
    book: Rulebook, answer: Answer, floors: Sequence[tuple[Rulebook, Answer]]
) -> Answer:
    """Return the answer of `book`, raised to the first of the `floors` that demands more.

    `floors` are tables of law and what they answer on the same facts, most specific first.
    """
    if answer.status != "decided" or not answer.hits or exempt(_row(book, answer)):
        return answer
    for law, demanded in floors:
        raised = raised_by(law, answer, demanded)
        if raised:
            return _applied(law, answer, demanded, raised)
    return answer


def raised_by(law: Rulebook, answer: Answer, floor: Answer) -> Raised:
    """Return the outputs that the floor raises: from what, to what. Empty: it demands no more."""
    if floor.status != "decided":
        return {}
    raised: dict[str, tuple[Value | None, Value | None]] = {}
    for output, ranked in law.tables[floor.table].order.get(Party.BUYER.value, {}).items():
        has, least = answer.outputs.get(output), floor.outputs.get(output)
        if has not in ranked or least not in ranked:
            continue
        step = ranked.index(str(least)) - ranked.index(str(has))
        if step < 0:
            return {}
        if step > 0:
            raised[output] = (has, least)
    return raised


def exempt(row: Row | None) -> bool:
    """Tell whether a row is declared an exception to the floor."""
    return row is not None and any(
        entry.partition(":")[0].strip() == EXEMPTION for entry in row.exempt
    )


def _row(book: Rulebook, answer: Answer) -> Row | None:
    hit = answer.hits[-1].row
    return next((r for r in book.tables[answer.table].rows if r.id == hit), None)


def _applied(law: Rulebook, answer: Answer, floor: Answer, raised: Raised) -> Answer:
    outputs = {**answer.outputs, **{o: least for o, (_, least) in raised.items()}}
    if "remedy" in raised and "refund" in outputs:
        # An amount was for the remedy that gave way; without one the refund is the whole claim.
        outputs["refund"] = floor.outputs.get("refund")
    return replace(
        answer,
        outputs=outputs,
        floor=AppliedFloor(
            rulebook=law.ref,
            digest=law.digest,
            title=law.title,
            table=floor.table,
            row=floor.hits[-1].row,
            sources=tuple(law.sources[c] for c in floor.cite),
            raised=raised,
        ),
    )
