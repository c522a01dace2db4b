"""Side processes (旁侧流程): correction, relief, complaint, suspension, conduct.

Any of them may be begun in a case of a platform whose profile names it, once the one before has
ended. Its start state is the case in which nothing was asked: the actions open there begin it. A
case that had ended is opened again for it, and ends again with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.findings import BadInput
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse_process import SIDE_TRACKS
from gongdao.core.rulebook.processes import Process, State


@dataclass(frozen=True, slots=True)
class Offer:
    """A side process that may be begun now."""

    track: str
    book: Rulebook
    process: Process

    @property
    def state(self) -> State:
        """The state whose actions begin the process."""
        return self.process.states[self.process.start]


def offers(case: Case, playbook: Playbook) -> Iterator[Offer]:
    """Yield the side processes that may be begun: those that are not under way."""
    for name in SIDE_TRACKS:
        track = case.tracks.get(name)
        if track is not None:
            state = playbook.state(track.rulebook, track.process, track.state)
            if state.final is None:
                continue
        if not playbook.tracks.get(name):
            continue
        try:
            book, process = playbook.choose(name, case.claim, {})
        except BadInput:
            continue
        yield Offer(name, book, process)
