"""What is kept back of orders settled to their merchants, and what was taken from it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Settlement(models.Model):
    """An order settled with something kept or taken (结算); others leave no row."""

    pk = models.CompositePrimaryKey("shop_id", "order_id")
    shop_id = models.TextField()
    order_id = models.TextField()
    marketplace_id = models.TextField()
    at = models.DateTimeField()
    settled_fen = models.BigIntegerField()
    """What was left of the order's payment after refunds."""
    recouped_fen = models.BigIntegerField()
    """Taken for what the shop owed its deposit."""
    reserved_fen = models.BigIntegerField()
    left_fen = models.BigIntegerField()
    """Of the reserve, what no recoupment has taken."""
    category = models.TextField()
    reason_zh = models.TextField()
    reason_en = models.TextField()
    cite = ArrayField(models.TextField())
    release_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "settlement"
        indexes = (
            models.Index(
                fields=("marketplace_id", "release_at"),
                name="settlement_to_release",
                condition=models.Q(released_at__isnull=True, left_fen__gt=0),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="settlement_keeps_no_more_than_it_has",
                condition=models.Q(left_fen__gte=0)
                & models.Q(left_fen__lte=models.F("reserved_fen"))
                & models.Q(settled_fen__gte=models.F("reserved_fen") + models.F("recouped_fen")),
            ),
        )


class ReserveDraw(models.Model):
    """What a recoupment took from the reserve of an order (准备金抵扣)."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "number", "order_id")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    number = models.IntegerField()
    """The grant that recouped."""
    order_id = models.TextField()
    """The order whose reserve it was."""
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    """When the grant was withdrawn and the amount given back."""

    class Meta:
        db_table = "reserve_draw"
        constraints = (
            models.CheckConstraint(name="reserve_draw_takes", condition=models.Q(amount_fen__gt=0)),
        )
