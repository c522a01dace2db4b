"""Conversations, and how many rows a call in bulk was about."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now

APPEND_ONLY = """
CREATE TRIGGER message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON message
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the table of messages and a column of the log of calls."""

    dependencies = [("store", "0009_strategies")]
    operations = [
        migrations.AddField(
            model_name="auditlog",
            name="rows",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "message_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("message_id", models.TextField()),
                ("marketplace_id", models.TextField()),
                ("session_id", models.TextField()),
                ("buyer_id", models.TextField()),
                ("order_id", models.TextField(null=True)),
                ("direction", models.TextField()),
                ("agent_id", models.TextField(null=True)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("recorded_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "db_table": "message",
                "indexes": [
                    models.Index(
                        fields=["shop_id", "session_id", "at"], name="messages_of_a_session"
                    ),
                    models.Index(fields=["shop_id", "at"], name="messages_of_a_shop"),
                    models.Index(
                        fields=["marketplace_id", "buyer_id", "at"], name="messages_of_a_buyer"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("direction__in", ("buyer", "agent", "robot", "assigned"))
                        ),
                        name="message_has_a_direction",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            APPEND_ONLY, "DROP TRIGGER message_append_only ON message;"
        ),
    ]
