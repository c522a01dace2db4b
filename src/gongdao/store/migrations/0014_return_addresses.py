"""Where shops take goods back."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = (("store", "0013_clean_copies"),)

    operations = (
        migrations.CreateModel(
            name="ShopReturnAddress",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("number", models.IntegerField()),
                ("return_name", models.TextField()),
                ("return_phone", models.TextField()),
                ("return_region", models.TextField()),
                ("return_address", models.TextField()),
                ("given_by", models.TextField()),
                ("given_at", models.DateTimeField(db_default=Now())),
            ],
            options={"db_table": "shop_return_address"},
        ),
    )
