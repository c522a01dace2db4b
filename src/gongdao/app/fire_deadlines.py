"""Fire deadlines (到期处理): what nobody did in time happens by itself, once.

A batch is one transaction. A case that cannot be decided is put off with its finding noted and does
not hold up the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gongdao.app.decide_case import decision, follow_clocks
from gongdao.app.shop_address import ShopAddresses
from gongdao.app.trouble import in_words
from gongdao.core.cases.events import Acted, Event
from gongdao.core.kernel.findings import Conflict
from gongdao.store.cases import claim_due, due_marketplaces, lock_cases, postpone_deadlines
from gongdao.store.connection import Connection, DataRefused, transaction
from gongdao.store.held import Decision, Held
from gongdao.store.record import record

BATCH = 1000


@dataclass(slots=True)
class FireReport:
    """What firing did, and how late it was."""

    fired: int = 0
    cases: int = 0
    troubled: int = 0
    """Cases put off because they could not be decided."""
    late_seconds: list[float] = field(default_factory=list[float])
    """Of each deadline fired: the instant of firing less the instant it was due."""

    @property
    def late_max_seconds(self) -> float:
        """The worst lateness; 0 when nothing fired."""
        return max(self.late_seconds, default=0.0)

    @property
    def late_mean_seconds(self) -> float:
        """The mean lateness; 0 when nothing fired."""
        return sum(self.late_seconds) / len(self.late_seconds) if self.late_seconds else 0.0

    @property
    def late_p99_seconds(self) -> float:
        """The lateness that 99 of 100 deadlines kept; 0 when nothing fired."""
        ordered = sorted(self.late_seconds)
        return ordered[(99 * len(ordered) - 1) // 100] if ordered else 0.0

    def add(self, events: Sequence[Event], now: datetime) -> None:
        """Count the deadlines among the events of one case."""
        due = [e.due_at for e in events if isinstance(e, Acted) and e.due_at is not None]
        self.cases += bool(due)
        self.fired += len(due)
        self.late_seconds.extend((now - at).total_seconds() for at in due)


def fire_due(
    limit: int = BATCH, *, now: datetime | None = None, marketplace_id: str | None = None
) -> FireReport:
    """Fire deadlines that have passed, of at most `limit` cases a marketplace.

    By each marketplace's own clock, or at `now` in a simulation; then name the marketplace.
    """
    report = FireReport()
    with transaction() as on:
        waiting = due_marketplaces(on)
    for found_id, their_now, claim_at in waiting:
        instant = now or their_now
        if marketplace_id in {None, found_id} and claim_at < instant:
            _fire(found_id, instant, limit, report)
    return report


def _fire(marketplace_id: str, now: datetime, limit: int, report: FireReport) -> None:
    claimed: tuple[Held, ...] = ()
    batch = FireReport()
    try:
        with transaction() as on:
            found = claim_due(on, marketplace_id, now, limit)
            claimed = found.held
            for shop_id, case_id, trouble in found.unreadable:
                postpone_deadlines(on, shop_id, case_id, now, trouble)
            batch.troubled += len(found.unreadable)
            _fire_held(on, claimed, now, batch)
    except (*DataRefused, Conflict):
        # The batch was refused for one of its cases: find out which, one by one.
        batch = FireReport()
        for held in claimed:
            _fire_alone(held, now, batch)
    report.fired += batch.fired
    report.cases += batch.cases
    report.troubled += batch.troubled
    report.late_seconds += batch.late_seconds


def _fire_held(on: Connection, claimed: Sequence[Held], now: datetime, report: FireReport) -> None:
    record(on, _decide_each(on, claimed, now, report))


def _decide_each(
    on: Connection, claimed: Sequence[Held], now: datetime, report: FireReport
) -> Iterator[Decision]:
    """Yield what each case's clocks led to, while the decisions before are being written."""
    shops = ShopAddresses(on)
    for held in claimed:
        try:
            events, after = follow_clocks(held.case, now)
            events, after = shops.fill(held.marketplace_id, events, after, now)
            decided = decision(held, events, after, now)
        except Exception as trouble:  # noqa: BLE001  no fault of one case may stop the others
            postpone_deadlines(on, held.case.shop_id, held.case.id, now, in_words(trouble))
            report.troubled += 1
        else:
            report.add(events, now)
            yield decided


def _fire_alone(claimed: Held, now: datetime, report: FireReport) -> None:
    alone = FireReport()
    try:
        with transaction() as on:
            _fire_held(on, lock_cases(on, [claimed.case.id]), now, alone)
    except (*DataRefused, Conflict) as trouble:
        with transaction() as on:
            postpone_deadlines(on, claimed.case.shop_id, claimed.case.id, now, in_words(trouble))
        report.troubled += 1
    else:
        report.fired += alone.fired
        report.cases += alone.cases
        report.troubled += alone.troubled
        report.late_seconds += alone.late_seconds
