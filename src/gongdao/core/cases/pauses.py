"""Time left out (停走): clocks stand still while a case is suspended or a flood lasts.

A pause without an end takes what a clock has left and gives it back on release. A pause with an end
is a stretch of time that the clock does not count: the deadline moves by as much of it as lay in
the clock's own time. Stretches that overlap count once; one taken back leaves no trace of itself.
What is left, and what lay in a stretch, is measured as the clock itself counts: in all time, inside
hours of the day, or on working days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from gongdao.core.cases.model import Case, Pause, Timer
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.process.clocks import Counting

_SECOND = timedelta(seconds=1)
_NOTHING = timedelta(0)


def clocks_under(
    case: Case,
    pauses: tuple[Pause, ...],
    now: datetime,
    counted: Callable[[Timer], Counting | None],
) -> tuple[Timer, ...]:
    """Return every clock of the case as it stands at `now` under `pauses`, and no others.

    `counted` says what part of time a clock counts.
    """
    return tuple(clock_under(t, pauses, _started_at(case, t), now, counted(t)) for t in case.timers)


def _started_at(case: Case, timer: Timer) -> datetime:
    track = case.tracks.get(timer.track)
    return timer.runs_from or (track.entered_at if track is not None else case.opened_at)


def clock_under(
    timer: Timer,
    pauses: tuple[Pause, ...],
    started_at: datetime,
    now: datetime,
    counted: Counting | None = None,
) -> Timer:
    """Return one clock, started at `started_at`, as it stands at `now` under `pauses`.

    A deadline is never set back before `now`: what was done in time stays in time.
    """
    applying = [p for p in pauses if timer.track not in p.spares]
    if any(p.until is None for p in applying):
        return _stopped(timer, now, counted)
    if timer.paused_left_seconds is not None:
        timer = _started_again(timer, now, counted)
        started_at = now
    return _stretched(timer, applying, started_at, now, counted)


def _between(start: datetime, end: datetime, counted: Counting | None) -> timedelta:
    return end - start if counted is None else counted.between(start, end)


def _after(start: datetime, length: timedelta, counted: Counting | None) -> datetime:
    return start + length if counted is None else counted.after(start, length)


def _stopped(timer: Timer, now: datetime, counted: Counting | None) -> Timer:
    if timer.paused_left_seconds is not None:
        return timer
    # Part of a second left is a second left: a pause never shortens a clock.
    left = max(0, -(-_between(now, timer.due_at, counted) // _SECOND))
    return replace(timer, paused_left_seconds=left)


def _started_again(timer: Timer, now: datetime, counted: Counting | None) -> Timer:
    due_at = _after(now, timedelta(seconds=timer.paused_left_seconds or 0), counted)
    return replace(
        timer,
        due_at=due_at,
        base_due_at=None,
        reason=timer.base_reason or timer.reason,
        base_reason=None,
        paused_left_seconds=None,
        runs_from=now,
    )


def _stretched(
    timer: Timer,
    pauses: Iterable[Pause],
    started_at: datetime,
    now: datetime,
    counted: Counting | None,
) -> Timer:
    base_due, base_reason = timer.base_due_at or timer.due_at, timer.base_reason or timer.reason
    due_at, reason = base_due, base_reason
    counted_to = started_at
    for pause in sorted(pauses, key=lambda p: (p.since, p.cause)):
        begin = max(pause.since, counted_to)
        end = pause.until or begin
        if end <= begin or begin >= due_at:
            continue
        counted_to = end
        lost = _between(begin, end, counted)
        if not lost:
            continue
        due_at = _after(end, _between(begin, due_at, counted), counted)
        reason = _longer(reason, lost, pause.reason)
    if due_at == base_due:
        return replace(
            timer,
            due_at=max(base_due, now) if timer.due_at != base_due else base_due,
            reason=base_reason,
            base_due_at=None,
            base_reason=None,
        )
    if due_at < timer.due_at:
        due_at = max(due_at, now)
    return replace(
        timer, due_at=due_at, reason=reason, base_due_at=base_due, base_reason=base_reason
    )


def _longer(reason: Text, by: timedelta, why: Text) -> Text:
    said = Span(0, by // _SECOND).in_words()
    return Text(f"{reason.zh}，+{said.zh} {why.zh}", f"{reason.en}, +{said.en} {why.en}")
