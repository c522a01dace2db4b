"""Export shelf (导出架): the days that the worker wrote, for pages and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongdao.app.audit_call import audited_rows
from gongdao.app.export.rows import Dataset, day_name
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.connectors.export_files import Manifest, exported_days, part_path, read_manifest
from gongdao.connectors.nightly_export import folder_of
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.config import current

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from gongdao.connectors.export_files import Part

EXPORT = Text("导出", "export")


def is_configured() -> bool:
    """Whether this installation has a folder for exports."""
    return current().export is not None


def exports_of(
    caller: Caller, marketplace_id: str, *, since: date | None = None, until: date | None = None
) -> Iterator[Manifest]:
    """Return the exported days of a marketplace, newest first, both bounds included.

    Raises NotAllowed, NotVisible; Conflict `export.not_configured`.
    """
    allow(caller, Verb.SEE_EXPORTS)
    folder = _folder(caller, marketplace_id)
    days = (
        day
        for day in exported_days(folder)
        if (since is None or day >= since) and (until is None or day <= until)
    )
    return (found for day in days if (found := read_manifest(folder, day)) is not None)


def take_out(caller: Caller, marketplace_id: str, day: date, dataset: Dataset) -> tuple[Path, Part]:
    """Return one file of a day and what the manifest says of it; the log names who took it.

    Raises NotAllowed, NotVisible; Conflict `export.not_configured`.
    """
    key = f"{marketplace_id}/{dataset}/{day_name(day)}"
    with audited_rows(caller, Verb.SEE_EXPORTS, key=key) as counted:
        folder = _folder(caller, marketplace_id)
        manifest = read_manifest(folder, day)
        if manifest is None or dataset not in manifest.datasets:
            raise not_visible(EXPORT, "day")
        part = manifest.datasets[dataset]
        counted.rows = part.rows
    return part_path(folder, dataset, day), part


def _folder(caller: Caller, marketplace_id: str) -> Path:
    if marketplace_id not in caller.marketplace_ids:
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
