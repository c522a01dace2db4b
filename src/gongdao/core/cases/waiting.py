"""Waiting (等待): whom a case waits for now, over all its processes."""

from __future__ import annotations

from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.words import Role

_NOBODY = (Role.CLOCK, Role.RULING)


def waits_for(case: Case, playbook: Playbook) -> tuple[Role, ...]:
    """Return the roles that the case waits for: as its states say, else whoever may act there.

    Empty when the case is closed. A suspended process waits for another one, not for people.
    """
    if case.closed_at is not None:
        return ()
    found: dict[Role, None] = {}
    for track in case.tracks.values():
        state = playbook.state(track.rulebook, track.process, track.state)
        if state.suspended or state.final is not None:
            continue
        acting = (r for a in state.actions.values() for r in a.by if r not in _NOBODY)
        found.update(dict.fromkeys(state.waits_for or acting))
    if case.proposal is not None:
        found[Role.REVIEWER] = None
    return tuple(found)
