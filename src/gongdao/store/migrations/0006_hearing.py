"""Evidence in use and pictures by likeness; who works on which case."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

import gongdao.store.models.hearing

# Evidence given before this table existed is found in the events that gave it.
EARLIER_EVIDENCE = """
INSERT INTO evidence_use (shop_id, case_id, evidence_id, marketplace_id, digest, given_by, at)
SELECT
    e.shop_id, e.case_id, e.item ->> 'id', c.marketplace_id, e.item ->> 'digest',
    e.item ->> 'by', (e.item ->> 'at')::timestamptz
FROM (
    SELECT shop_id, case_id, convert_from(body, 'UTF8')::jsonb #> '{event,item}' AS item
    FROM event WHERE kind = 'evidence_submitted'
) AS e
INNER JOIN cases AS c ON e.shop_id = c.shop_id AND e.case_id = c.id
"""


class Migration(migrations.Migration):
    dependencies = (("store", "0005_integration"),)

    operations = (
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("shop_id", models.TextField()),
                ("case_id", models.UUIDField()),
                ("marketplace_id", models.TextField()),
                ("role", models.TextField()),
                ("user_id", models.TextField()),
                (
                    "taken_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end", models.TextField(db_default="")),
            ],
            options={
                "db_table": "assignment",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["user_id", "expires_at"],
                        name="assignment_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("shop_id", "case_id", "role"),
                        name="assignment_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidencePicture",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("digest", models.TextField()),
                ("marketplace_id", models.TextField()),
                ("clean_digest", models.TextField()),
                ("clean_media_type", models.TextField()),
                ("hash", gongdao.store.models.hearing.Bits256()),
                ("quality", models.SmallIntegerField()),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "db_table": "evidence_picture",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["bands"], name="evidence_picture_alike"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "case_id",
                        "evidence_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("case_id", models.UUIDField()),
                ("evidence_id", models.TextField()),
                ("marketplace_id", models.TextField()),
                ("digest", models.TextField()),
                ("given_by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "evidence_use",
                "indexes": [
                    models.Index(
                        fields=["marketplace_id", "digest"], name="evidence_use_of_content"
                    )
                ],
            },
        ),
        migrations.RunSQL(EARLIER_EVIDENCE, migrations.RunSQL.noop),
    )
