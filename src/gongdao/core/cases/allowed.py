"""Allowed actions (可执行操作): what a role may do with a case now, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.independence import PLATFORM, barred
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.cases.second_review import ACTIONS
from gongdao.core.cases.side import offers
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import State


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedAction:
    """An action the process offers this role now."""

    track: str
    rulebook: str
    """The book of the process, by ref."""
    name: str
    title: Text
    needs: tuple[str, ...]
    cite: tuple[str, ...]
    open: bool
    """Whether its condition holds; if not, `lacking` names the facts still unknown, if any."""
    lacking: tuple[str, ...] = ()
    rules: bool = False
    """The action is a ruling: it can be previewed, and overruled with a reason."""
    begins: bool = False
    """It begins a process beside the after-sale: a correction, a complaint, a suspension …"""


def allowed_actions(
    case: Case, role: Role, playbook: Playbook, now: datetime, person: str = ""
) -> tuple[AllowedAction, ...]:
    """Return the actions offered to `role`, newest track first.

    A case that has ended offers only new processes about it: a correction, a complaint. What is
    for others than `person` to decide, because he decided before, is not offered him.
    """
    found: list[AllowedAction] = []
    for name, book, state, begins in _here(case, playbook):
        if role in PLATFORM and person and person in barred(case, name, state):
            continue
        for action in state.actions.values():
            if role not in action.by:
                continue
            is_open = True
            lacking: tuple[str, ...] = ()
            if action.when is not None:
                truth = holds(book, action.when, case_facts(case, book, now)[0])
                is_open, lacking = truth.answer is True, truth.unknown
            if begins and not is_open:
                continue
            found.append(
                AllowedAction(
                    track=name,
                    rulebook=book.ref,
                    name=action.name,
                    title=action.title,
                    needs=action.needs,
                    cite=action.cite,
                    open=is_open,
                    lacking=lacking,
                    rules=any(e.kind.value == "rule" for e in action.does),
                    begins=begins,
                )
            )
    return (*_reviews(case, role, person), *found)


def _reviews(case: Case, role: Role, person: str) -> Iterator[AllowedAction]:
    """Yield what a reviewer may do with a ruling that waits for him; not with his own."""
    if case.proposal is None or case.closed_at is not None:
        return
    if person and person == case.proposal.ruling.actor:
        return
    for action in ACTIONS.values():
        if role in action.by:
            yield AllowedAction(
                track=case.proposal.track,
                rulebook=case.tracks[case.proposal.track].rulebook,
                name=action.name,
                title=action.title,
                needs=action.needs,
                cite=case.proposal.cite,
                open=True,
            )


def _here(case: Case, playbook: Playbook) -> Iterator[tuple[str, Rulebook, State, bool]]:
    """Yield the states the case is in, newest track first, then side processes that may begin."""
    if case.closed_at is None:
        for name, track in reversed(list(case.tracks.items())):
            book = playbook.books[track.rulebook]
            yield name, book, book.processes[track.process].states[track.state], False
    for offer in offers(case, playbook):
        yield offer.track, offer.book, offer.state, True
