"""How long there is nothing to do (空闲): until the next deadline of any marketplace is due."""

from __future__ import annotations

from gongdao.store.cases import due_marketplaces
from gongdao.store.connection import transaction

_NOTHING_RUNS_SECONDS = 3600.0


def seconds_until_due() -> float:
    """Return the seconds until the next deadline may fire; at least one thousandth."""
    with transaction() as on:
        waiting = due_marketplaces(on)
    seconds = [(claim_at - now).total_seconds() for _, now, claim_at in waiting]
    return max(0.001, min(seconds, default=_NOTHING_RUNS_SECONDS))
