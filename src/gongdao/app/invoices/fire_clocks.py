"""Fire the clocks of invoice tasks (发票时限): reminders, and the 72 h of a confirmation."""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.app.invoices.keep import keep
from gongdao.app.playbooks import playbooks
from gongdao.app.trouble import in_words
from gongdao.core.invoices.decide import run_clocks
from gongdao.store.connection import transaction
from gongdao.store.invoices import claim_due_tasks, note_task_trouble

BATCH = 200
#: A task whose clock failed so often waits for somebody to look.
MOST_ATTEMPTS = 10


@dataclass(slots=True)
class ClocksReport:
    """What firing did."""

    fired: int = 0
    troubled: int = 0


def fire_clocks(limit: int = BATCH) -> ClocksReport:
    """Let at most `limit` tasks follow the deadlines that ran out, each in its own transaction.

    By each marketplace's own clock.
    """
    report = ClocksReport()
    for _ in range(limit):
        with transaction() as on:
            claimed = claim_due_tasks(on, 1, MOST_ATTEMPTS)
            if not claimed:
                break
            held, now = claimed[0]
            try:
                with transaction():
                    book = playbooks().book(held.task.rulebook)
                    events, after = run_clocks(held.task, book, now)
                    keep(on, held, events, after)
                    report.fired += len(events)
            except Exception as trouble:  # noqa: BLE001  no fault of one task may stop the others
                note_task_trouble(on, held.task, in_words(trouble))
                report.troubled += 1
    return report
