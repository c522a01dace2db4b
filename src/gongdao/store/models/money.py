"""The ledger and the payments that carry it out."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class Posting(models.Model):
    """One line of a ledger entry (分录). Append-only; every entry sums to zero, by trigger.

    The entry is named by what caused it: the event `seq` of case `case_id`, or, with the nil UUID
    and 0, the order itself.
    """

    pk = models.CompositePrimaryKey("shop_id", "order_id", "case_id", "seq", "line")
    shop_id = models.TextField()
    order_id = models.TextField()
    case_id = models.UUIDField()
    seq = models.IntegerField()
    line = models.SmallIntegerField()
    account = models.TextField()
    amount_fen = models.BigIntegerField()
    purpose = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "posting"
        indexes = (
            models.Index(fields=("shop_id", "at"), name="posting_of_a_day"),
            BrinIndex(fields=("at",), name="posting_of_every_shop"),
            models.Index(
                fields=("shop_id", "account"),
                include=("amount_fen",),
                name="posting_of_funds",
                condition=models.Q(account__in=("deposit", "reserve")),
            ),
        )


class Payment(models.Model):
    """A payment (支付) that a grant leads to: instructed once, under a reference of its own."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "number")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    number = models.IntegerField()
    """The grant's number within the case."""
    reference = models.TextField()
    """`<case id>-<number>`: the payment system pays one reference once."""
    amount_fen = models.BigIntegerField()
    """What the buyer gets."""
    channel = models.TextField()
    state = models.TextField()
    external_ref = models.TextField(null=True)
    granted_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "payment"
        constraints = (
            models.UniqueConstraint(fields=("shop_id", "reference"), name="payment_once"),
            models.CheckConstraint(
                name="payment_gives_the_buyer", condition=models.Q(amount_fen__gte=0)
            ),
        )


class Outbox(models.Model):
    """A message to another system (待发消息), written with the event that causes it."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "seq")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    seq = models.IntegerField()
    """The event that causes the message."""
    marketplace_id = models.TextField()
    kind = models.TextField()
    """`payment.instructed`."""
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())
    try_at = models.DateTimeField(db_default=Now())
    attempts = models.SmallIntegerField(db_default=0)
    trouble = models.TextField(db_default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox"
        indexes = (
            models.Index(
                fields=("marketplace_id", "try_at"),
                name="outbox_to_send",
                condition=models.Q(sent_at__isnull=True),
            ),
        )
