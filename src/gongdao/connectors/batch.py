"""Batches (批次): what a reader yields: records, what is wrong with rows, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from gongdao.core.kernel.findings import Finding

_T = TypeVar("_T")
#: Rows that are stored, and confirmed as stored, in one transaction.
BATCH_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFinding:
    """What is wrong with one row of a file."""

    row: int
    """1 is the first row of data; a header does not count."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class RowRead(Generic[_T]):
    """A record (an order, a request, a message …), and the row of the file that it begins on."""

    row: int
    value: _T


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Generic[_T]):
    """Records of consecutive rows of a file."""

    items: tuple[RowRead[_T], ...]
    findings: tuple[RowFinding, ...]
    rows_done: int
    """Rows of the file read so far, this batch included: where the next run goes on."""


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file, hex: another content is another import, whatever its name."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
