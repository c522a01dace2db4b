"""Rulebooks (规则书): what is on the shelf, and one version whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongdao.app.permissions import Verb, allow
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.written import write, write_condition
from gongdao.library.shelf import Shelf
from gongdao.web.api.authentication import caller
from gongdao.web.api.v1.case_shapes import TextOut

if TYPE_CHECKING:
    from gongdao.core.rulebook.model import Rulebook, Table
    from gongdao.core.rulebook.processes import Process

router = Router(tags=["rules"])


class RulebookOut(Schema):
    """One version of one rulebook."""

    ref: str
    id: str
    version: str
    title: TextOut
    in_force_from: datetime
    in_force_until: datetime | None
    governs_by: str
    digest: str


class ClauseOut(Schema):
    """A clause that rules cite: a paraphrase, and where the original stands."""

    id: str
    text: TextOut
    ref: str
    reading: str | None


class DeclaredFactOut(Schema):
    """A fact that the book asks for."""

    name: str
    type: str
    words: list[str]
    title: TextOut
    unit: str | None
    cost: int


class ParameterOut(Schema):
    """A number that the rules use."""

    name: str
    title: TextOut
    value: Any
    house: bool
    cite: list[str]


class RowOut(Schema):
    """One row of a table, in the rule language."""

    id: str
    when: list[dict[str, str]]
    then: dict[str, str]
    cite: list[str]


class TableOut(Schema):
    """A decision table."""

    name: str
    title: TextOut
    hit: str
    gives: dict[str, str]
    rows: list[RowOut]


class ProcessOut(Schema):
    """A process: from each state, what may be done by whom and where it leads."""

    name: str
    title: TextOut
    track: str
    start: str
    states: dict[str, Any]


class WholeRulebookOut(RulebookOut):
    """A rulebook with everything in it."""

    clauses: list[ClauseOut]
    facts: list[DeclaredFactOut]
    parameters: list[ParameterOut]
    tables: list[TableOut]
    processes: list[ProcessOut]


@router.get("", response=list[RulebookOut], summary="List rulebooks")
def list_rulebooks(request: HttpRequest) -> list[Rulebook]:
    """Return every version of every rulebook."""
    allow(caller(request), Verb.SEE_RULES)
    return list(Shelf().all())


@router.get("/{path:ref}", response=WholeRulebookOut, summary="One rulebook")
def get_rulebook(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Return `kuaishou/after-sale@2024-01-03` whole."""
    allow(caller(request), Verb.SEE_RULES)
    book = Shelf().exact(ref)
    enums = enums_of(book)
    head = {name: getattr(book, name) for name in RulebookOut.model_fields}
    return {
        **head,
        "clauses": list(book.sources.values()),
        "facts": [
            {
                "name": f.name,
                "type": f.type.enum or f.type.kind.value,
                "words": list(enums[f.type.enum].members) if f.type.enum else [],
                "title": f.title,
                "unit": f.unit,
                "cost": f.cost,
            }
            for f in book.facts.values()
        ],
        "parameters": [
            {
                "name": p.name,
                "title": p.title,
                "value": plain(p.value, p.type),
                "house": p.house,
                "cite": list(p.cite),
            }
            for p in book.parameters.values()
        ],
        "tables": [_table(t) for t in book.tables.values()],
        "processes": [_process(p) for p in book.processes.values()],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "hit": table.hit.value,
        "gives": {name: t.enum or t.kind.value for name, t in table.gives.items()},
        "rows": [
            {
                "id": row.id,
                "when": [{c.name: write_condition(c) for c in cells} for cells in row.alternatives],
                "then": {name: write(e) for name, e in row.then.items()},
                "cite": list(row.cite),
            }
            for row in table.rows
        ],
    }


def _process(process: Process) -> dict[str, Any]:
    states = {
        name: {
            "title": {"zh": s.title.zh, "en": s.title.en},
            "final": s.final,
            "waits_for": [r.value for r in s.waits_for],
            "actions": {
                a.name: {"by": [r.value for r in a.by], "to": a.to, "needs": list(a.needs)}
                for a in s.actions.values()
            },
            "deadlines": {
                c.name: {"after": str(c.after) if c.after else None, "then": c.then}
                for c in s.clocks
            },
        }
        for name, s in process.states.items()
    }
    return {
        "name": process.name,
        "title": process.title,
        "track": process.serves.track,
        "start": process.start,
        "states": states,
    }
