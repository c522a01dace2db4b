"""Export files (导出文件): a day's rows as Parquet, one partition a dataset and day.

    DIR/cases/day=2026-11-20/part.parquet       and events, deadlines, ledger, orders
    DIR/_manifest/day=2026-11-20.json           rows, bytes and sha256 of each, written last

A partition appears whole or not at all, and is replaced by another run. DuckDB and Spark read `day`
from the path; folders that begin with an underscore are none of theirs.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import gongdao
from gongdao.app.audit_call import audit_entry
from gongdao.app.export.rows import Dataset, Row, day_name, day_rows
from gongdao.app.import_batch import command_line
from gongdao.app.permissions import Caller, Verb
from gongdao.core.kernel.time import BEIJING
from gongdao.store.audit import frozen
from gongdao.store.connection import transaction
from gongdao.store.export import Watermark, lock_export, watermarks
from gongdao.store.trail import add_audit

#: How files end that are being written.
_UNFINISHED = ".tmp"
_AT = pa.timestamp("us", tz="UTC")
_TYPES: dict[str, pa.DataType] = {
    "seq": pa.int32(),
    "line": pa.int16(),
    "version": pa.int32(),
    "evidence": pa.int32(),
    "rulings": pa.int32(),
    "parcels": pa.int32(),
    "in_dispute_rate": pa.bool_(),
    "in_score": pa.bool_(),
    "penalty_stands": pa.bool_(),
    "cite": pa.list_(pa.string()),
    "lines": pa.list_(
        pa.struct(
            [
                ("line_id", pa.string()),
                ("title", pa.string()),
                ("quantity", pa.int64()),
                ("paid_fen", pa.int64()),
                ("gift", pa.bool_()),
            ]
        )
    ),
}
_COLUMNS: dict[Dataset, str] = {
    Dataset.CASES: "marketplace_id shop_id case_id order_id buyer platform region version claim"
    " reason requested_fen refunded_fen stage goods money arbitration outcome opened_at opened_by"
    " closed_at evidence rulings ruling_rulebook ruling_remedy ruling_liable in_dispute_rate"
    " in_score penalty_stands",
    Dataset.DEADLINES: "marketplace_id shop_id case_id track name action due_at"
    " paused_left_seconds reason_zh reason_en cite",
    Dataset.EVENTS: "marketplace_id shop_id case_id order_id seq kind at recorded_at actor body",
    Dataset.LEDGER: "marketplace_id shop_id order_id case_id seq line account amount_fen purpose"
    " at",
    Dataset.ORDERS: "marketplace_id shop_id order_id buyer platform payment region placed_at"
    " paid_at promised_ship_at shipped_at promised_delivery_at signed_at succeeded_at cancelled_at"
    " paid_fen freight_fen freight_prepaid_by refunded_fen held_fen outside_fen parcels lines"
    " attributes",
}


def _type_of(column: str) -> pa.DataType:
    if column in _TYPES:
        return _TYPES[column]
    if column == "at" or column.endswith("_at"):
        return _AT
    return pa.int64() if column.endswith(("_fen", "_seconds")) else pa.string()


SCHEMAS = {
    dataset: pa.schema([(column, _type_of(column)) for column in columns.split()])
    for dataset, columns in _COLUMNS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a day's export."""

    path: str
    """Within the folder of exports."""
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a day's export consists of."""

    day: date
    marketplace_id: str | None
    """None: all of the installation."""
    written_at: datetime
    version: str
    """Of gongdao."""
    datasets: dict[str, Part]
    watermark: dict[str, Any]
    """What the day held: another one later means that the export is behind."""

    @property
    def rows(self) -> int:
        """Rows of all datasets together."""
        return sum(part.rows for part in self.datasets.values())


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends, Beijing time."""
    since = datetime.combine(day, time(0), BEIJING).astimezone(UTC)
    return since, since + timedelta(days=1)


def export_day(
    folder: Path,
    day: date,
    *,
    marketplace_id: str | None = None,
    by: Caller | None = None,
    part_done: Callable[[Dataset, int], None] = lambda _dataset, _rows: None,
) -> Manifest:
    """Write a day's partitions and its manifest, replacing those of an earlier run.

    All datasets are of one instant of the database. The line in the log names the day and how many
    rows went out.
    """
    since, until = bounds(day)
    parts: dict[str, Part] = {}
    with frozen() as on:
        lock_export(on, str(folder.absolute()))
        found = watermarks(on, since=since, until=until, marketplace_id=marketplace_id)
        for dataset in Dataset:
            batches = day_rows(on, dataset, since, until, marketplace_id)
            parts[dataset] = _write_part(folder, dataset, day, batches)
            part_done(dataset, parts[dataset].rows)
        manifest = Manifest(
            day=day,
            marketplace_id=marketplace_id,
            written_at=datetime.now(UTC),
            version=gongdao.__version__,
            datasets=parts,
            watermark=_mark(found[0] if found else None),
        )
        _write_manifest(folder, manifest)
    caller = by or command_line(marketplace_id or "*")
    key = f"{marketplace_id or '*'}/{day_name(day)}"
    with transaction() as on:
        add_audit(on, audit_entry(caller, Verb.SEE_EXPORTS, key=key, rows=manifest.rows))
    return manifest


def outdated_days(
    folder: Path, since: date, until: date, *, marketplace_id: str | None = None
) -> list[date]:
    """Return the days from `since` to `until`, both included, that are missing or behind.

    Days before anything happened are not missing.
    """
    with frozen() as on:
        found = watermarks(
            on, since=bounds(since)[0], until=bounds(until)[1], marketplace_id=marketplace_id
        )
    marks = {mark.day: mark for mark in found}
    if not marks:
        return []
    first = min(marks)
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    return [day for day in days if _behind(folder, day, marks.get(day))]


def read_manifest(folder: Path, day: date) -> Manifest | None:
    """Return the manifest of a day; None where nothing was exported, or not to its end."""
    try:
        told: dict[str, Any] = json.loads(manifest_path(folder, day).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Manifest(
        day=day,
        marketplace_id=told["marketplace_id"],
        written_at=datetime.fromisoformat(told["written_at"]),
        version=told["version"],
        datasets={name: Part(**part) for name, part in told["datasets"].items()},
        watermark=told["watermark"],
    )


def exported_days(folder: Path) -> list[date]:
    """Return the days that were exported to their end, newest first."""
    found = (folder / "_manifest").glob("day=*.json")
    return sorted((date.fromisoformat(file.stem.removeprefix("day=")) for file in found),
                  reverse=True)  # fmt: skip


def manifest_path(folder: Path, day: date) -> Path:
    """Return where the manifest of a day stands."""
    return folder / "_manifest" / f"{day_name(day)}.json"


def part_path(folder: Path, dataset: Dataset, day: date) -> Path:
    """Return where a day's part of a dataset stands."""
    return folder / dataset.value / day_name(day) / "part.parquet"


