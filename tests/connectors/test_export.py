"""A day as Parquet: whole or not at all, the same again, nobody named, and read by DuckDB."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from gongdao.app.act import act
from gongdao.app.export import rows as export_rows
from gongdao.app.export.rows import Dataset
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.intake_orders import intake
from gongdao.connectors import export_files
from gongdao.connectors.export_files import (
    export_day,
    exported_days,
    outdated_days,
    part_path,
    read_manifest,
)
from gongdao.connectors.nightly_export import catch_up, folder_of
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Claim
from gongdao.store import config
from gongdao.store.export import nightly_lock
from gongdao.worker.nightly import export_night
from tests.app.world import (
    BUYER,
    DAY,
    MARKET,
    MERCHANT,
    SHOP,
    T0,
    an_order,
    opened,
    rows,
    with_orders,
)

pytestmark = pytest.mark.usefixtures("db")
FIRST = date(2024, 3, 1)  # T0 is 10:00 of it, Beijing time
SAID = "请退款，电话 13812345678，收货人张三"
PLACED = T0 - 5 * DAY


def two_days() -> str:
    """Three orders; two cases of the first day, of which one goes on the next day."""
    with_orders(3, attributes={"receiver_name": "张三丰", "fresh": True}, region="上海")
    first = opened(1, description=SAID)
    opened(2, claim=Claim.RETURN_REFUND)
    act(MERCHANT, first.id, action="agree", key="k", now=T0 + DAY)
    return first.id


def read(folder: Path, dataset: str, where: str = "true") -> list[dict[str, Any]]:
    found = duckdb.sql(
        f"SELECT * FROM read_parquet('{folder}/{dataset}/*/*.parquet', hive_partitioning = true)"
        f" WHERE {where}"
    )
    return found.to_arrow_table().to_pylist()


def test_a_day_is_read_with_its_partition(tmp_path: Path) -> None:
    case_id = two_days()
    first, second = export_day(tmp_path, FIRST), export_day(tmp_path, FIRST + DAY)
    placed = export_day(tmp_path, PLACED.date())
    counts = [{n: p.rows for n, p in m.datasets.items()} for m in (first, second, placed)]
    assert [(c["cases"], c["orders"]) for c in counts] == [(2, 0), (1, 0), (0, 3)]
    assert sum(c["events"] for c in counts) == rows("SELECT count(*) FROM event")[0][0]
    stages = {
        (r["day"].isoformat(), r["order_id"]): (r["version"], r["stage"], r["money"])
        for r in read(tmp_path, "cases")
    }
    assert stages["2024-03-01", "o1"] == (1, "awaiting_merchant", "none")
    assert stages["2024-03-02", "o1"][2] == "granted"
    assert read(tmp_path, "events", f"case_id = '{case_id}'")[0]["kind"] == "opened"
    (clock,) = read(tmp_path, "deadlines", f"case_id = '{case_id}' AND day = '2024-03-01'")
    assert (clock["action"], clock["track"]) == ("agree", "after_sale")
    assert clock["due_at"] == T0 + 2 * DAY
    assert clock["cite"]
    ledger = read(tmp_path, "ledger")
    assert sum(r["amount_fen"] for r in ledger) == 0
    assert len(ledger) == rows("SELECT count(*) FROM posting")[0][0]
    order = read(tmp_path, "orders", "order_id = 'o1'")[0]
    assert (order["paid_fen"], order["refunded_fen"], order["region"]) == (14001, 14001, "上海")
    assert order["lines"][0] == {
        "line_id": "1", "title": "杯子", "quantity": 2, "paid_fen": 9000, "gift": False,
    }  # fmt: skip
    assert json.loads(order["attributes"]) == {"fresh": True}
    refunds = duckdb.sql(
        f"""SELECT sum(l.amount_fen)::bigint FROM
        read_parquet('{tmp_path}/ledger/*/*.parquet') AS l
        INNER JOIN read_parquet('{tmp_path}/cases/*/*.parquet', hive_partitioning = true) AS c
        ON l.case_id = c.case_id AND c.day = '2024-03-02' WHERE l.account = 'payable'"""
    ).fetchall()
    assert refunds == [(14001,)]


def test_nobody_is_named(tmp_path: Path) -> None:
    two_days()
    for day in (FIRST, FIRST + DAY, PLACED.date()):
        export_day(tmp_path, day)
    told = str([read(tmp_path, dataset) for dataset in Dataset])
    for secret in ("13812345678", "张三", "b1'", '"b1"', "SF1", "sealed", "请退款"):
        assert secret not in told
    buyers = {r["buyer"] for d in ("cases", "orders") for r in read(tmp_path, d)}
    assert buyers == {export_rows.pseudonym(MARKET, "b1")}
    assert len(buyers.pop()) == 32


def test_another_run_replaces_the_day_with_the_same(tmp_path: Path) -> None:
    two_days()
    first = export_day(tmp_path, FIRST)
    again = export_day(tmp_path, FIRST)
    assert first.datasets == again.datasets
    for dataset in Dataset:
        content = part_path(tmp_path, dataset, FIRST).read_bytes()
        part = first.datasets[dataset]
        assert hashlib.sha256(content).hexdigest() == part.sha256
        assert (len(content), pq.read_metadata(part_path(tmp_path, dataset, FIRST)).num_rows) == (
            part.bytes, part.rows,
        )  # fmt: skip
    assert exported_days(tmp_path) == [FIRST]
    assert [f.name for f in tmp_path.rglob("*") if f.is_file() and f.suffix == ".tmp"] == []
    log = rows("SELECT user_id, verb, key, rows FROM audit_log WHERE verb = 'see_exports'")
    assert log == [("command-line", "see_exports", "*/day=2024-03-01", first.rows)] * 2


def test_a_run_that_breaks_leaves_the_day_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_days()
    before = export_day(tmp_path, FIRST)
    content = part_path(tmp_path, Dataset.CASES, FIRST).read_bytes()
    real = export_files.day_rows

    def broken(on: Any, dataset: Dataset, *rest: Any) -> Iterator[list[dict[str, Any]]]:
        yield from real(on, dataset, *rest)
        if dataset is Dataset.CASES:
            raise OSError("the disk is full")

    opened(3)
    left = part_path(tmp_path, Dataset.CASES, FIRST).parent / ".left.tmp"
    left.write_text("of a run that was killed")
    monkeypatch.setattr(export_files, "day_rows", broken)
    with pytest.raises(OSError, match="full"):
        export_day(tmp_path, FIRST)
    assert read_manifest(tmp_path, FIRST) == before
    assert part_path(tmp_path, Dataset.CASES, FIRST).read_bytes() == content
    assert not left.exists()
    assert outdated_days(tmp_path, FIRST, FIRST) == [FIRST]
    monkeypatch.undo()
    assert export_day(tmp_path, FIRST).datasets["cases"].rows == 3
    assert outdated_days(tmp_path, FIRST, FIRST) == []


def test_days_that_were_missed_or_grew_are_caught_up(tmp_path: Path) -> None:
    two_days()
    today = FIRST + 3 * DAY
    done = [m.day for m in catch_up(tmp_path, today)]
    assert done == [PLACED.date() + n * DAY for n in range(8)], "empty days in between too"
    folder = folder_of(tmp_path, MARKET)
    assert read(folder, "cases", "day = '2024-02-27'") == []
    assert list(catch_up(tmp_path, today)) == []
    fire_due(now=T0 + 9 * DAY)  # late by nobody's fault: it counts on the day it was due
    intake(MARKET, [an_order(3, succeeded_at=T0)])
    assert [m.day for m in catch_up(tmp_path, today)] == [PLACED.date(), FIRST + 2 * DAY]
    part_path(folder, Dataset.LEDGER, FIRST).unlink()
    export_files.manifest_path(folder, FIRST).unlink()
    assert [m.day for m in catch_up(tmp_path, today)] == [FIRST]
    assert list(catch_up(tmp_path, FIRST - 40 * DAY)) == []


def test_marketplaces_are_kept_apart(tmp_path: Path) -> None:
    two_days()
    assert export_day(tmp_path / "a", FIRST, marketplace_id=MARKET).datasets["cases"].rows == 2
    assert export_day(tmp_path / "b", FIRST, marketplace_id="m2").rows == 0
    assert pq.read_schema(part_path(tmp_path / "b", Dataset.CASES, FIRST)).names[0] == (
        "marketplace_id"
    )
    assert folder_of(tmp_path, "../m/2").parent == tmp_path


def test_the_worker_exports_at_night_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_days()
    settings = config.current()
    night = datetime(2024, 3, 2, 0, 20, tzinfo=BEIJING)
    stopping = Event()
    assert export_night(night, None, stopping) is None, "no folder is configured"
    configured = config.Settings(
        **{**{f: getattr(settings, f) for f in settings.__dataclass_fields__}, "export": tmp_path}
    )
    for module in ("gongdao.worker.nightly", "gongdao.app.export.rows"):
        monkeypatch.setattr(f"{module}.current", lambda: configured)
    assert export_night(night.replace(minute=19), None, stopping) is None
    assert export_night(night, None, stopping) == date(2024, 3, 2)
    folder = folder_of(tmp_path, MARKET)
    assert exported_days(folder)[0] == FIRST
    written = part_path(folder, Dataset.CASES, FIRST).stat().st_mtime_ns
    assert export_night(night, date(2024, 3, 2), stopping) == date(2024, 3, 2)
    assert export_night(night, None, stopping) == date(2024, 3, 2)
    assert part_path(folder, Dataset.CASES, FIRST).stat().st_mtime_ns == written
    stopping.set()
    assert export_night(night + DAY, None, stopping) is None


def test_one_worker_does_the_night(db: Any) -> None:
    import psycopg

    with psycopg.connect(db.dsn) as other, nightly_lock() as mine:
        assert mine
        (theirs,) = other.execute("SELECT pg_try_advisory_lock(7104020)").fetchone() or (None,)
        assert theirs is False
    with nightly_lock() as again:
        assert again


def test_a_buyer_is_unnamed_in_every_event(tmp_path: Path) -> None:
    two_days()
    export_day(tmp_path, FIRST)
    bodies = [json.loads(r["body"]) for r in read(tmp_path, "events", "kind = 'opened'")]
    called = export_rows.pseudonym(MARKET, "b1")
    assert {b["order"]["buyer_id"] for b in bodies} == {called}
    assert all("tracking_number" not in b["order"] for b in bodies)
    assert {b["order"]["shop_id"] for b in bodies} == {SHOP}
    assert BUYER.user_id in str(bodies), "who acted stays, under the account's own number"
