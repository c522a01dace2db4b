"""What one job does: fire the clock of one case, by the functions that the worker uses."""

from __future__ import annotations

from bench.market import FIRING_AT
from gongdao.app.decide_case import decision, follow_clocks
from gongdao.store.cases import lock_cases
from gongdao.store.connection import transaction
from gongdao.store.record import record


def fire_one(case_id: str) -> None:
    """Fire what is due of one case, in one transaction."""
    with transaction() as on:
        (held,) = lock_cases(on, [case_id])
        events, after = follow_clocks(held.case, FIRING_AT)
        record(on, [decision(held, events, after, FIRING_AT)])
