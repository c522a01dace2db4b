"""Throw-away databases: one filled template, a fresh copy of it for every run measured."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from gongdao.store import schema
from gongdao.store.postgres import Address, connect_info

SERVER = f"bench_{os.getpid()}"


@contextmanager
def filled(fill: Callable[[], None], label: str = "template") -> Iterator[Address]:
    """Yield a migrated database that `fill` has filled; dropped afterwards."""
    schema.boot()
    name = f"{SERVER}_{label}"
    with _made(name, "template0") as address:
        _point_django_at(name)
        call_command("migrate", verbosity=0, interactive=False)
        fill()
        connections.close_all()
        with psycopg.connect(address.dsn, autocommit=True) as on:
            on.execute("VACUUM (FREEZE, ANALYZE)")
        yield address


@contextmanager
def copy_of(template: Address) -> Iterator[Address]:
    """Yield a fresh copy of the filled database and point Django at it; dropped afterwards."""
    name = f"{SERVER}_run"
    with _made(name, template.dbname) as address:
        # The copy's pages reach the disk now, not while something is being measured.
        with psycopg.connect(address.dsn, autocommit=True) as on:
            on.execute("CHECKPOINT")
        _point_django_at(name)
        yield address


@contextmanager
def _made(name: str, source: str) -> Iterator[Address]:
    server = connect_info()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(source)
    )
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        _drop_left_behind(admin)
        admin.execute(drop)
        admin.execute(make)
        try:
            yield server.named(name)
        finally:
            connections.close_all()
            admin.execute(drop)


def _drop_left_behind(admin: psycopg.Connection) -> None:
    """Drop the databases of runs that were killed before they could."""
    query = "SELECT datname FROM pg_database WHERE datname ~ '^bench_[0-9]+_'"
    for (name,) in admin.execute(query).fetchall():
        if not psutil.pid_exists(int(name.split("_")[1])):
            admin.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _point_django_at(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
