"""Tables (表格文件): rows of a CSV (also .gz), JSON Lines, Excel or Parquet file, one by one."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from gongdao.connectors.mapping import Mapping as FieldMapping

Row = Mapping[str, object]
_CSV, _EXCEL, _PARQUET = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm"), (".parquet",)
_JSON_LINES = (".jsonl", ".ndjson")
_PARQUET_ROWS = 4096


@contextmanager
def open_table(
    path: Path, mapping: FieldMapping
) -> Generator[tuple[tuple[str, ...], Iterator[Row]]]:
    """Yield the column names of a file and its rows.

    Raises BadInput: import.not_found, import.unknown_format, import.unreadable, import.no_sheet.
    """
    if not path.is_file():
        raise _refused("import.not_found", Text(f"找不到文件 {path}", f"there is no file {path}"))
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        if suffix in _CSV:
            with _text_of(path, mapping) as file:
                yield _from_csv(file, mapping)
        elif suffix in _JSON_LINES:
            with _text_of(path, mapping) as file:
                yield _from_json_lines(file)
        elif suffix in _EXCEL:
            yield _from_excel(path, mapping)
        elif suffix in _PARQUET:
            file = pq.ParquetFile(path)
            yield tuple(file.schema_arrow.names), _from_parquet(file)
        else:
            raise _refused(
                "import.unknown_format",
                Text(f"不支持的文件类型 {path.name}", f"unknown kind of file: {path.name}"),
                Text(
                    "支持 .csv、.csv.gz、.xlsx、.parquet、.jsonl",
                    "use .csv, .csv.gz, .xlsx, .parquet or .jsonl",
                ),
            )
    except (UnicodeDecodeError, csv.Error, OSError, BadZipFile, pa.ArrowInvalid, KeyError) as fault:
        raise _refused(
            "import.unreadable",
            Text(f"读不了 {path.name}：{fault}", f"cannot read {path.name}: {fault}"),
            Text(
                "检查文件是否完整；CSV 的编码可在映射里写 encoding，例如 gb18030",
                "is the file whole? for CSV the mapping may name an encoding such as gb18030",
            ),
        ) from fault


def check_columns(path: Path, mapping: FieldMapping) -> list[Finding]:
    """Return a warning for every column that the mapping neither reads nor ignores.

    Raises BadInput (import.missing_column) for columns that it names and the file lacks.
    """
    with open_table(path, mapping) as (columns, _):
        missing, unread = unread_columns(columns, mapping)
    if missing:
        raise BadInput(*missing)
    return unread


def unread_columns(
    columns: Iterable[str], mapping: FieldMapping
) -> tuple[list[Finding], list[Finding]]:
    """Return findings for columns that the mapping names and the file lacks, and the reverse.

    The first are errors (import.missing_column), the second warnings (import.unread_column).
    """
    have = list(columns)
    missing = [
        Finding(
            code="import.missing_column",
            field=name,
            message=Text(f"文件没有列“{name}”", f"the file has no column `{name}`"),
            cure=Text(f"文件的列：{'、'.join(have)}", f"its columns: {', '.join(have)}"),
        )
        for name in sorted(mapping.columns() - set(have))
    ]
    unread = [
        Finding(
            code="import.unread_column",
            field=name,
            message=Text(f"列“{name}”未被读取", f"the column `{name}` is not read"),
            cure=Text("映射它，或写入 ignore", "map it, or list it under ignore"),
            severity="warning",
        )
        for name in have
        if name not in mapping.columns() and name not in mapping.ignore
    ]
    return missing, unread


def _text_of(path: Path, mapping: FieldMapping) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=mapping.encoding, newline="")
    return path.open(encoding=mapping.encoding, newline="")


def _from_csv(file: TextIO, mapping: FieldMapping) -> tuple[tuple[str, ...], Iterator[Row]]:
    reader = csv.reader(file, delimiter=mapping.delimiter, strict=True)
    header = tuple(name.strip() for name in next(reader, []))
    return header, (_csv_row(header, cells) for cells in reader if cells)


#: Key under which a row that has more cells than the header says so.
SURPLUS = "\0surplus"


def _csv_row(header: tuple[str, ...], cells: list[str]) -> Row:
    """A short row lacks its last cells; a long one would lose some, so their number is kept."""
    row: dict[str, object] = dict(zip(header, cells, strict=False))
    if len(cells) > len(header):
        row[SURPLUS] = len(cells) - len(header)
    return row


def _from_json_lines(file: TextIO) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The first line names the columns; a line that is no object is a row without cells."""
    first = next(file, "")
    header = tuple(_json_row(first))
    return header, (_json_row(line) for line in chain((first,), file) if line.strip())


def _json_row(line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return cast("dict[str, object]", row) if isinstance(row, dict) else {}


def _from_excel(path: Path, mapping: FieldMapping) -> tuple[tuple[str, ...], Iterator[Row]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    name = mapping.sheet or book.sheetnames[0]
    if name not in book.sheetnames:
        names = ", ".join(book.sheetnames)
        raise _refused(
            "import.no_sheet",
            Text(f"没有工作表“{name}”", f"there is no sheet `{name}`"),
            Text(f"有：{names}", f"there are: {names}"),
        )
    cells = book[name].iter_rows(values_only=True)
    header = tuple(str(cell).strip() for cell in next(cells, ()) if cell is not None)
    rows = (
        dict(zip(header, row, strict=False)) for row in cells if any(c is not None for c in row)
    )
    return header, rows


def _from_parquet(file: pq.ParquetFile) -> Iterator[Row]:
    for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
        yield from batch.to_pylist()


def _refused(code: str, message: Text, cure: Text | None = None) -> BadInput:
    return BadInput(Finding(code=code, field="file", message=message, cure=cure))
