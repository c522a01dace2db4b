"""Applying a declaration (落实): the clocks of the cases concerned, a few cases a transaction.

Each case is taken once, however often this runs: a crash half-way, or cases opened since, are seen
to by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.core.cases.commands import Actor, Command, GoOn, StandStill
from gongdao.core.cases.model import Case, Part, Pause
from gongdao.core.cases.region import Region
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.cases import find_case, lock_cases
from gongdao.store.connection import transaction
from gongdao.store.force_majeure import (
    ConcernedRow,
    DeclarationRow,
    concerned,
    hold_declaration,
    reached,
    standing_declarations,
)
from gongdao.store.held import Decision, Held
from gongdao.store.record import record

BATCH = 200
SAMPLE = 20
#: What a case that force majeure concerns does not count in.
EXEMPTS = (Part.SCORE, Part.PENALTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClock:
    """A clock before and after."""

    case_id: str
    order_id: str
    region: str
    track: str
    name: str
    was_due_at: datetime
    due_at: datetime
    paused: bool
    reason: Text


@dataclass(slots=True, kw_only=True)
class Reach:
    """What a declaration reaches: how many cases and clocks, and a sample of them."""

    cases: int = 0
    clocks: int = 0
    by_stage: dict[str, int] = field(default_factory=dict[str, int])
    sample: list[MovedClock] = field(default_factory=list[MovedClock])

    def add(self, before: Case, after: Case) -> None:
        """Count a case and its clocks that stand otherwise than before."""
        self.cases += 1
        self.by_stage[after.stage()] = self.by_stage.get(after.stage(), 0) + 1
        was = {(t.track, t.name): t for t in before.timers}
        for timer in after.timers:
            old = was.get((timer.track, timer.name))
            if old is None or old == timer:
                continue
            self.clocks += 1
            if len(self.sample) < SAMPLE:
                self.sample.append(
                    MovedClock(
                        case_id=after.id,
                        order_id=after.order.order_id,
                        region=after.order.region or "",
                        track=timer.track,
                        name=timer.name,
                        was_due_at=old.due_at,
                        due_at=timer.due_at,
                        paused=timer.paused_left_seconds is not None,
                        reason=timer.reason,
                    )
                )


def region_of(declared: DeclarationRow) -> Region:
    """Return the region that was declared."""
    return Region(province=declared.province, city=declared.city, district=declared.district)


def foresee(declared: DeclarationRow, now: datetime) -> Reach:
    """Return what applying the declaration would do; nothing is written."""
    reach = Reach()
    for rows in _stretches(declared):
        with transaction() as on:
            found = [find_case(on, row.case_id, lock=False) for row in rows]
        for held in found:
            if held is not None:
                _stand_still(declared, held, now, reach)
    return reach


def apply(declared: DeclarationRow, now: datetime) -> Reach:
    """Let the clocks of every case concerned stand still or run longer; returns what was done.

    One that is ended or revoked meanwhile reaches no further case.
    """
    reach = Reach()
    for rows in _stretches(declared):
        with transaction() as on:
            if not hold_declaration(on, declared.id):
                break
            held = lock_cases(on, [row.case_id for row in rows])
            record(on, [_stand_still(declared, h, now, reach) for h in held])
    return reach


def sweep() -> int:
    """Apply every standing declaration to the cases opened since; returns how many were reached."""
    with transaction() as on:
        standing = standing_declarations(on)
    return sum(apply(declared, now).cases for declared, now in standing)


def take_back(declared: DeclarationRow, now: datetime, by: str, *, undone: bool) -> Reach:
    """Let the clocks go on; `undone`: as if it had never been declared."""
    reach = Reach()
    command = GoOn(cause=declared.cause, undone=undone, by=Actor(role=Role.OPERATOR, id=by))
    while True:
        with transaction() as on:
            held = lock_cases(on, reached(on, declared, BATCH))
            record(on, [_decide(h, command, now, reach) for h in held])
        if not held:
            return reach


def _stretches(declared: DeclarationRow) -> Iterator[list[ConcernedRow]]:
    region = region_of(declared)
    last: tuple[str, UUID] = ("", UUID(int=0))
    while True:
        with transaction() as on:
            rows = concerned(on, declared, region.stem, last, BATCH)
        if not rows:
            return
        last = (rows[-1].shop_id, UUID(rows[-1].case_id))
        inside = [row for row in rows if region.holds(row.region)]
        if inside:
            yield inside


def standing_still(declared: DeclarationRow) -> StandStill:
    """Return the command by which a case stands still as declared."""
    place = region_of(declared).title
    pause = Pause(
        cause=declared.cause,
        since=declared.since,
        until=declared.until,
        reason=Text(f"不可抗力 {place.zh}", f"force majeure {place.en}"),
    )
    by = Actor(role=Role.OPERATOR, id=declared.declared_by)
    return StandStill(pause=pause, exempts=EXEMPTS, by=by)


def _stand_still(declared: DeclarationRow, held: Held, now: datetime, reach: Reach) -> Decision:
    return _decide(held, standing_still(declared), now, reach)


def _decide(held: Held, command: Command, now: datetime, reach: Reach) -> Decision:
    events, before = follow_clocks(held.case, now)
    done, after = decide_now(before, command, now)
    if done:
        reach.add(before, after)
    return decision(held, (*events, *done), after, now)
