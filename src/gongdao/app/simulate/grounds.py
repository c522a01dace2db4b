"""Grounds (理由): what an order's own record shows that gives its buyer a claim, and since when.

Nothing is supposed: each ground names the columns that prove it, and the instant from which the
record proves it. `docs/explanation/simulation.md` says the same in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gongdao.core.cases.model import Order
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import parse_instant

#: A review of so many stars or fewer is a complaint.
LOW_REVIEW_STARS = 2
_ONE_SECOND = timedelta(seconds=1)


class Ground(StrEnum):
    """Why a case is opened, in the order in which one is preferred to another."""

    CANCELLED_AFTER_PAYMENT = "cancelled_after_payment"
    NEVER_DELIVERED = "never_delivered"
    DELIVERED_LATE = "delivered_late"
    LOW_REVIEW = "low_review"


GROUND_LABELS: dict[Ground, Text] = {
    Ground.CANCELLED_AFTER_PAYMENT: Text("付款后取消", "cancelled after payment"),
    Ground.NEVER_DELIVERED: Text("始终未送达", "never delivered"),
    Ground.DELIVERED_LATE: Text("晚于预计日期送达", "delivered after the estimated date"),
    Ground.LOW_REVIEW: Text("一至二星评价", "review of one or two stars"),
}

#: Ground -> the columns of the record that prove it.
PROOF: dict[Ground, tuple[str, ...]] = {
    Ground.CANCELLED_AFTER_PAYMENT: ("order_status", "order_approved_at"),
    Ground.NEVER_DELIVERED: ("order_delivered_customer_date", "order_estimated_delivery_date"),
    Ground.DELIVERED_LATE: ("order_delivered_customer_date", "order_estimated_delivery_date"),
    Ground.LOW_REVIEW: ("review_score", "review_answer_timestamp"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A ground that a record shows, and the first instant at which it does."""

    ground: Ground
    since: datetime


def shown_grounds(order: Order, record_ends_at: datetime) -> tuple[Shown, ...]:
    """Return every ground that the record of `order` shows, the preferred one first.

    `record_ends_at` is the last instant of the whole data set: what had not happened by then may
    still have happened afterwards, so a promise that ends later is not shown to be broken.
    """
    found = (
        _cancelled(order),
        _never_delivered(order, record_ends_at),
        _delivered_late(order),
        _low_review(order),
    )
    return tuple(shown for shown in found if shown is not None)


def _cancelled(order: Order) -> Shown | None:
    """The record gives no instant of cancelling; it cannot be before its last other stamp."""
    if order.attributes.get("record_status") != "canceled" or order.paid_at is None:
        return None
    stamps = (order.placed_at, order.paid_at, order.shipped_at, order.signed_at)
    return Shown(Ground.CANCELLED_AFTER_PAYMENT, max(s for s in stamps if s is not None))


def _never_delivered(order: Order, record_ends_at: datetime) -> Shown | None:
    """A status `delivered` without a date contradicts itself and proves nothing."""
    if order.signed_at is not None or order.promised_delivery_at is None or order.paid_at is None:
        return None
    if order.attributes.get("record_status") in {"canceled", "delivered"}:
        return None
    broken = order.promised_delivery_at + _ONE_SECOND
    return Shown(Ground.NEVER_DELIVERED, broken) if broken <= record_ends_at else None


def _delivered_late(order: Order) -> Shown | None:
    if order.signed_at is None or order.promised_delivery_at is None:
        return None
    if order.signed_at <= order.promised_delivery_at:
        return None
    return Shown(Ground.DELIVERED_LATE, order.promised_delivery_at + _ONE_SECOND)


def _low_review(order: Order) -> Shown | None:
    stars = order.attributes.get("review_score")
    answered = order.attributes.get("review_answered_at")
    if not isinstance(stars, int) or stars > LOW_REVIEW_STARS or answered is None:
        return None
    return Shown(Ground.LOW_REVIEW, parse_instant(answered, field="review_answered_at"))
