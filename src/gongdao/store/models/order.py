"""Orders as the marketplace told them."""

from __future__ import annotations

from django.db import models

from gongdao.store.models.marketplace import Marketplace, Shop


class Order(models.Model):
    """An order (订单): whole in `snapshot`; the columns are what is searched or counted."""

    pk = models.CompositePrimaryKey("shop_id", "order_id")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    order_id = models.TextField()
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    buyer_id = models.TextField()
    placed_at = models.DateTimeField()
    paid_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(default=0)
    """Granted back to the buyer over all cases and not withdrawn; compensation not counted."""
    held_fen = models.BigIntegerField(default=0)
    """What cases still open may yet refund: no two of them can promise the same fen."""
    outside_fen = models.BigIntegerField(db_default=0)
    """Refunded outside gongdao, as far as the order could still give it."""
    snapshot = models.BinaryField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "orders"
        indexes = (
            models.Index(
                fields=("marketplace", "buyer_id", "-placed_at"), name="orders_of_a_buyer"
            ),
            models.Index(fields=("marketplace", "-placed_at"), name="orders_of_a_marketplace"),
        )
        constraints = (
            models.CheckConstraint(
                name="orders_never_refund_more_than_paid",
                condition=models.Q(refunded_fen__gte=0)
                & models.Q(held_fen__gte=0)
                & models.Q(outside_fen__gte=0)
                & models.Q(
                    paid_fen__gte=models.F("refunded_fen")
                    + models.F("held_fen")
                    + models.F("outside_fen")
                ),
            ),
        )
