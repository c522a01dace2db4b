"""Events of a negotiation (协商事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.model import Timer, Track
from gongdao.core.kernel.words import Role
from gongdao.core.remedies.offer import Agreement, Offer, OfferState


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One side proposed how to settle; an open proposal before it is replaced."""

    at: datetime
    actor: str
    offer: Offer
    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """An offer was declined or withdrawn, or nobody answered it in time."""

    at: datetime
    by: Role
    actor: str
    number: int
    state: OfferState
    due_at: datetime | None = None
    """For the clock's own act: when the answer was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An offer was accepted: the after-sale goes on as agreed, a dispute about it ends."""

    at: datetime
    by: Role
    actor: str
    agreement: Agreement
    track: Track
    timers: tuple[Timer, ...]
    cite: tuple[str, ...] = ()
