"""Invoices of orders, and what is to be done with them (发票与发票事项)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

_OPEN = models.Q(closed_at__isnull=True)


class Invoice(models.Model):
    """A blue invoice (蓝字发票) that the merchant issued for an order."""

    pk = models.CompositePrimaryKey("shop_id", "id")
    shop_id = models.TextField()
    id = models.UUIDField(unique=True)
    marketplace_id = models.TextField()
    order_id = models.TextField()
    number = models.TextField()
    medium = models.TextField()
    amount_fen = models.BigIntegerField()
    reversed_fen = models.BigIntegerField(db_default=0)
    """What red invoices and voiding have taken off it."""
    issued_at = models.DateTimeField()
    told_by = models.TextField()
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "invoice"
        indexes = (models.Index(fields=("shop_id", "order_id"), name="invoice_of_an_order"),)
        constraints = (
            models.UniqueConstraint(fields=("shop_id", "number"), name="invoice_number_once"),
            models.CheckConstraint(
                name="invoice_never_reversed_beyond",
                condition=models.Q(reversed_fen__gte=0)
                & models.Q(amount_fen__gte=models.F("reversed_fen")),
            ),
        )


class InvoiceTask(models.Model):
    """A task (发票事项) as it stands: the fold of its events, written with them."""

    pk = models.CompositePrimaryKey("shop_id", "id")
    shop_id = models.TextField()
    id = models.UUIDField(unique=True)
    marketplace_id = models.TextField()
    order_id = models.TextField()
    buyer_id = models.TextField()
    case_id = models.UUIDField(null=True)
    invoice_id = models.UUIDField()
    cause = models.TextField()
    kind = models.TextField()
    state = models.TextField()
    waits_for = ArrayField(models.TextField())
    amount_fen = models.BigIntegerField()
    version = models.IntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    head_hash = models.BinaryField()
    snapshot = models.BinaryField()
    """The task as bytes that a replay of its events reproduces."""
    attempts = models.SmallIntegerField(db_default=0)
    trouble = models.TextField(db_default="")
    """Why its clock could not be followed, the last time."""

    class Meta:
        db_table = "invoice_task"
        indexes = (
            models.Index(
                fields=("marketplace_id", "next_due_at"),
                name="invoice_task_to_fire",
                condition=_OPEN & models.Q(next_due_at__isnull=False),
            ),
            models.Index(fields=("shop_id", "-opened_at"), name="invoice_task_of_a_shop"),
            models.Index(
                fields=("marketplace_id", "buyer_id", "-opened_at"), name="invoice_task_of_a_buyer"
            ),
            models.Index(fields=("marketplace_id", "-opened_at"), name="invoice_task_of_a_market"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("shop_id", "invoice_id", "kind", "case_id", "cause"),
                name="invoice_task_once",
                nulls_distinct=False,
            ),
        )


class InvoiceEvent(models.Model):
    """An event of a task. Append-only: a trigger refuses change and removal."""

    pk = models.CompositePrimaryKey("shop_id", "task_id", "seq")
    shop_id = models.TextField()
    task_id = models.UUIDField()
    seq = models.IntegerField()
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.TextField()
    body = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "invoice_event"


class InvoiceCheck(models.Model):
    """A case with a refund or an end that its order's invoices must follow; gone once they do."""

    pk = models.CompositePrimaryKey("shop_id", "case_id")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    marketplace_id = models.TextField()
    try_at = models.DateTimeField(db_default=Now())
    attempts = models.SmallIntegerField(db_default=0)
    trouble = models.TextField(db_default="")

    class Meta:
        db_table = "invoice_check"
        indexes = (models.Index(fields=("try_at",), name="invoice_check_to_do"),)
