"""A decision being written (草案): events so far, and the case as it would stand after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.commands import Actor
from gongdao.core.cases.dossier import begins_review, frozen
from gongdao.core.cases.events import Event, Opened
from gongdao.core.cases.evolve import evolve
from gongdao.core.cases.facts import case_facts
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Action


@dataclass(frozen=True, slots=True)
class Step:
    """An action to be done on a track, and who does it."""

    track: str
    action: Action
    by: Actor


class Draft:
    """Collects the events of one decision. Local to one call of `decide`; never shared."""

    def __init__(self, case: Case | None, playbook: Playbook, now: datetime, by: Actor) -> None:
        self.playbook = playbook
        self.now = now
        self.by = by
        self.events: list[Event] = []
        self._case = case

    @property
    def case(self) -> Case:
        """The case after the events so far."""
        if self._case is None:
            raise ValueError("the case is not open yet")
        return self._case

    def add(self, event: Event) -> None:
        """Append an event; what follows sees the case as changed by it."""
        if self._case is None and not isinstance(event, Opened):
            raise ValueError("the first event of a case is its opening")
        before = self._case
        self._case = evolve(before, event)
        self.events.append(event)
        if begins_review(before, self._case):
            self.add(frozen(self._case, self.now))

    def facts(self, book: Rulebook) -> tuple[dict[str, Value], dict[str, str]]:
        """Return the facts known now, as `book` reads them, and their origins."""
        return case_facts(self.case, book, self.now)
