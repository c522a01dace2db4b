"""Batches (批次): what a reader yields: orders, what is wrong with others, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gongdao.core.cases.model import Order
    from gongdao.core.kernel.findings import Finding

#: Rows that are stored, and confirmed as stored, in one transaction.
BATCH_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFinding:
    """What is wrong with one row of a file."""

    row: int
    """1 is the first row of data; a header does not count."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class OrderRead:
    """An order, and the row of the file that it begins on."""

    row: int
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Orders of consecutive rows of a file."""

    orders: tuple[OrderRead, ...]
    findings: tuple[RowFinding, ...]
    rows_done: int
    """Rows of the file read so far, this batch included: where the next run goes on."""


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file, hex: another content is another import, whatever its name."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
