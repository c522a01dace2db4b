"""Fact form (认定表): the facts that the ruling asks for, found or lacking, as inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from gongdao.core.adjudication.ruling import Authority, ruling_from
from gongdao.core.cases.facts import STANDARD
from gongdao.core.cases.model import Case, FoundFact, Plain
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.dependencies import facts_behind, names_of_table
from gongdao.core.rulebook.explain import explain
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook
from gongdao.web.desk.language import wording
from gongdao.web.desk.ruling_text import verdict
from gongdao.web.desk.timeline import said_value

if TYPE_CHECKING:
    from datetime import datetime

    from gongdao.app.queries.case_page import Outlook
    from gongdao.core.rulebook.answer import Answer

Input = Literal["choice", "number", "money", "instant", "line"]
BEIJING_OFFSET = "+08:00"


@dataclass(frozen=True, slots=True)
class FactInput:
    """One fact: what it is called, how it is entered, what was found."""

    name: str
    title: str
    input: Input
    choices: list[tuple[str, str]]
    found: FoundFact | None
    found_said: str
    needed: bool


@dataclass(frozen=True, slots=True)
class FactForm:
    """The facts that the ruling of a case asks for, and what the rulebook says so far."""

    inputs: list[FactInput]
    verdict: str
    """What the rulebook would rule on the facts found so far."""
    decided: bool


def fact_form(case: Case, playbook: Playbook, outlook: Outlook, now: datetime) -> FactForm:
    """Return the form for the ruling of `case`, as the rulebook asks for it now."""
    book, answer = outlook.book, outlook.answer
    inputs = [
        _input(book.facts[name], book, case, playbook, answer) for name in _asked(book, answer)
    ]
    return FactForm(
        inputs=sorted(inputs, key=lambda i: (i.found is None, not i.needed)),
        verdict=_verdict(book, answer, now),
        decided=answer.status == "decided",
    )


def _verdict(book: Rulebook, answer: Answer, now: datetime) -> str:
    if answer.status == "decided" and answer.outputs.get("remedy"):
        by = Authority(number=0, by=Role.CLOCK, actor="", at=now)
        return verdict(ruling_from(answer, by))
    return wording(explain(book, answer).verdict)


def _asked(book: Rulebook, answer: Answer) -> list[str]:
    """Return the facts a person may have to establish: not those that the record itself shows."""
    table = book.tables[answer.table]
    names: dict[str, None] = dict.fromkeys(answer.needed)
    for name in names_of_table(table):
        names.update(dict.fromkeys(facts_behind(book, name)))
    return [n for n in names if n in book.facts and (n not in STANDARD or n in answer.needed)]


def _input(
    declared: FactDeclaration, book: Rulebook, case: Case, playbook: Playbook, answer: Answer
) -> FactInput:
    kind = declared.type.kind
    choices: list[tuple[str, str]] = []
    shape: Input = "line"
    if kind is Kind.BOOLEAN:
        shape, choices = "choice", [("true", _("yes")), ("false", _("no"))]
    elif kind is Kind.ENUM and declared.type.enum:
        members = enums_of(book)[declared.type.enum].members
        shape, choices = "choice", [(word, wording(text)) for word, text in members.items()]
    elif kind is Kind.INTEGER:
        shape = "number"
    elif kind is Kind.MONEY:
        shape = "money"
    elif kind is Kind.INSTANT:
        shape = "instant"
    found = case.facts.get(declared.name)
    return FactInput(
        name=declared.name,
        title=wording(declared.title),
        input=shape,
        choices=choices,
        found=found,
        found_said=said_value(declared.name, found.value, playbook) if found else "",
        needed=declared.name in answer.needed,
    )


def read_findings(form: FactForm, given: Mapping[str, str]) -> dict[str, Plain]:
    """Return the facts that a submitted form establishes: those entered, not those left empty."""
    found: dict[str, Plain] = {}
    for entry in form.inputs:
        text = given.get(f"fact.{entry.name}", "").strip()
        if not text:
            continue
        value: Plain = text
        if entry.input == "choice" and text in {"true", "false"}:
            value = text == "true"
        elif entry.input == "number" and text.lstrip("+-").isdecimal():
            value = int(text)
        elif entry.input == "instant":
            value = f"{text}{BEIJING_OFFSET}"
        found[entry.name] = value
    return found
