"""Marketplaces, shops, and who may act for them."""

from __future__ import annotations

import uuid_utils.compat
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Marketplace(models.Model):
    """One marketplace (平台市场): its platform's rules govern its orders."""

    id = models.TextField(primary_key=True)
    platform = models.TextField()
    """Name of the platform profile under `rulebooks/`."""
    title_zh = models.TextField()
    title_en = models.TextField()
    sandbox = models.BooleanField(default=False)
    """Payments are confirmed by a payment system of our own; no money moves."""
    clock_offset_seconds = models.BigIntegerField(default=0)
    """How far this marketplace's clock is ahead of the database's; sandboxes only."""
    sandbox_pays = models.BooleanField(db_default=True)
    """A sandbox confirms its payments by itself; off, whoever integrates says how they fare."""
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "marketplace"
        constraints = (
            models.CheckConstraint(
                name="marketplace_only_a_sandbox_moves_its_clock",
                condition=models.Q(sandbox=True) | models.Q(clock_offset_seconds=0),
            ),
        )


class Shop(models.Model):
    """A shop (店铺) of a marketplace. Its id is the platform's own."""

    id = models.TextField(primary_key=True)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT)
    title = models.TextField(default="")

    class Meta:
        db_table = "shop"


class ShopReturnAddress(models.Model):
    """Where a shop takes goods back (店铺退货地址): every one it ever gave; the last counts."""

    pk = models.CompositePrimaryKey("shop_id", "number")
    shop_id = models.TextField()
    number = models.IntegerField()
    return_name = models.TextField()
    """Sealed, like the phone and the address, under the shop's own key."""
    return_phone = models.TextField()
    return_region = models.TextField()
    return_address = models.TextField()
    given_by = models.TextField()
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "shop_return_address"


class Membership(models.Model):
    """A user may act in a role for a marketplace, a shop of it, or one of its buyers."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.TextField()
    """A post: buyer, merchant (the owner), merchant_agent, arbitrator, reviewer, operator,
    auditor."""
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, null=True)
    buyer_id = models.TextField(null=True)

    class Meta:
        db_table = "membership"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "marketplace", "shop", "buyer_id"),
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="membership_fits_role",
                condition=(
                    models.Q(
                        role__in=("merchant", "merchant_agent"),
                        shop__isnull=False,
                        buyer_id__isnull=True,
                    )
                    | models.Q(role="buyer", shop__isnull=True, buyer_id__isnull=False)
                    | models.Q(
                        role__in=("arbitrator", "reviewer", "operator", "auditor"),
                        shop__isnull=True,
                        buyer_id__isnull=True,
                    )
                ),
            ),
        )


class ApiToken(models.Model):
    """A key for programs. Only the hash is kept; the key itself is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.TextField()
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, null=True)
    """The only shop the key is for; null: all that its user may act for."""
    case_ids = ArrayField(models.UUIDField(), null=True)
    """The only cases the key is for; null: all that its user may see."""
    name = models.TextField()
    hash = models.BinaryField(unique=True)
    """sha256 of the key."""
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
