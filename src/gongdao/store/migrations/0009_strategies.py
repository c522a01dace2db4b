"""Strategies of merchants."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Adds the table of strategies."""

    dependencies = [("store", "0008_privacy")]
    operations = [
        migrations.CreateModel(
            name="ShopStrategy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "name",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField()),
                ("version", models.IntegerField()),
                ("body", models.BinaryField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField(db_default=Now())),
                ("tried_at", models.DateTimeField(null=True)),
                ("is_on", models.BooleanField(default=False)),
                ("switched_by", models.TextField(default="")),
                ("switched_at", models.DateTimeField(null=True)),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="store.shop",
                    ),
                ),
            ],
            options={
                "db_table": "shop_strategy",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_on", True)),
                        fields=("shop_id", "name"),
                        name="shop_strategy_one_version_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_on", False), ("tried_at__isnull", False), _connector="OR"
                        ),
                        name="shop_strategy_tried_before_on",
                    ),
                ],
            },
        ),
    ]
