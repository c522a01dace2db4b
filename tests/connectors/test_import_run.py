from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.import_batch import ImportTarget, take_orders
from gongdao.app.queries.verify import verify
from gongdao.connectors.batch import Batch
from gongdao.connectors.error_report import write_error_report
from gongdao.connectors.import_run import ImportReport, run_import
from gongdao.connectors.olist import Destination, read_olist
from gongdao.core.kernel.findings import Conflict
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import MarketplaceRow
from gongdao.store.postgres import Address
from gongdao.store.tally import gains, orders_of
from tests.connectors.olist_files import item_row, order_row, write_olist

MARKET = "olist"
TO = Destination(marketplace_id=MARKET, platform="kuaishou")
TARGET = ImportTarget(marketplace_id=MARKET, source="olist:test")
ORDERS = 40
CHILD = """
import sys, time
from pathlib import Path
from gongdao.store import schema
schema.boot()
from tests.connectors.test_import_run import TARGET, TO
from gongdao.app.import_batch import take_orders
from gongdao.connectors.import_run import run_import
from gongdao.connectors.olist import read_olist

def said(progress):
    print(progress.position, flush=True)
    if progress.position >= 10:
        time.sleep(60)

run_import(TARGET, lambda skip: read_olist(Path(sys.argv[1]), TO, skip_rows=skip, batch_rows=5),
           take=take_orders, batch_done=said)
"""


@pytest.fixture
def orders(db: Address, tmp_path: Path) -> Path:
    found_marketplace(MarketplaceRow(id=MARKET, platform="kuaishou", title=Text("奥", "O")))
    rows = [order_row(n) for n in range(ORDERS)]
    items = [item_row(n) for n in range(ORDERS) if n % 10 != 3]
    return write_olist(tmp_path / "olist", rows, items)


def _read(folder: Path, skip: int) -> Iterator[Batch]:
    return read_olist(folder, TO, skip_rows=skip, batch_rows=5)


def _run(folder: Path, **options: bool) -> ImportReport:
    return run_import(TARGET, lambda skip: _read(folder, skip), take=take_orders, **options)


def _check_whole(report: ImportReport) -> None:
    """Every order once, every bad row once, the ledger in balance."""
    assert report.progress.finished
    assert (report.progress.position, report.progress.taken) == (ORDERS, 36)
    assert [(e.row, e.code) for e in report.errors] == [
        (row, "olist.no_items") for row in (4, 14, 24, 34)
    ]
    with transaction() as on:
        assert len({o.order_id for o in orders_of(on, MARKET)}) == 36
        money = {g.account: g.amount_fen for g in gains(on, MARKET)}
    assert money == {"buyer": -36 * 21687, "merchant": 36 * 21687}
    assert verify().problems == ()


def test_an_import_takes_every_row_and_again_does_nothing_twice(orders: Path) -> None:
    first = _run(orders)
    assert first.resumed_at == 0
    _check_whole(first)
    assert _run(orders).resumed_at == ORDERS
    _check_whole(_run(orders))
    again = _run(orders, again=True)
    assert again.resumed_at == 0
    _check_whole(again)


@pytest.mark.chaos
def test_an_import_killed_in_the_middle_goes_on_where_it_was(orders: Path, db: Address) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(orders)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DATABASE_URL": db.url},
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    seen = [int(child.stdout.readline()) for _ in range(3)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert seen == [0, 5, 10]
    report = _run(orders)
    assert report.resumed_at == 10
    _check_whole(report)


def test_a_batch_that_fails_leaves_nothing_of_it(orders: Path) -> None:
    def broken(skip: int) -> Iterator[Batch]:
        for number, batch in enumerate(_read(orders, skip)):
            if number == 2:
                raise OSError("the disk is gone")
            yield batch

    with pytest.raises(OSError, match="disk"):
        run_import(TARGET, broken, take=take_orders)
    report = _run(orders)
    assert report.resumed_at == 10
    _check_whole(report)


def test_a_second_importer_of_the_same_file_gives_way(orders: Path) -> None:
    def overtaken(skip: int) -> Iterator[Batch]:
        first, *rest = _read(orders, skip)
        run_import(TARGET, lambda _skip: iter([first]), take=take_orders)
        # Another reader, with other batches, has come this far meanwhile.
        yield from (
            Batch(items=b.items, findings=b.findings, rows_done=b.rows_done - 1) for b in rest
        )

    with pytest.raises(Conflict) as refused:
        run_import(TARGET, overtaken, take=take_orders)
    assert refused.value.code == "import.running_elsewhere"


def test_an_order_that_the_marketplace_cannot_take_is_an_error_of_its_row(
    orders: Path, tmp_path: Path
) -> None:
    _run(orders)
    changed = [order_row(n) for n in range(2)]
    items = [item_row(0, price=5.0), item_row(1)]
    folder = write_olist(tmp_path / "changed", changed, items)
    other = ImportTarget(marketplace_id=MARKET, source="olist:changed")
    report = run_import(other, lambda skip: _read(folder, skip), take=take_orders)
    assert report.progress.taken == 1
    assert [(e.row, e.code) for e in report.errors] == [(1, "order.amount_changed")]


def test_the_report_is_a_file_for_people_or_programs(orders: Path, tmp_path: Path) -> None:
    report = _run(orders)
    table, lines = tmp_path / "deep" / "errors.csv", tmp_path / "errors.jsonl"
    write_error_report(table, report.errors)
    write_error_report(lines, report.errors)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["4", "14", "24", "34"]
    records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert records[0]["code"] == "olist.no_items"
    assert records[0]["message_zh"] == rows[0]["message_zh"]
    assert "order0003" in records[0]["message_zh"]
