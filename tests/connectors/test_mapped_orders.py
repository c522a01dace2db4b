# ruff: noqa: DTZ001  the files hold local times without an offset
from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongdao.connectors.batch import Batch
from gongdao.connectors.mapped_orders import read_mapped, read_mapped_file
from gongdao.connectors.mapping import SHIPPED, Mapping, read_mapping
from gongdao.connectors.tabular import check_columns
from gongdao.core.kernel.findings import BadInput
from tests.connectors.olist_files import REAL, needs_real_data
from tests.connectors.test_mapping import GOOD

HEADER = "单号,买家,支付,下单,金额\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    return _mapping(tmp_path, GOOD)


def _mapping(folder: Path, text: str) -> Mapping:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def _read(path: Path, mapping: Mapping) -> Batch:
    [batch] = read_mapped_file(path, mapping, "m")
    return batch


def _csv(folder: Path, text: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def test_a_row_becomes_an_order(tmp_path: Path, mapping: Mapping) -> None:
    batch = _read(_csv(tmp_path, "A1,小雨,货到付款,2024-01-03 10:00:00,12.50\n"), mapping)
    [read] = batch.items
    assert read.row == 1
    assert read.value.shop_id == "m:s1"
    assert read.value.payment == "cod"
    assert read.value.platform == "douyin"
    assert read.value.placed_at == datetime(2024, 1, 3, 2, tzinfo=UTC)
    assert read.value.paid_fen == 1250


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (",小雨,在线,2024-01-03 10:00:00,1", "import.empty_cell", "单号"),
        ("A1,小雨,在线,03/01/2024,1", "import.bad_cell", "下单"),
        ("A1,小雨,在线,2024-01-03 10:00:00,1.005", "money.not_an_amount", "金额"),
        ("A1,小雨,在线,2024-01-03 10:00:00,-1", "import.bad_cell", "金额"),
        ("A1,小雨,支票,2024-01-03 10:00:00,1", "import.unknown_word", "支付"),
        ("A1,小雨,在线,2024-01-03 10:00:00,1,2,3", "import.surplus_cells", None),
    ],
)
def test_a_bad_row_is_a_finding_and_the_next_is_read(
    tmp_path: Path, mapping: Mapping, row: str, code: str, field: str | None
) -> None:
    good = "B2,小雨,在线,2024-01-03 10:00:00,1\n"
    batch = _read(_csv(tmp_path, f"{row}\n{good}"), mapping)
    assert [read.value.order_id for read in batch.items] == ["B2"]
    [found] = batch.findings
    assert (found.row, found.finding.code, found.finding.field) == (1, code, field)


def test_every_bad_cell_of_a_row_is_told(tmp_path: Path, mapping: Mapping) -> None:
    batch = _read(_csv(tmp_path, "A1,,在线,gestern,x\n"), mapping)
    assert len(batch.findings) == 3


def test_an_order_that_comes_again_is_a_finding(tmp_path: Path, mapping: Mapping) -> None:
    row = "A1,小雨,在线,2024-01-03 10:00:00,1\n"
    batch = _read(_csv(tmp_path, row + row), mapping)
    assert len(batch.items) == 1
    assert [(f.row, f.finding.code) for f in batch.findings] == [(2, "import.repeated_order")]


def test_consecutive_rows_are_the_lines_of_an_order(tmp_path: Path) -> None:
    text = GOOD.replace("fields:", "rows: lines\nfields:") + "  line_quantity: {column: 件}\n"
    mapping = _mapping(tmp_path, text)
    path = tmp_path / "lines.csv"
    path.write_text(
        "单号,买家,支付,下单,金额,件\n"
        "A1,小雨,在线,2024-01-03 10:00:00,10,2\n"
        "A1,小雨,在线,2024-01-03 10:00:00,5.5,1\n"
        "B2,小雨,在线,2024-01-03 10:00:00,1,0\n"
        "A1,小雨,在线,2024-01-03 10:00:00,1,1\n",
        encoding="utf-8",
    )
    batch = _read(path, mapping)
    [read] = batch.items
    assert [(li.line_id, li.quantity, li.paid_fen) for li in read.value.lines] == [
        ("1", 2, 1000),
        ("2", 1, 550),
    ]
    assert [(f.row, f.finding.code) for f in batch.findings] == [
        (3, "import.bad_cell"),
        (4, "import.repeated_order"),
    ]


@pytest.mark.parametrize("skip", range(6))
def test_reading_goes_on_after_any_row(mapping: Mapping, skip: int) -> None:
    rows = [
        {"单号": f"A{n}", "买家": "小雨", "支付": "在线", "下单": "2024-01-03", "金额": str(n)}
        for n in range(6)
    ]
    whole = [r for b in read_mapped(rows, mapping, "m", batch_rows=2) for r in b.items]
    rest = [
        r for b in read_mapped(rows, mapping, "m", skip_rows=skip, batch_rows=2) for r in b.items
    ]
    assert rest == whole[skip:]


def test_the_same_orders_from_every_kind_of_file(tmp_path: Path, mapping: Mapping) -> None:
    cells = ("A1", "小雨", "在线", "2024-01-03 10:00:00", "12.50")
    text = HEADER + ",".join(cells) + "\n"
    plain = tmp_path / "a.csv"
    plain.write_text(text, encoding="utf-8")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    names = HEADER.strip().split(",")
    table = tmp_path / "a.parquet"
    pq.write_table(pa.table({n: [c] for n, c in zip(names, cells, strict=True)}), table)
    sheet = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(names)
    book.active.append(["A1", "小雨", "在线", datetime(2024, 1, 3, 10), 12.5])
    book.save(sheet)
    orders = [_read(path, mapping).items for path in (plain, packed, table, sheet)]
    assert orders == [orders[0]] * 4
    chinese = tmp_path / "gb.csv"
    chinese.write_bytes(text.encode("gb18030"))
    assert _read(chinese, _mapping(tmp_path, GOOD + "encoding: gb18030\n")).items == orders[0]
    with pytest.raises(BadInput) as refused:
        _read(chinese, _mapping(tmp_path, GOOD))
    assert refused.value.code == "import.unreadable"


def test_columns_are_compared_with_the_mapping(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.csv"
    path.write_text("单号,买家,支付,下单,金额,备注\n", encoding="utf-8")
    assert [(f.code, f.field) for f in check_columns(path, mapping)] == [
        ("import.unread_column", "备注")
    ]
    path.write_text("单号,买家,支付,下单\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        check_columns(path, mapping)
    assert refused.value.findings[0].field == "金额"


@needs_real_data
def test_the_real_tmall_orders() -> None:
    mapping = read_mapping(SHIPPED / "tmall-orders.yaml")
    path = REAL / "tmall" / "tmall_orders.csv.gz"
    assert check_columns(path, mapping) == []
    batches = list(read_mapped_file(path, mapping, "m"))
    orders = [read.value for batch in batches for read in batch.items]
    assert len(orders) == 12358
    assert [found for batch in batches for found in batch.findings] == []
    assert sum(order.paid_at is None for order in orders) == 1744
    assert sum(order.attributes["record_refund_fen"] > 0 for order in orders) == 2560
    for order in orders:
        if order.paid_at is not None:
            net, refund = (
                order.attributes["record_paid_net_fen"],
                order.attributes["record_refund_fen"],
            )
            assert net + refund == order.paid_fen
