"""Results (结果): what a marketplace's cases came to, counted from the database itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongdao.app.simulate.plan import Plan
from gongdao.store.connection import transaction
from gongdao.store.tally import CaseEnd, case_ends, deadlines_fired, gains

#: Purpose of the entry that every paid order makes; not part of what the cases moved.
ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of a marketplace's cases and money."""

    cases: int
    open: int
    by_group: Mapping[str, Mapping[str, int]]
    """Ground or claim -> outcome (or `open: stage`) -> number of cases."""
    ruled: int
    fired: int
    moved_fen: Mapping[str, int]
    """Account -> fen gained (+) or borne (-) by all cases together, orders left out."""
    by_purpose: Mapping[str, int]
    """Purpose -> fen that changed hands for it."""
    ledger_sum_fen: int
    arrived_after_refund: int = 0
    """Cases whose refund was granted and whose parcel still came: a loss no rule reverses."""


def results(marketplace_id: str, plans: Sequence[Plan] = ()) -> Results:
    """Return the results of a marketplace, by the ground of `plans`, else by claim."""
    with transaction() as on:
        ends = case_ends(on, marketplace_id)
        fired = deadlines_fired(on, marketplace_id)
        money = gains(on, marketplace_id)
    grounds = {str(plan.case_id): plan.ground.value for plan in plans}
    groups: dict[str, Counter[str]] = {}
    for end in ends:
        group = groups.setdefault(grounds.get(end.id, end.claim), Counter())
        group[end.outcome or f"open: {end.stage}"] += 1
    moved: Counter[str] = Counter()
    purposes: Counter[str] = Counter()
    for gain in money:
        if gain.purpose != ORDER:
            moved[gain.account] += gain.amount_fen
            purposes[gain.purpose] += max(0, gain.amount_fen)
    return Results(
        cases=len(ends),
        open=sum(1 for end in ends if end.closed_at is None),
        by_group={name: dict(sorted(group.items())) for name, group in sorted(groups.items())},
        ruled=sum(1 for end in ends if end.arbitration in {"ruled", "appealed", "final"}),
        fired=fired,
        moved_fen=dict(sorted(moved.items())),
        by_purpose=dict(sorted(purposes.items())),
        ledger_sum_fen=sum(gain.amount_fen for gain in money),
        arrived_after_refund=_arrived_after_refund(ends, plans),
    )


def _arrived_after_refund(ends: Sequence[CaseEnd], plans: Sequence[Plan]) -> int:
    arriving = {str(plan.case_id) for plan in plans if plan.satisfied_at is not None}
    return sum(1 for end in ends if end.id in arriving and end.outcome == "refunded")
