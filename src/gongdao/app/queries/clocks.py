"""Clocks (时限概况): how many run, how many are overdue, how late the last ones fired."""

from __future__ import annotations

from gongdao.app.permissions import Caller, Verb, allow
from gongdao.store.connection import transaction
from gongdao.store.standing import ClockRow, TroubleRow, clock_rows, trouble_rows


def clocks(caller: Caller) -> tuple[ClockRow, ...]:
    """Return the clocks of each marketplace of the caller. Raises NotAllowed."""
    allow(caller, Verb.SEE_CLOCKS)
    with transaction() as on:
        return clock_rows(on, caller.marketplace_ids)


def troubles(caller: Caller) -> tuple[TroubleRow, ...]:
    """Return deadlines that could not be fired, and why. Raises NotAllowed."""
    allow(caller, Verb.SEE_CLOCKS)
    with transaction() as on:
        return trouble_rows(on, caller.marketplace_ids)
