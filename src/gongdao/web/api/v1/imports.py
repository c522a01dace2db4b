"""Imports (批量导入): a file of orders, streamed up; the same file again goes on where it ended."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.connectors.canonical import import_canonical
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.config import current
from gongdao.store.connection import transaction
from gongdao.store.imports import row_errors
from gongdao.store.marketplaces import MarketplaceRow, find_marketplace
from gongdao.web.api.authentication import caller

router = Router(tags=["imports"])
LARGEST_FILE_BYTES = 2 * 1024**3
_CHUNK_BYTES = 1024 * 1024


class ImportOut(Schema):
    """How far the import of this content has come; errors are fetched by `source`."""

    source: str
    rows: int
    orders: int
    errors: int
    finished: bool
    resumed_at: int


@router.post("/orders", response=ImportOut, summary="Import a file of orders")
def import_orders(request: HttpRequest, marketplace_id: str, filename: str) -> dict[str, Any]:
    """Take the request's body as a .csv, .csv.gz, .jsonl, .xlsx or .parquet file of orders.

    One row a line of an order; columns are order_id, shop_id, buyer_id, payment, placed_at,
    line_paid_fen and whatever else an order has. What is wrong with a row is kept for the errors.
    """
    market = _market(caller(request), marketplace_id)
    suffixes = "".join(Path(filename).suffixes[-2:])[-20:]
    folder = current().var / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=suffixes) as file:
        taken = 0
        while chunk := request.read(_CHUNK_BYTES):
            taken += len(chunk)
            if taken > LARGEST_FILE_BYTES:
                raise _too_large()
            file.write(chunk)
        file.flush()
        report = import_canonical(Path(file.name), marketplace_id, market.platform)
    return {
        "source": report.source,
        "rows": report.progress.position,
        "orders": report.progress.orders,
        "errors": report.progress.errors,
        "finished": report.progress.finished,
        "resumed_at": report.resumed_at,
    }


@router.get("/errors", summary="Rows that were not taken, as CSV")
def import_errors(request: HttpRequest, marketplace_id: str, source: str) -> HttpResponse:
    """Return row, code, field and message of every row of `source` that was not taken."""
    _market(caller(request), marketplace_id)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("row", "code", "field", "message_zh", "message_en"))
    with transaction() as on:
        for e in row_errors(on, marketplace_id, source):
            writer.writerow((e.row, e.code, e.field or "", e.message.zh, e.message.en))
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="import-errors.csv"'
    return answer


def _market(asker: Caller, marketplace_id: str) -> MarketplaceRow:
    allow(asker, Verb.INTAKE_ORDERS)
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
