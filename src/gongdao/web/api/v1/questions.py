"""Questions to the rules (问规则): decide facts, run a process; nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from gongdao.app.permissions import Verb, allow
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import parse_instant
from gongdao.core.process.replay import Firing, replay
from gongdao.core.process.timeline import timeline_of
from gongdao.core.rulebook.explain import explain, type_of_name
from gongdao.core.rulebook.facts import read_facts
from gongdao.core.rulebook.literal import plain
from gongdao.core.rulebook.reading import shown
from gongdao.library.ask import SaidBy, ask
from gongdao.library.shelf import Shelf
from gongdao.web.api.authentication import caller
from gongdao.web.api.v1.case_shapes import TextOut

if TYPE_CHECKING:
    from gongdao.core.rulebook.answer import ValueRead
    from gongdao.core.rulebook.model import Rulebook

router = Router(tags=["rules"])


class EvaluateIn(Schema):
    """Facts to decide by a table of the rulebook in force."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(examples=["douyin/dispute"])
    table: str | None = None
    facts: dict[str, Any]
    at: str | None = Field(
        None,
        description="Choose the version in force at this instant, which is also the fact `now` "
        "where the facts do not say it.",
    )


class ValueOut(Schema):
    """A value that was read, and where it came from."""

    name: str
    value: Any
    origin: str


class NearOut(Schema):
    """A row that failed by one condition."""

    table: str
    row: str
    name: str
    wanted: str
    was: Any


class AnswerOut(Schema):
    """What the rulebook answers, and why; undecided answers name the facts still needed."""

    rulebook: str
    digest: str
    table: str
    status: str
    outputs: dict[str, Any]
    collected: list[dict[str, Any]]
    rows: list[str]
    cite: list[str]
    read: list[ValueOut]
    near: list[NearOut]
    needed: list[str]
    sentences: list[TextOut]


class ReplayIn(Schema):
    """Dated acts to run a process over; the first entry says when it begins."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(examples=["kuaishou/after-sale"])
    process: str
    timeline: list[dict[str, Any]]
    facts: dict[str, Any] = Field(default_factory=dict)
    now: str


class FiringOut(Schema):
    """A deadline that ran out, or the next that will."""

    do: str
    state: str
    deadline: str
    at: datetime
    reason: TextOut
    cite: list[str]


class RefusedActOut(Schema):
    """An act that was not open then."""

    do: str
    at: datetime
    code: str
    message: TextOut


class ReplayOut(Schema):
    """What became of the process."""

    rulebook: str
    process: str
    state: str
    final: str | None
    waits_for: list[str]
    next: FiringOut | None
    fired: list[FiringOut]
    refused: list[RefusedActOut]


@router.post("/evaluate", response=AnswerOut, summary="Decide facts by the rulebook in force")
def evaluate_facts(request: HttpRequest, body: EvaluateIn) -> dict[str, Any]:
    """Answer from the rulebook in force at `at`, now by default, never below the law's floor."""
    allow(caller(request), Verb.SEE_RULES)
    instant = parse_instant(body.at, field="at") if body.at else datetime.now(UTC)
    shelf = Shelf()
    book = shelf.in_force(body.subject, instant)
    table = body.table or book.asks
    if table is None:
        raise _no_table(book)
    said_by: SaidBy = "at" if body.at else "clock"
    answer = ask(shelf, book, table, body.facts, instant, said_by).answer
    law = tuple(s.id for s in answer.floor.sources) if answer.floor is not None else ()
    gives = book.tables[table].gives
    told = [
        {name: plain(value, gives[name]) for name, value in each.items()}
        for each in (answer.outputs, *answer.collected)
    ]
    return {
        "rulebook": answer.rulebook,
        "digest": answer.digest,
        "table": answer.table,
        "status": answer.status,
        "outputs": told[0],
        "collected": told[1:],
        "rows": [f"{h.table}/{h.row}" for h in answer.hits],
        "cite": [*answer.cite, *law],
        "read": [_value(book, r) for r in answer.read],
        "near": [
            {
                "table": n.table,
                "row": n.row,
                "name": n.name,
                "wanted": n.wanted,
                "was": plain(n.was, type_of_name(book, n.name)),
            }
            for n in answer.near
        ],
        "needed": list(answer.needed),
        "sentences": list(explain(book, answer).sentences()),
    }


@router.post("/replay", response=ReplayOut, summary="Run a process over dated acts")
def replay_timeline(request: HttpRequest, body: ReplayIn) -> dict[str, Any]:
    """Run a process up to `now`; the version of the rules is that of its beginning."""
    allow(caller(request), Verb.SEE_RULES)
    until = parse_instant(body.now, field="now")
    timeline = timeline_of(body.timeline, shown)
    book = Shelf().in_force(body.subject, timeline.begin)
    facts = read_facts(book, body.facts)
    if facts.findings:
        raise BadInput(*facts.findings)
    played = replay(book, body.process, timeline.begin, timeline.acts, facts.facts, until)
    return {
        "rulebook": book.ref,
        "process": played.process,
        "state": played.state,
        "final": played.final,
        "waits_for": [role.value for role in played.waits_for],
        "next": _firing(played.next) if played.next else None,
        "fired": [_firing(f) for f in played.fired],
        "refused": [
            {
                "do": r.act.do,
                "at": r.act.at,
                "code": r.finding.code,
                "message": r.finding.message,
            }
            for r in played.refused
        ],
    }


def _value(book: Rulebook, read: ValueRead) -> dict[str, Any]:
    value = plain(read.value, type_of_name(book, read.name))
    return {"name": read.name, "value": value, "origin": read.origin}


def _firing(firing: Firing) -> dict[str, Any]:
    return {
        "do": firing.do,
        "state": firing.state,
        "deadline": firing.clock,
        "at": firing.at,
        "reason": firing.reason,
        "cite": list(firing.cite),
    }


def _no_table(book: Rulebook) -> BadInput:
    names = ", ".join(book.tables)
    return BadInput(
        Finding(
            code="rules.table_required",
            field="table",
            message=Text("请指明判定表", "say which table"),
            cure=Text(f"可用：{names}", f"one of: {names}"),
        )
    )
