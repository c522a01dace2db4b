# ruff: noqa: DTZ001  the files hold local times without an offset
from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.connectors.batch import Batch
from gongdao.connectors.olist import Destination, count_orders, end_of_day, fen, instant, read_olist
from gongdao.core.kernel.findings import BadInput
from tests.connectors.olist_files import REAL, item_row, needs_real_data, order_row, write_olist

TO = Destination(marketplace_id="m", platform="kuaishou")


def _read(folder: Path, **options: int) -> list[Batch]:
    return list(read_olist(folder, TO, **options))


def test_an_order_is_read_with_exact_amounts_and_instants(tmp_path: Path) -> None:
    review = {
        "order_id": "order0001",
        "review_score": 2,
        "review_answer_timestamp": datetime(2018, 1, 16, 12),
    }
    write_olist(tmp_path, [order_row(1)], [item_row(1)], [review])
    [batch] = _read(tmp_path)
    [read] = batch.items
    order = read.value
    assert read.row == 1
    assert batch.findings == ()
    assert order.shop_id == "m:seller-a"
    assert order.buyer_id == "person-0001"
    assert (order.goods_fen, order.freight_fen, order.paid_fen) == (19900, 1787, 21687)
    # São Paulo keeps summer time in January 2018: two hours behind UTC.
    assert order.placed_at == datetime(2018, 1, 10, 11, tzinfo=UTC)
    assert order.promised_ship_at == datetime(2018, 1, 13, 16, 48, 30, tzinfo=UTC)
    assert order.promised_delivery_at == datetime(2018, 1, 21, 1, 59, 59, tzinfo=UTC)
    assert order.lines[0].title == "iluminacao"
    assert order.attributes == {
        "record_status": "delivered",
        "record_payment_types": "boleto",
        "review_score": 2,
        "review_answered_at": "2018-01-16T14:00:00+00:00",
    }


def test_times_of_winter_are_three_hours_behind() -> None:
    assert instant(datetime(2018, 6, 12, 20, 7, 44)) == datetime(2018, 6, 12, 23, 7, 44, tzinfo=UTC)


def test_the_whole_estimated_day_is_in_time() -> None:
    assert end_of_day(datetime(2018, 7, 17)) == datetime(2018, 7, 18, 2, 59, 59, tzinfo=UTC)


@given(st.integers(0, 10_000_000))
def test_cents_survive_being_floats(cents: int) -> None:
    assert fen(cents / 100) == cents


def test_one_order_for_each_seller_and_equal_items_are_one_line(tmp_path: Path) -> None:
    items = [
        item_row(1, 1),
        item_row(1, 2),
        item_row(1, 3, price=5.0),
        item_row(1, 4, seller_id="seller-b", price=1.0, freight_value=0.0),
    ]
    write_olist(tmp_path, [order_row(1)], items)
    [batch] = _read(tmp_path)
    a, b = (read.value for read in batch.items)
    assert (a.order_id, b.order_id) == ("order0001.1", "order0001.2")
    assert [(li.quantity, li.paid_fen) for li in a.lines] == [(2, 39800), (1, 500)]
    assert (a.freight_fen, b.freight_fen, b.paid_fen) == (3 * 1787, 0, 100)


def test_an_order_without_items_is_a_finding_of_its_row(tmp_path: Path) -> None:
    write_olist(tmp_path, [order_row(1), order_row(2, order_status="unavailable")], [item_row(1)])
    [batch] = _read(tmp_path)
    assert [read.value.order_id for read in batch.items] == ["order0001"]
    [found] = batch.findings
    assert (found.row, found.finding.code) == (2, "olist.no_items")


def test_a_payment_that_differs_is_told_and_the_order_taken(tmp_path: Path) -> None:
    payments = [{"order_id": "order0001", "payment_type": "credit_card", "payment_value": 220.0}]
    write_olist(tmp_path, [order_row(1)], [item_row(1)], payments=payments)
    [batch] = _read(tmp_path)
    assert len(batch.items) == 1
    [found] = batch.findings
    assert (found.finding.code, found.finding.severity) == ("olist.payment_differs", "warning")
    assert "22000" in found.finding.message.zh
    assert "21687" in found.finding.message.zh


@pytest.mark.parametrize("skip", range(8))
def test_reading_goes_on_after_any_row(tmp_path: Path, skip: int) -> None:
    write_olist(tmp_path, [order_row(n) for n in range(7)], [item_row(n) for n in range(7)])
    whole = [read for batch in _read(tmp_path, batch_rows=3) for read in batch.items]
    rest = [read for batch in _read(tmp_path, batch_rows=3, skip_rows=skip) for read in batch.items]
    assert rest == whole[skip:]


def test_a_folder_that_is_none_names_every_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        count_orders(tmp_path)
    assert {f.code for f in refused.value.findings} == {"olist.not_found"}
    assert len(refused.value.findings) == 6


@needs_real_data
def test_the_real_orders() -> None:
    batches = _read(REAL / "olist")
    codes = Counter(found.finding.code for batch in batches for found in batch.findings)
    assert sum(len(batch.items) for batch in batches) == 9984
    assert batches[-1].rows_done == 9972
    assert codes == {"olist.no_items": 75, "olist.payment_differs": 58}
