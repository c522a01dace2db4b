"""What was asked of the system, by whom, and with what files."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class CommandReceipt(models.Model):
    """A command already done (回执): the same key again returns the same result."""

    pk = models.CompositePrimaryKey("shop_id", "actor", "key")
    shop_id = models.TextField()
    actor = models.TextField()
    key = models.TextField()
    fingerprint = models.BinaryField()
    """sha256 of the command; another command under the same key is a conflict."""
    case_id = models.UUIDField()
    first_seq = models.IntegerField()
    last_seq = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "command_receipt"


class EvidenceBlob(models.Model):
    """Content of evidence (凭证内容), stored once under its digest."""

    pk = models.CompositePrimaryKey("shop_id", "digest")
    shop_id = models.TextField()
    digest = models.TextField()
    """sha256, hex."""
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    stored_at = models.DateTimeField(db_default=Now())
    """When it was last handed in."""
    clean_digest = models.TextField(null=True)
    """Content of the copy without metadata, for the other party; null: there is none."""
    clean_media_type = models.TextField(null=True)

    class Meta:
        db_table = "evidence_blob"
        indexes = (
            models.Index(fields=("digest",), name="evidence_blob_content"),
            models.Index(
                fields=("clean_digest",),
                name="evidence_blob_copy",
                condition=models.Q(clean_digest__isnull=False),
            ),
        )


class AuditLog(models.Model):
    """A call that changed something, or was refused (操作日志)."""

    at = models.DateTimeField(db_default=Now())
    user_id = models.TextField()
    role = models.TextField()
    verb = models.TextField()
    shop_id = models.TextField(null=True)
    case_id = models.UUIDField(null=True)
    key = models.TextField(default="")
    result = models.TextField()
    """`done`, or the code of the refusal."""
    rows = models.BigIntegerField(null=True)
    """How many rows a call in bulk was about; null: not one in bulk."""

    class Meta:
        db_table = "audit_log"
        indexes = (models.Index(fields=("case_id", "at"), name="audit_of_a_case"),)


class ImportProgress(models.Model):
    """How far an import has come (导入进度), committed with the rows themselves."""

    pk = models.CompositePrimaryKey("marketplace_id", "source")
    marketplace_id = models.TextField()
    source = models.TextField()
    """Name and digest of the file, as the importer chooses."""
    position = models.BigIntegerField()
    """Row groups or rows done."""
    orders = models.BigIntegerField(default=0)
    """Records taken: orders, requests, messages …"""
    errors = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "import_progress"


class ImportRowError(models.Model):
    """A row that could not be imported, and why."""

    marketplace_id = models.TextField()
    source = models.TextField()
    row = models.BigIntegerField()
    code = models.TextField()
    field = models.TextField(null=True)
    message_zh = models.TextField()
    message_en = models.TextField()

    class Meta:
        db_table = "import_row_error"
        indexes = (
            models.Index(
                fields=("marketplace_id", "source", "row"), name="import_errors_of_a_file"
            ),
        )
