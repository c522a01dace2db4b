"""The tables: bring them up to date, and say whether they are."""

from __future__ import annotations

import os
from io import StringIO

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

#: Key of the advisory lock under which tables change; any number, the same in every process.
MIGRATING = 7_104_002


def boot() -> None:
    """Make Django ready in a process that is not the web server; a second call does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongdao.web.settings")
    django.setup()


def pending() -> tuple[str, ...]:
    """Return the migrations not yet applied, as `application.name`. Needs the database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def migrate() -> tuple[str, ...]:
    """Apply every pending migration; returns their names. Racing callers wait for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
    try:
        applied = pending()
        if applied:
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
    return applied


def unwritten() -> str:
    """Return the migrations that the models would need and nobody wrote; empty when none."""
    said = StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    except SystemExit:
        return said.getvalue()
    return ""
