"""Strategies of merchants (商家策略)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from gongdao.store.models.marketplace import Shop


class ShopStrategy(models.Model):
    """One version of a merchant's strategy; never changed, one version of a name on at a time."""

    pk = models.CompositePrimaryKey("shop_id", "name", "version")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    version = models.IntegerField()
    body = models.BinaryField()
    """The YAML text as the merchant gave it."""
    made_by = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True)
    """Its last dry run; without one it cannot be switched on."""
    is_on = models.BooleanField(default=False)
    switched_by = models.TextField(default="")
    switched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_strategy"
        constraints = (
            models.UniqueConstraint(
                fields=("shop_id", "name"),
                condition=models.Q(is_on=True),
                name="shop_strategy_one_version_on",
            ),
            models.CheckConstraint(
                condition=models.Q(is_on=False) | models.Q(tried_at__isnull=False),
                name="shop_strategy_tried_before_on",
            ),
        )
