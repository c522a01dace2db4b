"""Shapes of negotiations and parcels (协商与物流的形状) in answers; amounts are integer fen."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class TermsOut(Schema):
    """What an offer promises the buyer."""

    remedy: str
    refund_fen: int
    compensation_fen: int
    return_freight: str


class OfferOut(Schema):
    """A proposal of one side, and how it fares."""

    number: int
    by: str
    actor: str
    terms: TermsOut
    note: str
    at: datetime
    expires_at: datetime
    state: str
    answered_at: datetime | None


class AgreementOut(Schema):
    """The offer that both sides are bound by."""

    number: int
    terms: TermsOut
    at: datetime
    cite: list[str]


class InspectionOut(Schema):
    """What the merchant found in the returned parcel."""

    condition: str
    missing_gifts: list[str]
    label_lacks: list[str]
    evidence: list[str]
    note: str
    actor: str
    at: datetime
    charged_fen: int


class LossOut(Schema):
    """The parcel that the carrier lost."""

    leg: str
    proof: str
    actor: str
    at: datetime
