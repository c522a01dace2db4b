"""Cases heard together, and keys for named cases only."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("store", "0010_messages"),)

    operations = (
        migrations.CreateModel(
            name="JoinedCase",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "case_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("case_id", models.UUIDField()),
                ("group_id", models.UUIDField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "joined_case",
                "indexes": [models.Index(fields=["group_id"], name="joined_case_of_group")],
            },
        ),
        migrations.AddField(
            model_name="apitoken",
            name="case_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), null=True, size=None
            ),
        ),
    )
