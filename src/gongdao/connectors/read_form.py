"""Read a form (读取标准文件): rows of a canonical file become records; what cannot is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gongdao.connectors.batch import BATCH_ROWS, Batch, RowFinding, RowRead
from gongdao.connectors.cells import read_cell
from gongdao.connectors.mapped_orders import BadRow, Values, empty_cell, surplus_cells
from gongdao.connectors.mapping import Mapping, Source, Title
from gongdao.connectors.tabular import SURPLUS, open_table
from gongdao.core.kernel.findings import BadInput, Finding

if TYPE_CHECKING:
    from pathlib import Path

    from gongdao.connectors.forms import Form
    from gongdao.connectors.tabular import Row

_Group = list[tuple[int, "Row"]]


def form_mapping(form: Form, name: str, columns: Iterable[str]) -> Mapping:
    """Return how a file with these columns is read as the form: each column under its own name.

    Columns that the form needs are named whether the file has them or not.
    """
    have = set(columns)
    return Mapping(
        mapping=f"gongdao-{name}",
        title=Title(zh="标准文件", en="canonical file"),
        platform="",
        time_zone="Asia/Shanghai",
        fields={
            column: Source(column=column, unit="fen" if kind == "money" else None)
            for column, (kind, needed) in form.fields.items()
            if needed or column in have
        },
    )


def read_form(
    path: Path, form: Form, mapping: Mapping, *, skip_rows: int = 0, batch_rows: int = BATCH_ROWS
) -> Iterator[Batch[Any]]:
    """Yield the records of a file after its first `skip_rows` rows; none is parted."""
    with open_table(path, mapping) as (_, rows):
        yield from _batches(rows, form, mapping, skip_rows, batch_rows)


def _batches(
    rows: Iterable[Row], form: Form, mapping: Mapping, skip_rows: int, batch_rows: int
) -> Iterator[Batch[Any]]:
    items: list[RowRead[Any]] = []
    findings: list[RowFinding] = []
    done, emitted = 0, skip_rows
    for group in _groups(rows, form):
        done = group[-1][0]
        if done <= skip_rows:
            continue
        try:
            values = [(number, _values(number, row, form, mapping)) for number, row in group]
            items.append(RowRead(group[0][0], form.make(values)))
        except BadRow as fault:
            findings.extend(RowFinding(row=fault.row, finding=f) for f in fault.findings)
        if done - emitted >= batch_rows:
            yield Batch(items=tuple(items), findings=tuple(findings), rows_done=done)
            items, findings, emitted = [], [], done
    if done > emitted:
        yield Batch(items=tuple(items), findings=tuple(findings), rows_done=done)


def _groups(rows: Iterable[Row], form: Form) -> Iterator[_Group]:
    numbered = enumerate(rows, 1)
    if not form.together:
        for pair in numbered:
            yield [pair]
        return

    def key(pair: tuple[int, Row]) -> tuple[str, ...]:
        return tuple(str(pair[1].get(column, "")).strip() for column in form.together)

    for _, group in groupby(numbered, key=key):
        yield list(group)


def _values(number: int, row: Row, form: Form, mapping: Mapping) -> Values:
    """Read every field of a row, and report every cell that is wrong, not just the first."""
    findings: list[Finding] = []
    values: Values = dict.fromkeys(form.fields)
    surplus = row.get(SURPLUS)
    if isinstance(surplus, int):
        findings.append(surplus_cells(surplus))
    for name, source in mapping.fields.items():
        kind, needed = form.fields[name]
        try:
            values[name] = read_cell(row, name, kind, source, mapping)
        except BadInput as fault:
            findings.extend(fault.findings)
            continue
        if needed and values[name] is None:
            findings.append(empty_cell(name))
    if findings:
        raise BadRow(number, *findings)
    return values
