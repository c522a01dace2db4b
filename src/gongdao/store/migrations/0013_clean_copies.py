"""Copies without metadata of every kind of file, not of pictures alone."""

from django.db import migrations, models

COPY = """
UPDATE evidence_blob AS b
SET clean_digest = p.clean_digest, clean_media_type = p.clean_media_type
FROM evidence_picture AS p
WHERE b.shop_id = p.shop_id AND b.digest = p.digest
"""


class Migration(migrations.Migration):
    dependencies = (("store", "0012_reserve"),)

    operations = (
        migrations.AddField(
            model_name="evidenceblob",
            name="clean_digest",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="evidenceblob",
            name="clean_media_type",
            field=models.TextField(null=True),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="evidencepicture", name="clean_digest"),
        migrations.RemoveField(model_name="evidencepicture", name="clean_media_type"),
        migrations.AddIndex(
            model_name="evidenceblob",
            index=models.Index(fields=["digest"], name="evidence_blob_content"),
        ),
        migrations.AddIndex(
            model_name="evidenceblob",
            index=models.Index(
                fields=["clean_digest"],
                name="evidence_blob_copy",
                condition=models.Q(clean_digest__isnull=False),
            ),
        ),
    )
