"""Invoices of orders, and what is to be done with them."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

# Its history is not changed, and a worker is told of a case whose invoices must follow it.
GUARDS = """
CREATE TRIGGER invoice_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_check_wakes AFTER INSERT ON invoice_check
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_messages();
"""
UNDO = """
DROP TRIGGER invoice_check_wakes ON invoice_check;
DROP TRIGGER invoice_event_append_only ON invoice_event;
"""


class Migration(migrations.Migration):
    """Adds invoices, their tasks with every event, and the cases that wait to be looked at."""

    dependencies = (("store", "0015_wake"),)

    operations = (
        migrations.CreateModel(
            name="InvoiceEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "task_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("task_id", models.UUIDField()),
                ("seq", models.IntegerField()),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("actor", models.TextField()),
                ("body", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "invoice_event",
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("id", models.UUIDField(unique=True)),
                ("marketplace_id", models.TextField()),
                ("order_id", models.TextField()),
                ("number", models.TextField()),
                ("medium", models.TextField()),
                ("amount_fen", models.BigIntegerField()),
                ("reversed_fen", models.BigIntegerField(db_default=0)),
                ("issued_at", models.DateTimeField()),
                ("told_by", models.TextField()),
                (
                    "told_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "invoice",
                "indexes": [
                    models.Index(fields=["shop_id", "order_id"], name="invoice_of_an_order")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop_id", "number"), name="invoice_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reversed_fen__gte", 0), ("amount_fen__gte", models.F("reversed_fen"))
                        ),
                        name="invoice_never_reversed_beyond",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceCheck",
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
                ("marketplace_id", models.TextField()),
                (
                    "try_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("attempts", models.SmallIntegerField(db_default=0)),
                ("trouble", models.TextField(db_default="")),
            ],
            options={
                "db_table": "invoice_check",
                "indexes": [models.Index(fields=["try_at"], name="invoice_check_to_do")],
            },
        ),
        migrations.CreateModel(
            name="InvoiceTask",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.TextField()),
                ("id", models.UUIDField(unique=True)),
                ("marketplace_id", models.TextField()),
                ("order_id", models.TextField()),
                ("buyer_id", models.TextField()),
                ("case_id", models.UUIDField(null=True)),
                ("invoice_id", models.UUIDField()),
                ("cause", models.TextField()),
                ("kind", models.TextField()),
                ("state", models.TextField()),
                (
                    "waits_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("amount_fen", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("next_due_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("head_hash", models.BinaryField()),
                ("snapshot", models.BinaryField()),
                ("attempts", models.SmallIntegerField(db_default=0)),
                ("trouble", models.TextField(db_default="")),
            ],
            options={
                "db_table": "invoice_task",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("next_due_at__isnull", False)
                        ),
                        fields=["marketplace_id", "next_due_at"],
                        name="invoice_task_to_fire",
                    ),
                    models.Index(fields=["shop_id", "-opened_at"], name="invoice_task_of_a_shop"),
                    models.Index(
                        fields=["marketplace_id", "buyer_id", "-opened_at"],
                        name="invoice_task_of_a_buyer",
                    ),
                    models.Index(
                        fields=["marketplace_id", "-opened_at"], name="invoice_task_of_a_market"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop_id", "invoice_id", "kind", "case_id", "cause"),
                        name="invoice_task_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO),
    )
