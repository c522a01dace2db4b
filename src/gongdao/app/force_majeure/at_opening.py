"""At opening (开案即适用): a case opened inside a declared period begins under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gongdao.app.decide_case import decide_now
from gongdao.app.force_majeure.apply import region_of, standing_still
from gongdao.store.connection import Connection
from gongdao.store.force_majeure import DeclarationRow, hold_declarations
from gongdao.store.held import Decision


class StandingDeclarations:
    """The declarations that stand, read once a marketplace: for one opening, or a batch of them.

    They are held until the caller's transaction ends: one revoked meanwhile finds the cases.
    """

    def __init__(self, on: Connection) -> None:
        self._on = on
        self._read: dict[str, tuple[DeclarationRow, ...]] = {}

    def over(self, opened: Decision, at: datetime) -> Decision:
        """Return the decision that opens a case at `at`, under every declaration of its region."""
        case, events = opened.after, opened.events
        region = case.order.region
        if region is None or case.closed_at is not None:
            return opened
        for declared in self._of(opened.marketplace_id):
            if _takes_in(declared, at) and region_of(declared).holds(region):
                done, case = decide_now(case, standing_still(declared), at)
                events += done
        return opened if events == opened.events else replace(opened, after=case, events=events)

    def _of(self, marketplace_id: str) -> tuple[DeclarationRow, ...]:
        if marketplace_id not in self._read:
            self._read[marketplace_id] = hold_declarations(self._on, marketplace_id)
        return self._read[marketplace_id]


def _takes_in(declared: DeclarationRow, at: datetime) -> bool:
    """Tell whether a case opened at `at` may yet live through the declared period."""
    if declared.until is None:
        return declared.since <= at
    return declared.until > at
