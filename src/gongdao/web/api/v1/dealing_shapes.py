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


class ReturnLineOut(Schema):
    """How many of an order line."""

    line_id: str
    quantity: int


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
    received: list[ReturnLineOut] | None


class LossOut(Schema):
    """The parcel that the carrier lost."""

    leg: str
    proof: str
    actor: str
    at: datetime
    parcel: int | None


class ReturnAddressOut(Schema):
    """Where the goods go back to."""

    return_name: str
    return_phone: str
    return_region: str
    return_address: str
    of_shop: bool


class ReturnParcelOut(Schema):
    """One parcel on its way back."""

    number: int
    tracking_number: str
    carrier: str
    lines: list[ReturnLineOut]
    sent_at: datetime
    state: str
    received_at: datetime | None
    inspection: InspectionOut | None


class PickupOut(Schema):
    """A courier who comes for the goods."""

    number: int
    slot_from: datetime
    slot_until: datetime
    pickup_address: str
    contact_name: str
    contact_phone: str
    paid_by: str
    by: str
    at: datetime
    state: str
    tracking_number: str
    freight_fen: int
    note: str
