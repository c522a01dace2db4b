"""How far an import has come (导入进度): committed with the rows, so that it can be resumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongdao.core.kernel.findings import Finding
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How much of a source has been imported."""

    position: int = 0
    """Row groups or rows done, as the importer counts."""
    orders: int = 0
    errors: int = 0
    finished: bool = False


def read_progress(on: Connection, marketplace_id: str, source: str) -> Progress:
    """Return how far the import of `source` has come; a fresh one when it never began."""
    row = fetch_one(on, "read_progress", marketplace_id=marketplace_id, source=source)
    if row is None:
        return Progress()
    return Progress(position=row[0], orders=row[1], errors=row[2], finished=row[3])


def save_progress(on: Connection, marketplace_id: str, source: str, progress: Progress) -> None:
    """Write how far the import has come, in the transaction that wrote the rows."""
    execute(
        on,
        "save_progress",
        marketplace_id=marketplace_id,
        source=source,
        position=progress.position,
        orders=progress.orders,
        errors=progress.errors,
        finished=progress.finished,
    )


def add_row_errors(
    on: Connection, marketplace_id: str, source: str, errors: Sequence[tuple[int, Finding]]
) -> None:
    """Keep why rows (by number) were not imported."""
    if not errors:
        return
    execute(
        on,
        "add_row_errors",
        marketplace_id=marketplace_id,
        source=source,
        row=[number for number, _ in errors],
        code=[finding.code for _, finding in errors],
        field=[finding.field or "" for _, finding in errors],
        message_zh=[finding.message.zh for _, finding in errors],
        message_en=[finding.message.en for _, finding in errors],
    )


def read_row_errors(
    on: Connection, marketplace_id: str, source: str
) -> tuple[tuple[int, str, str | None, str, str], ...]:
    """Return (row, code, field, message zh, message en) of every row not imported, in order."""
    rows = fetch_all(on, "read_row_errors", marketplace_id=marketplace_id, source=source)
    return tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows)
