"""What is kept back of settled orders, and an index of the funds of shops."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("store", "0011_joined"),)

    operations = (
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "order_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("order_id", models.TextField()),
                ("marketplace_id", models.TextField()),
                ("at", models.DateTimeField()),
                ("settled_fen", models.BigIntegerField()),
                ("recouped_fen", models.BigIntegerField()),
                ("reserved_fen", models.BigIntegerField()),
                ("left_fen", models.BigIntegerField()),
                ("category", models.TextField()),
                ("reason_zh", models.TextField()),
                ("reason_en", models.TextField()),
                (
                    "cite",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("release_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "settlement",
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_fen__gt", 0), ("released_at__isnull", True)),
                        fields=["marketplace_id", "release_at"],
                        name="settlement_to_release",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_fen__gte", 0),
                            ("left_fen__lte", models.F("reserved_fen")),
                            (
                                "settled_fen__gte",
                                models.F("reserved_fen") + models.F("recouped_fen"),
                            ),
                        ),
                        name="settlement_keeps_no_more_than_it_has",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReserveDraw",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "case_id",
                        "number",
                        "order_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("case_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("order_id", models.TextField()),
                ("amount_fen", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "reserve_draw",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="reserve_draw_takes"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("account__in", ("deposit", "reserve"))),
                fields=["shop_id", "account"],
                include=["amount_fen"],
                name="posting_of_funds",
            ),
        ),
    )
