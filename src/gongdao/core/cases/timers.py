"""Starting clocks (计时): the deadlines of a state, from the instant it is entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gongdao.core.cases.draft import Draft
from gongdao.core.cases.model import Timer
from gongdao.core.cases.pauses import clock_under
from gongdao.core.process.clocks import Counting, counting, due, reason
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Clock, State

_STARTS_ITSELF = ("entry", "next_midnight")


def timers_of(
    track: str, state: State, entered_at: datetime, facts: dict[str, Value] | None
) -> tuple[Timer, ...]:
    """Return the deadlines that run in `state` since `entered_at`.

    `facts` are needed only by clocks that start at an instant of the record; a clock whose instant
    or length is unknown does not start.
    """
    timers: list[Timer] = []
    for clock in state.clocks:
        due_at = due(clock, entered_at, facts or {})
        if due_at is not None:
            timers.append(
                Timer(
                    track=track,
                    name=clock.name,
                    action=clock.then,
                    due_at=due_at,
                    reason=reason(clock, entered_at, facts or {}),
                    cite=clock.cite,
                )
            )
    return tuple(timers)


def needs_facts(clocks: tuple[Clock, ...]) -> bool:
    """Whether any of the clocks starts at an instant of the record."""
    return any(clock.starts not in _STARTS_ITSELF for clock in clocks)


def enter(draft: Draft, track: str, state: State, book: Rulebook) -> tuple[Timer, ...]:
    """Return the deadlines of a state that the drafted decision enters now."""
    facts = draft.facts(book)[0] if needs_facts(state.clocks) else None
    return begin(draft, timers_of(track, state, draft.now, facts), state)


def begin(draft: Draft, timers: tuple[Timer, ...], state: State) -> tuple[Timer, ...]:
    """Return clocks of `state` that start now, under what lets the case's clocks stand still."""
    pauses, now = draft.case.pauses, draft.now
    if not pauses:
        return timers
    return tuple(clock_under(t, pauses, now, now, _counted_in(state, t)) for t in timers)


def counted(draft: Draft) -> Callable[[Timer], Counting | None]:
    """Return what tells of each clock of the case which part of time it counts."""

    def by(timer: Timer) -> Counting | None:
        track = draft.case.tracks.get(timer.track)
        if track is None:
            return None
        state = draft.playbook.state(track.rulebook, track.process, track.state)
        return _counted_in(state, timer)

    return by


def _counted_in(state: State, timer: Timer) -> Counting | None:
    return next((counting(c) for c in state.clocks if c.name == timer.name), None)
