"""Offers and agreements (协商方案与协议): what one side proposes, and what both are bound by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Remedy, Role


class OfferState(StrEnum):
    """How an offer fares (方案状态)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    """The other side, or its own, put another in its place."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    """The case was ruled or closed before anybody answered."""


OFFER_STATE_LABELS: dict[OfferState, Text] = {
    OfferState.OPEN: Text("待答复", "awaiting an answer"),
    OfferState.ACCEPTED: Text("已接受", "accepted"),
    OfferState.DECLINED: Text("已拒绝", "declined"),
    OfferState.COUNTERED: Text("已被新方案取代", "replaced by another"),
    OfferState.WITHDRAWN: Text("已撤回", "withdrawn"),
    OfferState.EXPIRED: Text("逾期失效", "expired"),
    OfferState.LAPSED: Text("案件已裁决或结束，失效", "lapsed: the case was ruled or closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an offer promises the buyer, in fen."""

    remedy: Remedy
    refund_fen: int = 0
    """Price given back: at once, or for a return on receipt of the goods."""
    compensation_fen: int = 0
    """On top of the price; at once."""
    return_freight: Party = Party.MERCHANT
    """Who bears the parcel back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proposal of one side (协商方案); each new one is the next version."""

    number: int
    """1, 2, 3 … within the case."""
    by: Role
    actor: str
    terms: Terms
    note: str
    at: datetime
    expires_at: datetime
    state: OfferState = OfferState.OPEN
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An accepted offer (协议): it binds both sides and replaces what was asked for."""

    number: int
    """The offer's number."""
    terms: Terms
    at: datetime
    cite: tuple[str, ...]
