"""Exports (导出): the days that the worker wrote, listed and downloaded."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema

from gongdao.app.audit_call import audited_rows
from gongdao.app.export.rows import Dataset, day_name
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.connectors.export_files import exported_days, part_path, read_manifest
from gongdao.connectors.nightly_export import folder_of
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.config import current
from gongdao.web.api.authentication import caller

router = Router(tags=["exports"])
EXPORT = Text("导出", "export")


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
    asker = caller(request)
    allow(asker, Verb.SEE_EXPORTS)
    folder = _folder(asker, marketplace_id)
    days = (
        day
        for day in exported_days(folder)
        if (since is None or day >= since) and (until is None or day <= until)
    )
    found = (read_manifest(folder, day) for day in days)
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
            if manifest is not None
        ]
    }


@router.get("/{marketplace_id}/{day}/{dataset}", summary="A day's file, Parquet")
def download(
    request: HttpRequest, marketplace_id: str, day: date, dataset: Dataset
) -> FileResponse:
    """Return one file of a day; its sha256 is also the `ETag`."""
    asker = caller(request)
    key = f"{marketplace_id}/{dataset}/{day_name(day)}"
    with audited_rows(asker, Verb.SEE_EXPORTS, key=key) as counted:
        folder = _folder(asker, marketplace_id)
        manifest = read_manifest(folder, day)
        if manifest is None or dataset not in manifest.datasets:
            raise not_visible(EXPORT, "day")
        part = manifest.datasets[dataset]
        counted.rows = part.rows
    answer = FileResponse(
        part_path(folder, dataset, day).open("rb"),
        as_attachment=True,
        filename=f"{dataset}-{day.isoformat()}.parquet",
        content_type="application/vnd.apache.parquet",
    )
    answer["ETag"] = f'"{part.sha256}"'
    return answer


def _folder(asker: Caller, marketplace_id: str) -> Path:
    if marketplace_id not in asker.marketplace_ids:
        raise not_visible(MARKETPLACE, "marketplace_id")
    root = current().export
    if root is None:
        raise Conflict(
            Finding(
                code="export.not_configured",
                message=Text("本系统没有设置每日导出", "no daily export is configured"),
                cure=Text(
                    "设置 GONGDAO_EXPORT 并运行 worker", "set GONGDAO_EXPORT and run the worker"
                ),
            )
        )
    return folder_of(root, marketplace_id)
