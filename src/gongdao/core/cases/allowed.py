"""Allowed actions (可执行操作): what a role may do with a case now, and what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.evaluate import holds


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedAction:
    """An action the process offers this role now."""

    track: str
    name: str
    title: Text
    needs: tuple[str, ...]
    cite: tuple[str, ...]
    open: bool
    """Whether its condition holds; if not, `lacking` names the facts still unknown, if any."""
    lacking: tuple[str, ...] = ()
    rules: bool = False
    """The action is a ruling: it can be previewed, and overruled with a reason."""


def allowed_actions(
    case: Case, role: Role, playbook: Playbook, now: datetime
) -> tuple[AllowedAction, ...]:
    """Return the actions offered to `role`, newest track first. Empty when the case is closed."""
    if case.closed_at is not None:
        return ()
    found: list[AllowedAction] = []
    for name, track in reversed(list(case.tracks.items())):
        book = playbook.books[track.rulebook]
        state = book.processes[track.process].states[track.state]
        for action in state.actions.values():
            if role not in action.by:
                continue
            is_open, lacking = True, ()
            if action.when is not None:
                truth = holds(book, action.when, case_facts(case, book, now)[0])
                is_open, lacking = truth.answer is True, truth.unknown
            found.append(
                AllowedAction(
                    track=name,
                    name=action.name,
                    title=action.title,
                    needs=action.needs,
                    cite=action.cite,
                    open=is_open,
                    lacking=lacking,
                    rules=any(e.kind.value == "rule" for e in action.does),
                )
            )
    return tuple(found)
