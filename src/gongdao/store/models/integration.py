"""What other systems are told, and what they told us that does not fit."""

from __future__ import annotations

import uuid_utils.compat
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from gongdao.store.models.marketplace import Marketplace, Shop


class WebhookEndpoint(models.Model):
    """An address (接收地址) that is told what happens in a marketplace, or in one shop of it."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, null=True)
    url = models.TextField()
    secret = models.TextField()
    """`whsec_…`: signs what is sent, so it is kept as it is; shown once."""
    kinds = ArrayField(models.TextField())
    """Kinds of message wanted; empty: all."""
    made_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_endpoint"


class WebhookDelivery(models.Model):
    """A message to one endpoint (投递). Its words are those of the event it is about."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, db_index=False)
    shop_id = models.TextField(null=True)
    case_id = models.UUIDField(null=True)
    """Null: a test event."""
    seq = models.IntegerField(db_default=0)
    kind = models.TextField()
    """`case.<event kind>`, `payment.instructed` or `webhook.test`."""
    attempt = models.SmallIntegerField(db_default=1)
    """Of an instruction to pay: 2 and more when the payment failed before."""
    created_at = models.DateTimeField(db_default=Now())
    try_at = models.DateTimeField(db_default=Now())
    tries = models.SmallIntegerField(db_default=0)
    trouble = models.TextField(db_default="")
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    """When it was given up; it may be replayed."""

    class Meta:
        db_table = "webhook_delivery"
        constraints = (
            models.UniqueConstraint(
                fields=("endpoint", "shop_id", "case_id", "seq", "kind", "attempt"),
                name="webhook_delivery_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("try_at",),
                name="webhook_to_deliver",
                condition=models.Q(delivered_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(
                fields=("endpoint", "case_id", "seq"),
                name="webhook_in_order",
                condition=models.Q(delivered_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(fields=("endpoint", "-created_at"), name="webhook_of_an_endpoint"),
        )


class PaymentException(models.Model):
    """A word of the payment system that does not fit what was decided (支付异常)."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    shop_id = models.TextField()
    order_id = models.TextField()
    case_id = models.UUIDField(null=True)
    number = models.IntegerField(null=True)
    """The grant's number within the case."""
    kind = models.TextField()
    """`amount_differs`, `paid_twice`, `paid_after_withdrawal`, `failed_after_confirmation`,
    `retries_exhausted`, `refunded_outside_too_much`."""
    expected_fen = models.BigIntegerField()
    reported_fen = models.BigIntegerField()
    external_ref = models.TextField()
    reported_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)
    resolution = models.TextField(db_default="")
    resolved_by = models.TextField(db_default="")
    note = models.TextField(db_default="")

    class Meta:
        db_table = "payment_exception"
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "shop_id", "order_id", "case_id", "number", "kind", "external_ref",
                    "reported_fen",
                ),
                nulls_distinct=False,
                name="payment_exception_once",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(
                fields=("marketplace", "-reported_at"), name="payment_exceptions_of_market"
            ),
        )


class OutsideRefund(models.Model):
    """A refund that somebody made outside gongdao (场外退款): what it gave back is gone."""

    pk = models.CompositePrimaryKey("shop_id", "order_id", "external_ref")
    shop_id = models.TextField()
    order_id = models.TextField()
    external_ref = models.TextField()
    amount_fen = models.BigIntegerField()
    entry_id = models.UUIDField(default=uuid_utils.compat.uuid7)
    """Names its ledger entry."""
    reported_by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "outside_refund"
        constraints = (
            models.CheckConstraint(
                name="outside_refund_gives", condition=models.Q(amount_fen__gt=0)
            ),
        )


class DepositMovement(models.Model):
    """A merchant paid into his deposit, or took out of it (保证金缴存与提取)."""

    pk = models.CompositePrimaryKey("shop_id", "external_ref")
    shop_id = models.TextField()
    external_ref = models.TextField()
    amount_fen = models.BigIntegerField()
    """Positive: paid in; negative: taken out."""
    entry_id = models.UUIDField(default=uuid_utils.compat.uuid7)
    """Names its ledger entry."""
    reported_by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "deposit_movement"
        constraints = (
            models.CheckConstraint(
                name="deposit_movement_moves", condition=~models.Q(amount_fen=0)
            ),
        )
