"""Standing still (停走): time left out of a case's clocks for force majeure, and taken back."""

from __future__ import annotations

from gongdao.core.cases import aftermath
from gongdao.core.cases.commands import GoOn, StandStill
from gongdao.core.cases.draft import Draft


def stand_still(draft: Draft, command: StandStill) -> None:
    """Draft that time does not count and the case is not assessed; a second time, nothing."""
    case, cause = draft.case, command.pause.cause
    if case.closed_at is not None or any(p.cause == cause for p in case.pauses):
        return
    aftermath.add_pause(draft, command.pause)
    aftermath.lift(draft, cause, command.exempts, command.pause.reason.zh)


def go_on(draft: Draft, command: GoOn) -> None:
    """Draft that the clocks go on; when the cause was none, that the case is assessed again."""
    aftermath.release(draft, command.cause)
    if command.undone:
        aftermath.restore(draft, command.cause)
