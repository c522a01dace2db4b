"""Progress of imports, and the rows they could not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import has come."""

    position: int = 0
    """Rows of the source that are done."""
    taken: int = 0
    """Records that were taken: orders, requests, messages …"""
    errors: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """A finding about one row of a source."""

    row: int
    code: str
    field: str | None
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """An import as a list shows it."""

    source: str
    rows: int
    taken: int
    errors: int
    finished_at: datetime | None
    updated_at: datetime


def imports_of(on: Connection, marketplace_id: str) -> tuple[ImportRow, ...]:
    """Return the newest imports of a marketplace."""
    rows = fetch_all(on, "imports_of", marketplace_id=marketplace_id)
    return tuple(
        ImportRow(**dict(zip(ImportRow.__dataclass_fields__, row, strict=True))) for row in rows
    )


def find_progress(on: Connection, marketplace_id: str, source: str) -> Progress:
    """Return how far the import of `source` has come; at the beginning if it is new.

    Its row stays locked until the transaction ends.
    """
    row = fetch_one(on, "lock_import_progress", marketplace_id=marketplace_id, source=source)
    if row is None:
        return Progress()
    position, taken, errors, finished_at = row
    return Progress(position=position, taken=taken, errors=errors, finished=finished_at is not None)


def save_progress(on: Connection, marketplace_id: str, source: str, progress: Progress) -> None:
    """Write how far the import has come, in the transaction that writes its rows."""
    execute(
        on,
        "save_import_progress",
        marketplace_id=marketplace_id,
        source=source,
        position=progress.position,
        orders=progress.taken,
        errors=progress.errors,
        finished=progress.finished,
    )


def add_row_errors(
    on: Connection, marketplace_id: str, source: str, errors: Sequence[RowError]
) -> None:
    """Write the findings about a batch of rows."""
    if errors:
        execute(
            on,
            "insert_import_errors",
            marketplace_id=marketplace_id,
            source=source,
            row=[e.row for e in errors],
            code=[e.code for e in errors],
            field=[e.field for e in errors],
            zh=[e.message.zh for e in errors],
            en=[e.message.en for e in errors],
        )


def row_errors(on: Connection, marketplace_id: str, source: str) -> Iterator[RowError]:
    """Yield the findings about the rows of `source`, in the order of the file."""
    found = fetch_all(on, "read_import_errors", marketplace_id=marketplace_id, source=source)
    for row, code, field, zh, en in found:
        yield RowError(row=row, code=code, field=field, message=Text(zh, en))


def forget_import(on: Connection, marketplace_id: str, source: str) -> None:
    """Forget how far an import came and what it found, so that it may begin anew."""
    execute(on, "forget_import", marketplace_id=marketplace_id, source=source)
