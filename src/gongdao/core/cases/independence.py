"""Independence (回避): who decided something does not decide whether it was right."""

from __future__ import annotations

from gongdao.core.cases.model import Case
from gongdao.core.kernel.words import Arbitration, Role
from gongdao.core.rulebook.processes import State

PLATFORM = (Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR)


def ruler(case: Case) -> tuple[Role, str] | None:
    """Return who gave the latest ruling by a person, corrections aside; None when nobody did."""
    for ruling in reversed(case.rulings):
        if ruling.by in PLATFORM and ruling.corrects is None:
            return ruling.by, ruling.actor
    return None


def barred(case: Case, track: str, state: State) -> frozenset[str]:
    """Return the people of the platform who may not act in `state` of `track`.

    On appeal, and wherever the process asks for another one: whoever ruled, made a mark that
    stands, or has acted in this process before. In a dispute ruled anew after a complaint: the one
    against whom the complaint was upheld.
    """
    censured = {
        m.subject
        for m in case.marks
        if m.lifted_at is None and m.about in PLATFORM and track == "dispute"
    }
    if not (state.another or state.arbitration is Arbitration.APPEALED):
        return frozenset(censured)
    ruled = {r.actor for r in case.rulings if r.by in PLATFORM}
    if not state.another:
        return frozenset(ruled | censured)
    marked = {m.actor for m in case.marks if m.lifted_at is None}
    running = case.tracks.get(track)
    return frozenset(ruled | marked | set(running.hands if running is not None else ()))
