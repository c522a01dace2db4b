"""What follows rulings and floods: marks on people, and force majeure declared."""

from __future__ import annotations

from django.db import models


class ConductMark(models.Model):
    """The platform found that somebody behaved badly in a case (行为认定)."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "number")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    number = models.IntegerField()
    marketplace_id = models.TextField()
    about = models.TextField()
    """buyer, merchant, arbitrator or reviewer."""
    subject = models.TextField()
    """The buyer's id, the shop's, or the user's."""
    kind = models.TextField()
    cause = models.TextField()
    """Process in which it was found: `conduct`, `complaint`."""
    actor = models.TextField()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conduct_mark"
        indexes = (
            models.Index(
                fields=("marketplace_id", "about", "subject", "-at"), name="marks_of_a_subject"
            ),
        )


class ForceMajeure(models.Model):
    """Force majeure declared for a region and a period (不可抗力)."""

    id = models.UUIDField(primary_key=True)
    marketplace_id = models.TextField()
    province = models.TextField()
    city = models.TextField(default="")
    district = models.TextField(default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """None: open-ended; clocks stand still until it is ended."""
    title_zh = models.TextField()
    title_en = models.TextField()
    proof = models.TextField()
    """Address or number of the official notice."""
    declared_by = models.TextField()
    declared_at = models.DateTimeField()
    ended_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.TextField(default="")

    class Meta:
        db_table = "force_majeure"
        constraints = (
            models.CheckConstraint(
                name="force_majeure_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
            ),
        )
