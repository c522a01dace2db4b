"""Exports (导出): the days that the worker wrote, listed and downloaded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema

from gongdao.app.export.rows import Dataset
from gongdao.web.api.authentication import caller
from gongdao.web.export_shelf import exports_of, take_out

router = Router(tags=["exports"])


class ExportPartOut(Schema):
    """One file of a day."""

    dataset: str
    rows: int
    bytes: int
    sha256: str


class ExportDayOut(Schema):
    """A day that was exported, Beijing time."""

    day: date
    written_at: datetime
    parts: list[ExportPartOut]


class ExportsOut(Schema):
    """Days, newest first."""

    items: list[ExportDayOut]


@router.get("/{marketplace_id}", response=ExportsOut, summary="Days exported")
def list_exports(
    request: HttpRequest, marketplace_id: str, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """Return the exported days of a marketplace with rows, bytes and sha256 of each file."""
    found = exports_of(caller(request), marketplace_id, since=since, until=until)
    return {
        "items": [
            {
                "day": manifest.day,
                "written_at": manifest.written_at,
                "parts": [
                    {"dataset": name, "rows": p.rows, "bytes": p.bytes, "sha256": p.sha256}
                    for name, p in manifest.datasets.items()
                ],
            }
            for manifest in found
        ]
    }


@router.get("/{marketplace_id}/{day}/{dataset}", summary="A day's file, Parquet")
def download(
    request: HttpRequest, marketplace_id: str, day: date, dataset: Dataset
) -> FileResponse:
    """Return one file of a day; its sha256 is also the `ETag`."""
    file, part = take_out(caller(request), marketplace_id, day, dataset)
    answer = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{dataset}-{day.isoformat()}.parquet",
        content_type="application/vnd.apache.parquet",
    )
    answer["ETag"] = f'"{part.sha256}"'
    return answer
