"""Error reports (错误清单): every row that was not taken, or was taken with a remark, in a file."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gongdao.store.imports import RowError

_COLUMNS = ("row", "code", "field", "message_zh", "message_en")


def write_error_report(path: Path, errors: Iterable[RowError]) -> None:
    """Write the report: JSON lines for `.jsonl`, else CSV that spreadsheets open as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ((e.row, e.code, e.field or "", e.message.zh, e.message.en) for e in errors)
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                record = dict(zip(_COLUMNS, row, strict=True))
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows)
