"""What a case counts in, marks on people, force majeure."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("store", "0006_hearing"),)

    operations = (
        migrations.CreateModel(
            name="ConductMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "case_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("case_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("marketplace_id", models.TextField()),
                ("about", models.TextField()),
                ("subject", models.TextField()),
                ("kind", models.TextField()),
                ("cause", models.TextField()),
                ("actor", models.TextField()),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "conduct_mark",
            },
        ),
        migrations.CreateModel(
            name="ForceMajeure",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("marketplace_id", models.TextField()),
                ("province", models.TextField()),
                ("city", models.TextField(default="")),
                ("district", models.TextField(default="")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("proof", models.TextField()),
                ("declared_by", models.TextField()),
                ("declared_at", models.DateTimeField()),
                ("ended_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_because", models.TextField(default="")),
            ],
            options={
                "db_table": "force_majeure",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="counted_in_dispute_rate",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="counted_in_score",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="case",
            name="paused_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], size=None
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="penalty_stands",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="region",
            field=models.TextField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["marketplace_id", "region"],
                name="cases_open_of_a_region",
            ),
        ),
        migrations.AddIndex(
            model_name="conductmark",
            index=models.Index(
                fields=["marketplace_id", "about", "subject", "-at"], name="marks_of_a_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="forcemajeure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"
                ),
                name="force_majeure_ends_after_it_begins",
            ),
        ),
        migrations.RunSQL(
            "UPDATE cases SET region = convert_from(order_body, 'UTF8')::jsonb ->> 'region'"
            " WHERE region IS NULL",
            migrations.RunSQL.noop,
        ),
    )
