"""Imports (批量导入): files streamed up; the same content again goes on where it ended."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.connectors.canonical import VERBS, Subject, import_canonical, open_canonical
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.config import current
from gongdao.store.connection import transaction
from gongdao.store.imports import RowError, imports_of, row_errors
from gongdao.store.marketplaces import MarketplaceRow, find_marketplace
from gongdao.web.api.authentication import caller

router = Router(tags=["imports"])
LARGEST_FILE_BYTES = 2 * 1024**3
_CHUNK_BYTES = 1024 * 1024
_COLUMNS = ("row", "code", "field", "message_zh", "message_en")


class ImportOut(Schema):
    """How far the import of this content has come; errors are fetched by `source`."""

    source: str
    rows: int
    taken: int
    errors: int
    finished: bool
    resumed_at: int
    unread: list[str]
    """Columns of the file that nothing reads."""


class ImportRowOut(Schema):
    """An import and how far it has come."""

    source: str
    rows: int
    taken: int
    errors: int
    finished_at: datetime | None
    updated_at: datetime


class ImportsOut(Schema):
    """The imports of a marketplace, newest first."""

    items: list[ImportRowOut]


@router.get("", response=ImportsOut, summary="Imports and how far they have come")
def list_imports(request: HttpRequest, marketplace_id: str) -> dict[str, Any]:
    """Return the newest 200 imports of a marketplace."""
    _market(caller(request), marketplace_id, Verb.INTAKE_ORDERS)
    with transaction() as on:
        return {"items": list(imports_of(on, marketplace_id))}


@router.get("/errors", summary="Rows that were not taken, as CSV or JSON Lines")
def import_errors(
    request: HttpRequest,
    marketplace_id: str,
    source: str,
    format: Literal["csv", "jsonl"] = "csv",  # noqa: A002  the word of the address
) -> HttpResponse:
    """Return row, code, field and message of every row of `source` that was not taken."""
    subject = source.partition(":")[0]
    verb = next((v for name, v in VERBS.items() if name == subject), Verb.INTAKE_ORDERS)
    _market(caller(request), marketplace_id, verb)
    with transaction() as on:
        errors = list(row_errors(on, marketplace_id, source))
    kind = "text/csv" if format == "csv" else "application/x-ndjson"
    answer = HttpResponse(b"".join(_WRITTEN[format](errors)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="import-errors.{format}"'
    return answer


@router.post("/{subject}", response=ImportOut, summary="Import a file")
def import_file(
    request: HttpRequest, subject: Subject, marketplace_id: str, filename: str
) -> dict[str, Any]:
    """Take the request's body as a .csv, .csv.gz, .jsonl, .xlsx or .parquet file.

    `subject`: orders, parcels, requests or messages; docs/how-to/import-orders.md lists the columns
    of each. What is wrong with a row is kept for the errors; the other rows are taken. A call that
    was interrupted is made again with the same content and goes on after the last batch.
    """
    asker = caller(request)
    market = _market(asker, marketplace_id, VERBS[subject])
    suffixes = "".join(Path(filename).suffixes[-2:])[-20:]
    folder = current().var / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=suffixes) as kept:
        taken = 0
        while chunk := request.read(_CHUNK_BYTES):
            taken += len(chunk)
            if taken > LARGEST_FILE_BYTES:
                raise _too_large()
            kept.write(chunk)
        kept.flush()
        file = open_canonical(subject, Path(kept.name), marketplace_id, market.platform)
        report = import_canonical(file, marketplace_id, by=asker)
    return {
        "source": report.source,
        "rows": report.progress.position,
        "taken": report.progress.taken,
        "errors": report.progress.errors,
        "finished": report.progress.finished,
        "resumed_at": report.resumed_at,
        "unread": [str(finding.field) for finding in file.unread],
    }


def _as_csv(errors: Iterable[RowError]) -> Iterator[bytes]:
    yield _csv_line(_COLUMNS).encode("utf-8-sig")
    for error in errors:
        yield _csv_line(_cells(error)).encode()


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _as_json_lines(errors: Iterable[RowError]) -> Iterator[bytes]:
    for error in errors:
        record = dict(zip(_COLUMNS, _cells(error), strict=True))
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _cells(error: RowError) -> tuple[object, ...]:
    return (error.row, error.code, error.field or "", error.message.zh, error.message.en)


_WRITTEN = {"csv": _as_csv, "jsonl": _as_json_lines}


def _market(asker: Caller, marketplace_id: str, verb: Verb) -> MarketplaceRow:
    allow(asker, verb)
    with transaction() as on:
        market = find_marketplace(on, marketplace_id)
    if market is None or marketplace_id not in asker.marketplace_ids:
        raise not_visible(MARKETPLACE, "marketplace_id")
    return market


def _too_large() -> BadInput:
    return BadInput(
        Finding(
            code="import.too_large",
            field="body",
            message=Text("文件超过 2 GB", "the file is larger than 2 GB"),
            cure=Text("请分成几个文件", "send several files"),
        )
    )
