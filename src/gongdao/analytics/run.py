"""Running in bulk (批量裁决): a table of a rulebook over a Parquet file, on an existing engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from gongdao.analytics.engines.asked import Asked, Counts, Told
from gongdao.analytics.refusals import taken_column, unreadable, unwritable

#: Writes the answers of one file to another, telling its progress.
Engine: TypeAlias = Callable[[Asked, Path, Path, Told], Counts]


def rule_file(asked: Asked, source: Path, out: Path, *, engine: Engine, progress: Told) -> Counts:
    """Answer every row of `source` and write rows and answers to `out`.

    Written to a neighbour and moved into place at the end: a run that is refused or dies leaves
    nothing behind, nor touches what was there. BadInput `bulk.…` says what is wrong with the file.
    """
    for name in _column_names(source):
        if name in asked.added or name.startswith("out_"):
            raise taken_column(name)
    partial = out.with_name(f".{out.name}.partial")
    if not out.parent.is_dir():
        raise unwritable(str(out), "no such folder")
    try:
        counts = engine(asked, source, partial, progress)
        _move(partial, out)
    except OSError as fault:
        raise unwritable(str(out), fault.strerror or str(fault)) from None
    finally:
        _remove(partial)
    return counts


def _column_names(source: Path) -> list[str]:
    try:
        return pq.read_schema(source).names
    except (OSError, pa.ArrowInvalid) as fault:
        reason = getattr(fault, "strerror", None) or str(fault).splitlines()[0]
        raise unreadable(str(source), reason) from None


def _move(partial: Path, out: Path) -> None:
    if out.is_dir() or (partial.is_dir() and out.exists()):
        _remove(out)
    partial.replace(out)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
