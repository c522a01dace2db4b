"""Running an import (导入执行): batches of a reader, each stored with the progress it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from gongdao.app.import_batch import (
    ImportTarget,
    Take,
    begin_import,
    finish_import,
    import_batch,
    row_error,
)
from gongdao.connectors.batch import Batch
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.imports import Progress, RowError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import led to, over all of its runs."""

    progress: Progress
    errors: tuple[RowError, ...]
    resumed_at: int
    """Rows that earlier runs had done; 0 for a first run."""
    source: str
    """Name and digest of the content, by which its errors are found again."""


def run_import(
    target: ImportTarget,
    read: Callable[[int], Iterator[Batch[_T]]],
    *,
    take: Take[_T],
    again: bool = False,
    batch_done: Callable[[Progress], None] = lambda _progress: None,
) -> ImportReport:
    """Store every batch of `read(rows to skip)` by `take`, going on where an earlier run ended.

    With `again`, from the first row; what is known already stays what it is. Raises
    Conflict `import.running_elsewhere` when another process imports the same source meanwhile.
    """
    begun = progress = begin_import(target, again=again)
    batch_done(progress)
    start = progress.position
    for batch in () if progress.finished else read(start):
        progress = import_batch(
            target,
            [(read_row.row, read_row.value) for read_row in batch.items],
            [row_error(found.row, found.finding) for found in batch.findings],
            take=take,
            expected=start,
            position=batch.rows_done,
        )
        start = batch.rows_done
        batch_done(progress)
    if progress.position != start:
        raise _running_elsewhere(target)
    progress, errors = finish_import(target)
    return ImportReport(
        progress=progress, errors=errors, resumed_at=begun.position, source=target.source
    )


def _running_elsewhere(target: ImportTarget) -> Conflict:
    return Conflict(
        Finding(
            code="import.running_elsewhere",
            field="source",
            message=Text(
                f"另一个进程正在导入 {target.source}",
                f"another process is importing {target.source}",
            ),
            cure=Text("等它结束后再运行", "wait for it to end, then run again"),
        )
    )
