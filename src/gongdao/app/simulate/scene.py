"""Scenes (场景): openings and cues played in order of time, the clocks running in between.

Time is moved window by window. In a window first the cases are opened, then the cues are given in
order of their instants, then every deadline that has passed is fired by the same code that the
worker runs. Because a fired deadline is stamped with the instant it was due, the width of a window
changes no case's course; only payments, confirmed after each window, come later in a wider one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gongdao.app.decide_opening import Opening
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.open_many import open_many
from gongdao.store.cases import due_marketplaces
from gongdao.store.connection import transaction

WINDOW = timedelta(weeks=1)
OPENED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """Something that somebody does at an instant; it may lead to further, never earlier cues."""

    at: datetime
    name: str
    """Tells cues of one instant apart; the same in every run."""
    give: Callable[[datetime], Iterable[Cue]] = field(compare=False)


@dataclass(slots=True)
class Played:
    """What a scene led to, beyond what stands in the database."""

    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Case id and code of openings that the rules did not accept."""
    troubled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is to be played, in which marketplace."""

    marketplace_id: str
    openings: Sequence[Opening]
    """In order of their instants."""
    cues: Sequence[Cue]
    until: datetime | None = None
    """Where time stops; None: after the last deadline."""
    window: timedelta = WINDOW


def play(
    scene: Scene,
    *,
    after: datetime | None = None,
    window_done: Callable[[datetime], None] = lambda _instant: None,
) -> Played:
    """Play a scene from `after` on, and call `window_done` after each window, all of it committed.

    Playing a window again does nothing twice: case ids and the keys of acts are the same.
    """
    played = Played()
    openings = [o for o in scene.openings if o.at is not None and (not after or o.at > after)]
    cues = [cue for cue in scene.cues if not after or cue.at > after]
    heapq.heapify(cues)
    while (start := _next(scene, openings, cues)) is not None:
        end = start + scene.window
        if scene.until is not None:
            if start > scene.until:
                break
            end = min(end, scene.until)
        openings = _open(openings, end, played)
        while cues and cues[0].at <= end:
            cue = heapq.heappop(cues)
            for further in cue.give(cue.at):
                heapq.heappush(cues, further)
        if not _fire(scene.marketplace_id, end, played):
            break
        window_done(end)
        if end == scene.until:
            break
    return played


def _next(scene: Scene, openings: Sequence[Opening], cues: Sequence[Cue]) -> datetime | None:
    """Return the next instant at which anything happens; None when nothing is left."""
    instants = [cues[0].at] if cues else []
    if openings and openings[0].at is not None:
        instants.append(openings[0].at)
    with transaction() as on:
        due = {found: claim_at for found, _, claim_at in due_marketplaces(on)}
    if scene.marketplace_id in due:
        instants.append(due[scene.marketplace_id])
    return min(instants, default=None)


def _open(openings: list[Opening], end: datetime, played: Played) -> list[Opening]:
    count = sum(1 for _ in _until(openings, end))
    for first in range(0, count, OPENED_AT_ONCE):
        done = open_many(openings[first : min(first + OPENED_AT_ONCE, count)])
        played.refused.extend((case_id, refusal.code) for case_id, refusal in done.refused)
    return openings[count:]


def _until(openings: list[Opening], end: datetime) -> Iterable[Opening]:
    for opening in openings:
        if opening.at is None or opening.at > end:
            return
        yield opening


def _fire(marketplace_id: str, now: datetime, played: Played) -> bool:
    """Fire all that has passed; False when nothing but cases in trouble is left to try."""
    while True:
        report = fire_due(now=now, marketplace_id=marketplace_id)
        played.troubled += report.troubled
        if report.fired == 0:
            return report.troubled == 0
