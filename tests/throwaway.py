"""Throw-away databases: one migrated template a state of the migrations, a copy a test process."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from gongdao.store.postgres import Address, connect_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

TEMPLATES_LOCK = 7_104_001  # any number, the same in every test process
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


@contextmanager
def throwaway_database() -> Iterator[Address]:
    """Yield a fresh copy of the template and point Django at it; drop it afterwards."""
    server = connect_info()
    name = f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        django.setup()
        _drop_left_behind(admin)
        _lock(admin)
        template = _template(admin)
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        _unlock(admin)
        _point_django_at(name)
        try:
            yield server.named(name)
        finally:
            connections.close_all()
            _drop(admin, name)


def empty(address: Address) -> None:
    """Empty every table but the ones the migrations filled."""
    with psycopg.connect(address.dsn) as connection:
        # A crashed child of an earlier test may still hold locks in this database.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        # Tables whose rows may never go, such as events, refuse TRUNCATE by a trigger.
        connection.execute("SET session_replication_role = replica")
        if names := _tables(address):
            listed = sql.SQL(", ").join(sql.Identifier(name) for name in names)
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(listed))


@cache
def _tables(address: Address) -> tuple[str, ...]:
    with psycopg.connect(address.dsn) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> ALL(%s) ORDER BY 1",
            [list(KEPT_TABLES)],
        ).fetchall()
    return tuple(name for (name,) in rows)


def _template(admin: psycopg.Connection) -> str:
    """Return the template of today's migrations, made now when no run has made it yet."""
    name = f"template_{_fingerprint()}"
    if _exists(admin, name):
        return name
    making = f"making_{os.getpid()}"
    _drop(admin, making)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    _point_django_at(making)
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(making), sql.Identifier(name)
        )
    )
    return name


def _fingerprint() -> str:
    """Digest the migration files of every application, and the versions of those not ours."""
    digest = sha256(django.__version__.encode())
    for label, name in sorted(MigrationLoader(None).disk_migrations):
        digest.update(f"{label}.{name}".encode())
    ours = apps.get_app_config("store").path
    for file in sorted(Path(ours).rglob("*")):
        if file.suffix == ".sql" or (file.suffix == ".py" and file.parent.name == "migrations"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _point_django_at(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection: BaseDatabaseWrapper = connections["default"]
    connection.settings_dict["NAME"] = name


def _drop_left_behind(admin: psycopg.Connection) -> None:
    """Drop databases of test processes that were killed before they could."""
    rows = admin.execute("SELECT datname FROM pg_database WHERE datname ~ '^(test|making)_[0-9]+'")
    for (name,) in rows.fetchall():
        match = re.match(r"(?:test|making)_(\d+)", name)
        if match and not _lives(int(match[1])):
            _drop(admin, name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _exists(admin: psycopg.Connection, name: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _lock(admin: psycopg.Connection) -> None:
    admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATES_LOCK])


def _unlock(admin: psycopg.Connection) -> None:
    admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATES_LOCK])
