"""Shapes of an order (订单的形状) in answers. Amounts are integer fen; instants carry an offset."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class OrderLineOut(Schema):
    """One line of an order."""

    line_id: str
    title: str
    quantity: int
    paid_fen: int


class ParcelLineOut(Schema):
    """How many of an order line are in a parcel."""

    line_id: str
    quantity: int


class ParcelOut(Schema):
    """One parcel of an order on its way to the buyer."""

    tracking_number: str
    carrier: str
    lines: list[ParcelLineOut]
    shipped_at: datetime | None
    signed_at: datetime | None


class ReceiverOut(Schema):
    """Who receives an order, as the caller may read it."""

    name: str | None
    phone: str | None
    address: str | None


class OrderOut(Schema):
    """An order as it stood."""

    order_id: str
    shop_id: str
    buyer_id: str
    platform: str
    payment: str
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    succeeded_at: datetime | None
    cancelled_at: datetime | None
    freight_fen: int
    freight_prepaid_by: str
    paid_fen: int
    lines: list[OrderLineOut]
    parcels: list[ParcelOut]
    receiver: ReceiverOut | None = None
    """In lists and details of orders; masked for whom it must be."""
