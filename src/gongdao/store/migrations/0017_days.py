"""Events and ledger lines of a day are found without reading all of them."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Adds block-range indexes, small because rows come in the order of their time."""

    dependencies = [("store", "0016_invoices")]
    operations = [
        migrations.AddIndex(
            model_name="event", index=BrinIndex(fields=["at"], name="event_of_a_day")
        ),
        migrations.AddIndex(
            model_name="posting", index=BrinIndex(fields=["at"], name="posting_of_every_shop")
        ),
    ]
