"""Events (事件): what happened to a case. Past tense; never changed, never removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.cases.hearing import Challenge, Dossier, Proposal
from gongdao.core.cases.join_events import EvidenceReferred, Joined, Separated
from gongdao.core.cases.model import (
    ClaimLine,
    EvidenceItem,
    FoundFact,
    Lift,
    Mark,
    Order,
    Part,
    Pause,
    Penalty,
    Plain,
    Timer,
    Track,
)
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.parcel_events import ParcelEvent
from gongdao.core.kernel.words import Arbitration, Claim, Goods, MoneyState, Reason, Role
from gongdao.core.remedies.parcel import ParcelLine
from gongdao.core.remedies.transfer import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The buyer asked for after-sales service."""

    at: datetime
    by: Role
    actor: str
    case_id: str
    order: Order
    claim: Claim
    reason: Reason
    claim_lines: tuple[ClaimLine, ...]
    requested_fen: int
    refundable_fen: int
    description: str
    goods: Goods
    track: Track
    timers: tuple[Timer, ...]
    returned_before: tuple[ParcelLine, ...] = ()
    """What of the order had gone back, against a refund, before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Somebody did an action of a process, or a deadline ran out and the system did."""

    at: datetime
    by: Role
    actor: str
    track: str
    action: str
    from_state: str
    to_state: str
    payload: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    goods: Goods | None = None
    arbitration: Arbitration | None = None
    timers: tuple[Timer, ...] = ()
    """Clocks that start with the new state; those of the old state end."""
    keeps_clocks: bool = False
    """The action left the state as it was: its clocks run on."""
    due_at: datetime | None = None
    """For the clock's own acts: when it was due. `at` is then the same instant."""
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStarted:
    """Another process of the playbook began in the case, for example the dispute."""

    at: datetime
    name: str
    track: Track
    timers: tuple[Timer, ...]
    arbitration: Arbitration | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyGranted:
    """It was decided that money is owed. Paying it is another fact."""

    at: datetime
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMoved:
    """The payment of a grant was instructed, confirmed, or failed."""

    at: datetime
    number: int
    state: MoneyState
    amount_fen: int
    external_ref: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedOutside:
    """Part of what the case might refund was refunded outside gongdao: it cannot be again."""

    at: datetime
    actor: str
    amount_fen: int
    external_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSubmitted:
    """A piece of evidence was added."""

    at: datetime
    actor: str
    item: EvidenceItem
    cite: tuple[str, ...] = ()
    """Clauses by which it is in time, late, or an annex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChallenged:
    """A party disputed a piece of the other side's evidence."""

    at: datetime
    challenge: Challenge
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFrozen:
    """The review began: what lay on the table then is kept under a hash."""

    at: datetime
    dossier: Dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingProposed:
    """An arbitrator proposed a ruling that a reviewer must confirm."""

    at: datetime
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalReturned:
    """A reviewer sent a proposed ruling back, with the reason."""

    at: datetime
    by: Role
    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFound:
    """A fact was established."""

    at: datetime
    fact: FoundFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The platform ruled."""

    at: datetime
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalised:
    """A breach was recorded against the merchant."""

    at: datetime
    penalty: Penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksPaused:
    """Time was left out: a suspension, or force majeure."""

    at: datetime
    by: Role
    actor: str
    pause: Pause
    timers: tuple[Timer, ...]
    """Every clock of the case as it stands afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksReleased:
    """The cause of a pause is gone: clocks go on with what was left, or are set back."""

    at: datetime
    by: Role
    actor: str
    cause: str
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLifted:
    """The case counts no longer in a part: the dispute rate, the score, or penalties."""

    at: datetime
    lift: Lift


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRestored:
    """A cause for which the case did not count is gone."""

    at: datetime
    by: Role
    actor: str
    cause: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The platform found bad conduct of a party or of an adjudicator."""

    at: datetime
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLifted:
    """Such a finding was withdrawn."""

    at: datetime
    by: Role
    actor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The case came to its end."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A process was begun in a case that had ended; it ends again with that process."""

    at: datetime
    by: Role
    actor: str
    refundable_fen: int
    """The most the case may refund in all, now that other cases of the order have refunded."""


Event: TypeAlias = (
    Opened
    | Acted
    | TrackStarted
    | MoneyGranted
    | PaymentMoved
    | RefundedOutside
    | EvidenceSubmitted
    | EvidenceReferred
    | EvidenceChallenged
    | DossierFrozen
    | RulingProposed
    | ProposalReturned
    | FactFound
    | Ruled
    | Penalised
    | Closed
    | Offered
    | OfferAnswered
    | Agreed
    | ParcelEvent
    | ClocksPaused
    | ClocksReleased
    | PartLifted
    | PartRestored
    | Marked
    | MarkLifted
    | Reopened
    | Joined
    | Separated
)