def _mark(watermark: Watermark | None) -> dict[str, Any]:
    if watermark is None:
        return {}
    told = asdict(watermark)
    del told["day"]
    return told


def _behind(folder: Path, day: date, watermark: Watermark | None) -> bool:
    manifest = read_manifest(folder, day)
    return manifest is None or manifest.watermark != _mark(watermark)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    told = asdict(manifest) | {"day": manifest.day.isoformat(), "zone": "Asia/Shanghai"}
    told["written_at"] = manifest.written_at.isoformat()
    with _whole(manifest_path(folder, manifest.day)) as file:
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_part(
    folder: Path, dataset: Dataset, day: date, batches: Iterator[Sequence[Row]]
) -> Part:
    schema = SCHEMAS[dataset]
    target = part_path(folder, dataset, day)
    rows = 0
    with _whole(target) as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                rows += len(batch)
                writer.write_table(pa.Table.from_pylist(list(batch), schema=schema))
        with file.open("rb") as written:
            digest = file_digest(written, "sha256").hexdigest()
        size = file.stat().st_size
    return Part(path=str(target.relative_to(folder)), rows=rows, bytes=size, sha256=digest)


@contextmanager
def _whole(target: Path) -> Generator[Path]:
    """Yield a file beside `target` that takes its place, on the disk, when the block is done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".*{_UNFINISHED}"):
        # Of a run that was killed: nobody else writes here while we hold the lock.
        left.unlink(missing_ok=True)
    number, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=_UNFINISHED)
    os.close(number)
    file = Path(name)
    try:
        yield file
        with file.open("rb+") as written:
            os.fsync(written.fileno())
        file.chmod(0o644)
        file.replace(target)
    finally:
        file.unlink(missing_ok=True)
