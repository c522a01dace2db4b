"""The database connection of this thread, and transactions on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import psycopg
from django.db import connection as django_connection
from django.db import transaction as django_transaction
from psycopg.rows import TupleRow

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

Connection: TypeAlias = psycopg.Connection[Any]
Cursor: TypeAlias = psycopg.Cursor[TupleRow]

#: The database refused the data itself: a check, a trigger, a value that does not fit.
DataRefused = (psycopg.IntegrityError, psycopg.DataError, psycopg.InternalError)
#: The connection is lost, or somebody else's lock stood in the way: the same again may succeed.
Interrupted = (psycopg.OperationalError, psycopg.InterfaceError)

#: Statements used more often than this are prepared by the server.
_PREPARE_AFTER = 3


def connection() -> Connection:
    """Return psycopg's own connection below Django's, connected."""
    if django_connection.connection is not None and django_connection.connection.closed:
        django_connection.close()
    django_connection.ensure_connection()
    raw: Connection = django_connection.connection
    raw.prepare_threshold = _PREPARE_AFTER
    return raw


@contextmanager
def transaction() -> Iterator[Connection]:
    """Run a block as one transaction on this thread's connection; an exception undoes it."""
    if not django_connection.in_atomic_block:
        connection()
    with django_transaction.atomic():
        yield connection()


def cursor(on: Connection) -> Cursor:
    """Return a cursor that binds on the server and reads binary; Django's own binds in text."""
    return psycopg.Cursor(on, row_factory=psycopg.rows.tuple_row)


@cache
def statement(name: str) -> bytes:
    """Return the SQL kept in `store/sql/<name>.sql`."""
    return (files("gongdao.store") / "sql" / f"{name}.sql").read_bytes()


def fetch_all(on: Connection, name: str, /, **given: object) -> list[TupleRow]:
    """Run the named statement and return its rows."""
    return _run(on, name, given, binary=True).fetchall()


def fetch_one(on: Connection, name: str, /, **given: object) -> TupleRow | None:
    """Run the named statement and return its first row, if any."""
    return _run(on, name, given, binary=True).fetchone()


def execute(on: Connection, name: str, /, **given: object) -> int:
    """Run the named statement and return how many rows it touched."""
    return _run(on, name, given).rowcount


def _run(on: Connection, name: str, given: dict[str, object], *, binary: bool = False) -> Cursor:
    """Run the named statement. Raises BadInput for an id or a word that no database can hold."""
    try:
        return cursor(on).execute(statement(name), given, binary=binary)
    except (psycopg.DataError, UnicodeEncodeError) as refusal:
        if isinstance(refusal, psycopg.DataError) and refusal.sqlstate is not None:
            raise  # the server's own refusal of a value that reached it
        raise BadInput(
            Finding(
                code="input.bad_value",
                message=Text("含有无法保存的字符", "it holds characters that cannot be kept"),
            )
        ) from refusal


def release() -> None:
    """Close this thread's connection; the next use opens another."""
    django_connection.close()
