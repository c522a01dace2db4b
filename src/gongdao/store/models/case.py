"""Cases, their events and their clocks. Written by `gongdao.store.record` alone."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

_OPEN = models.Q(closed_at__isnull=True)


class Case(models.Model):
    """A case (案件) as it stands: the fold of its events, written with them."""

    pk = models.CompositePrimaryKey("shop_id", "id")
    shop_id = models.TextField()
    id = models.UUIDField(unique=True)
    """UUIDv7. Unique by itself, because a person follows a link that names no shop."""
    marketplace_id = models.TextField()
    order_id = models.TextField()
    buyer_id = models.TextField()
    version = models.IntegerField()
    """Number of events; a command names the version it was decided on."""
    claim = models.TextField()
    reason = models.TextField()
    requested_fen = models.BigIntegerField()
    stage = models.TextField()
    """State of the after-sale process."""
    goods = models.TextField()
    money = models.TextField()
    arbitration = models.TextField()
    waits_for = ArrayField(models.TextField())
    """Roles that somebody waits for now."""
    outcome = models.TextField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    assigned_to = models.UUIDField(null=True)
    region = models.TextField(null=True)
    """Where the order's parcel goes, as the order says it."""
    counted_in_dispute_rate = models.BooleanField(db_default=False)
    counted_in_score = models.BooleanField(db_default=True)
    penalty_stands = models.BooleanField(db_default=False)
    """What the case counts in now: each measure asks its own column."""
    paused_by = ArrayField(models.TextField(), db_default=[])
    """Causes of time left out: `suspension`, `force_majeure:<id>`."""
    head_hash = models.BinaryField()
    """Hash of the newest event: the end of the chain."""
    order_body = models.BinaryField()
    """The order as it stood at the opening; never rewritten, so kept apart from `snapshot`."""
    snapshot = models.BinaryField()
    """The case without its order, as bytes that a replay of the events reproduces."""

    class Meta:
        db_table = "cases"
        indexes = (
            models.Index(
                fields=("shop_id", "next_due_at"), name="cases_open_of_a_shop", condition=_OPEN
            ),
            models.Index(fields=("shop_id", "order_id"), name="cases_of_an_order"),
            models.Index(
                fields=("marketplace_id", "buyer_id", "-opened_at"), name="cases_of_a_buyer"
            ),
            models.Index(fields=("marketplace_id", "-opened_at"), name="cases_of_a_marketplace"),
            models.Index(
                fields=("marketplace_id", "next_due_at"),
                name="cases_disputed",
                condition=_OPEN & ~models.Q(arbitration="none"),
            ),
            models.Index(
                fields=("marketplace_id", "region"), name="cases_open_of_a_region", condition=_OPEN
            ),
        )


class Event(models.Model):
    """An event (事件) of a case. Append-only: a trigger refuses change and removal."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "seq")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    seq = models.IntegerField()
    kind = models.TextField()
    at = models.DateTimeField()
    """The instant that counts for the rules."""
    recorded_at = models.DateTimeField(db_default=Now())
    """When it was written, by the database's clock."""
    actor = models.TextField()
    body = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "event"
        indexes = (
            BrinIndex(fields=("recorded_at",), name="event_of_late"),
            BrinIndex(fields=("at",), name="event_of_a_day"),
        )


class Deadline(models.Model):
    """A running clock (时限) of a case; gone as soon as it has been stopped or has fired."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "track", "name")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    track = models.TextField()
    name = models.TextField()
    marketplace_id = models.TextField()
    due_at = models.DateTimeField()
    claim_at = models.DateTimeField()
    """When a worker should take it: when due, or later after a failure."""
    attempts = models.SmallIntegerField(db_default=0)
    trouble = models.TextField(db_default="")
    """Code and words of the finding that the last attempt met."""
    paused = models.BooleanField(db_default=False)
    reason_zh = models.TextField()
    reason_en = models.TextField()
    cite = ArrayField(models.TextField())

    class Meta:
        db_table = "deadline"
        indexes = (
            models.Index(
                fields=("marketplace_id", "claim_at"),
                name="deadline_to_claim",
                condition=models.Q(paused=False),
            ),
        )
