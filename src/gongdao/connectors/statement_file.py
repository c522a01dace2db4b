"""Statement files (对账单文件): the lines of a statement as CSV, Excel or Parquet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Literal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from gongdao.app.queries.statement import DayStatement

Format = Literal["csv", "xlsx", "parquet"]
COLUMNS = ("at", "shop_id", "order_id", "case_id", "seq", "account", "amount_fen", "purpose")
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def statement_file(statement: DayStatement, as_format: Format) -> bytes:
    """Return the statement's lines as a file; instants are ISO 8601 text, amounts fen."""
    rows = [
        (
            line.at.isoformat(),
            statement.shop_id,
            line.order_id,
            line.case_id,
            line.seq,
            line.account,
            line.amount_fen,
            line.purpose,
        )
        for line in statement.lines
    ]
    if as_format == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    made = io.BytesIO()
    if as_format == "parquet":
        kinds = [pa.int64() if n in {"seq", "amount_fen"} else pa.string() for n in COLUMNS]
        columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
        arrays = [pa.array(list(c), k) for c, k in zip(columns, kinds, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, names=list(COLUMNS)), made)
        return made.getvalue()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(statement.day.isoformat())
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    book.save(made)
    return made.getvalue()
