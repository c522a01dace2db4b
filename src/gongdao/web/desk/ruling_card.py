"""Ruling card (裁决书): one ruling, its clauses, the values it read, what nearly applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gongdao.core.adjudication.ruling import Reading, Ruling
from gongdao.core.cases.facts import case_facts
from gongdao.core.kernel.words import Party, Reason, Remedy, Role
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.explain import explain, said, title_of
from gongdao.core.rulebook.facts import read_facts
from gongdao.web.desk.language import wording
from gongdao.web.desk.ruling_text import verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gongdao.core.cases.model import Case
    from gongdao.core.cases.playbook import Playbook
    from gongdao.core.rulebook.model import Rulebook, Source


@dataclass(frozen=True, slots=True)
class RulingCard:
    """What the page shows of one ruling."""

    ruling: Ruling
    verdict: str
    proposed: str
    sources: list[Source]
    read: list[tuple[str, str, str]]
    """Label, value, origin."""
    near: list[str]
    rulebook_title: str


def ruling_cards(case: Case, playbook: Playbook, books: Mapping[str, Rulebook]) -> list[RulingCard]:
    """Return the rulings of a case, the one in force first; `books` has those cited, by ref."""
    everywhere = (*playbook.books.values(), *books.values())
    sources = {s.id: s for book in everywhere for s in book.sources.values()}
    return [
        _card(
            ruling, case, books.get(ruling.rulebook) or playbook.books.get(ruling.rulebook), sources
        )
        for ruling in reversed(case.rulings)
    ]


def _card(
    ruling: Ruling, case: Case, book: Rulebook | None, sources: Mapping[str, Source]
) -> RulingCard:
    if book is None:
        return RulingCard(ruling, verdict(ruling), _proposed(ruling), [], [], [], ruling.rulebook)
    return RulingCard(
        ruling=ruling,
        verdict=verdict(ruling),
        proposed=_proposed(ruling),
        # A clause of the law that overrode the platform stands in another book.
        sources=[s for c in ruling.cite if (s := book.sources.get(c) or sources.get(c))],
        read=[_reading(reading, book) for reading in ruling.read],
        near=_near(ruling, case, book),
        rulebook_title=wording(book.title),
    )


def _proposed(ruling: Ruling) -> str:
    if ruling.proposed in set(Remedy):
        return wording(Remedy(ruling.proposed))
    return _("undecided") if ruling.proposed else ""


def _reading(reading: Reading, book: Rulebook) -> tuple[str, str, str]:
    value = reading.value
    facts = read_facts(book, {reading.name: _plain(value)}).facts if value is not None else {}
    shown = said(book, reading.name, facts[reading.name]) if reading.name in facts else None
    return (
        wording(title_of(book, reading.name)),
        wording(shown) if shown else _word(value),
        _origin(reading.origin),
    )


def _plain(value: str | None) -> bool | str | None:
    return {"true": True, "false": False}.get(value or "", value)


def _word(value: str | None) -> str:
    """Say a value that the book declares no fact for: a formula's or another table's."""
    if value is None:
        return _("unknown")
    known = {"true": _("yes"), "false": _("no")}
    known |= {word.value: wording(word) for words in (Reason, Remedy, Party) for word in words}
    return known.get(value, value)


def _origin(origin: str) -> str:
    """Say where a value came from: `finding:arbitrator`, `record`, `formula`, `parameter`."""
    kind, _colon, who = origin.removeprefix("fact:").partition(":")
    told = {
        "record": _("from the record"),
        "finding": _("found"),
        "formula": _("computed"),
        "parameter": _("number of the rulebook"),
        "table": _("another table"),
        "fact": _("from the record"),
    }.get(kind, kind)
    if who in set(Role):
        return _("{origin} by {who}").format(origin=told, who=wording(Role(who)))
    return told


def _near(ruling: Ruling, case: Case, book: Rulebook) -> list[str]:
    """Say which rows failed by one condition, if the facts are still those of the ruling."""
    if ruling.overruled or ruling.table not in book.tables:
        return []
    facts, origins = case_facts(case, book, ruling.at)
    answer = evaluate(book, ruling.table, facts, origins)
    if tuple(f"{h.table}/{h.row}" for h in answer.hits) != ruling.rows:
        return []
    return [wording(text) for text in explain(book, answer).near]
