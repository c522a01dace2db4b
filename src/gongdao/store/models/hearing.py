"""Evidence in use, pictures by likeness, who works on which case, and which are heard together."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class Bits256(models.Field):  # type: ignore[type-arg]  # never read through the ORM
    """256 bits, compared by how many differ."""

    def db_type(self, connection: object) -> str:
        """Return the column's type."""
        del connection
        return "bit(256)"


class EvidenceUse(models.Model):
    """A piece of evidence as a case uses it (凭证引用); written with the event that adds it."""

    pk = models.CompositePrimaryKey("shop_id", "case_id", "evidence_id")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    evidence_id = models.TextField()
    marketplace_id = models.TextField()
    digest = models.TextField()
    given_by = models.TextField()
    """Role of the party."""
    at = models.DateTimeField()

    class Meta:
        db_table = "evidence_use"
        indexes = (
            models.Index(fields=("marketplace_id", "digest"), name="evidence_use_of_content"),
        )


class EvidencePicture(models.Model):
    """A picture among the evidence (图片凭证), by its likeness."""

    pk = models.CompositePrimaryKey("shop_id", "digest")
    shop_id = models.TextField()
    digest = models.TextField()
    marketplace_id = models.TextField()
    hash = Bits256()
    """PDQ."""
    quality = models.SmallIntegerField()
    bands = ArrayField(models.IntegerField())
    """Pieces of the hash with their places; empty for a picture too plain to compare."""

    class Meta:
        db_table = "evidence_picture"
        indexes = (GinIndex(fields=("bands",), name="evidence_picture_alike"),)


class Assignment(models.Model):
    """Somebody works on a case in a role (领取案件); nobody else may in that role meanwhile."""

    id = models.UUIDField(primary_key=True)
    shop_id = models.TextField()
    case_id = models.UUIDField()
    marketplace_id = models.TextField()
    role = models.TextField()
    user_id = models.TextField()
    taken_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    """By the database's own clock: a lock of people at their desks, not of the simulated case."""
    ended_at = models.DateTimeField(null=True)
    end = models.TextField(db_default="")
    """`released`, `expired`, or empty while it runs."""

    class Meta:
        db_table = "assignment"
        constraints = (
            models.UniqueConstraint(
                fields=("shop_id", "case_id", "role"),
                name="assignment_one_at_a_time",
                condition=models.Q(ended_at__isnull=True),
            ),
        )
        indexes = (
            models.Index(
                fields=("user_id", "expires_at"),
                name="assignment_running",
                condition=models.Q(ended_at__isnull=True),
            ),
        )


class JoinedCase(models.Model):
    """A case that is heard together with others (并案); as the events of the case have it."""

    pk = models.CompositePrimaryKey("shop_id", "case_id")
    shop_id = models.TextField()
    case_id = models.UUIDField()
    group_id = models.UUIDField()
    since = models.DateTimeField()
    """When this case joined the group."""

    class Meta:
        db_table = "joined_case"
        indexes = (models.Index(fields=("group_id",), name="joined_case_of_group"),)
