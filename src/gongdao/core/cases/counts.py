"""What a case counts in (计入考核): the dispute rate, the score, penalties; each by itself.

Every measure asks here. A ruling says whether it weighs on the score; an appeal, a malicious
complaint or force majeure lifts one part or all, and what lifted them can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.core.cases.model import Case, Part, Penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the case counts in as it stands."""

    in_dispute_rate: bool
    """The platform was asked to intervene, and nothing takes the case out of the rate."""
    in_score: bool
    """It weighs on the merchant's score."""
    penalty_stands: bool
    """A breach was recorded against the merchant and has not been lifted."""


def counts_of(case: Case) -> Counts:
    """Return what the case counts in now."""
    lifted = {lift.part for lift in case.lifts}
    ruling = case.ruling
    return Counts(
        in_dispute_rate="dispute" in case.tracks and Part.DISPUTE_RATE not in lifted,
        in_score=Part.SCORE not in lifted and (ruling is None or ruling.score_effect),
        penalty_stands=Part.PENALTY not in lifted and bool(standing_penalties(case)),
    )


def standing_penalties(case: Case) -> tuple[Penalty, ...]:
    """Return the breaches on record, without those that fell with the ruling that found them."""
    in_force: set[int | None] = {None}
    number = len(case.rulings) or None
    while number is not None:
        in_force.add(number)
        number = case.rulings[number - 1].corrects
    return tuple(p for p in case.penalties if p.ruling in in_force)
