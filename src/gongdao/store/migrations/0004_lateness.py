"""An index that costs next to nothing: how late the clocks fired of late is asked by time."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("store", "0003_guards"),)

    operations = (
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["recorded_at"], name="event_of_late"
            ),
        ),
    )
