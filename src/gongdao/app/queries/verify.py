"""Verify (核验): chains unbroken, rows as a replay has them, money in balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.model import Case
from gongdao.core.cases.waiting import waits_for
from gongdao.store.audit import (
    Audit,
    Problem,
    count_cases,
    examine_cases,
    examine_ledger,
    examine_orders,
    frozen,
)
from gongdao.store.audit_invoices import examine_invoices


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was examined and what disagrees; no problems: everything holds."""

    cases: int
    events: int
    entries: int
    ledger_sum_fen: int
    problems: tuple[Problem, ...]


def verify(progress: Callable[[int, int], None] | None = None) -> Verification:
    """Examine the whole installation as it stands at one instant.

    `progress` is told (cases done, cases in all) as it goes. Writes nothing.
    """
    audit = Audit()
    with frozen() as on:
        total = count_cases(on)
        for _ in examine_cases(on, audit, _waits_for):
            if progress is not None:
                progress(audit.cases, total)
        examine_orders(on, audit)
        examine_invoices(on, audit)
        ledger_sum_fen, entries = examine_ledger(on, audit)
    return Verification(
        cases=audit.cases,
        events=audit.events,
        entries=entries,
        ledger_sum_fen=ledger_sum_fen,
        problems=tuple(audit.problems),
    )


def _waits_for(case: Case) -> tuple[str, ...]:
    """Whom the case waits for depends on running processes alone, so any instant will do."""
    return waits_for(case, playbooks().running(case, case.opened_at))
