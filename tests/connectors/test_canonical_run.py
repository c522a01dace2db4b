"""Canonical files of every subject: killed in the middle and run again, each record stands once."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gongdao.connectors.canonical import Subject, import_canonical, open_canonical
from gongdao.core.kernel.findings import BadInput
from gongdao.store.postgres import Address
from tests.app.world import MARKET, SHOP, everything_holds, rows, with_orders

ROWS = 2500  # three batches
#: Takes the second batch, then dies before its transaction ends.
CHILD = """
import os, signal, sys
from pathlib import Path
from gongdao.store import schema
schema.boot()
from dataclasses import replace
from gongdao.connectors.canonical import import_canonical, open_canonical
from tests.app.world import MARKET

file = open_canonical(sys.argv[1], Path(sys.argv[2]), MARKET, "kuaishou")
batches = 0

def take(target, items):
    global batches
    batches += 1
    found = file.take(target, items)
    if batches == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

import_canonical(replace(file, take=take), MARKET)
"""


def row_of(subject: str, n: int) -> dict[str, object]:
    bad = n % 500 == 7
    if subject == "orders":
        return {"order_id": f"n{n}", "shop_id": SHOP, "buyer_id": "b1", "payment": "online",
                "placed_at": "2024-02-01 10:00:00", "paid_at": "2024-02-01 10:01:00",
                "line_paid_fen": "x" if bad else 100}  # fmt: skip
    if subject == "parcels":
        return {"shop_id": SHOP, "order_id": f"o{n % 20 + 1}", "tracking_number": f"T{n}",
                "event": "flown" if bad else "shipped", "at": "2024-02-26 10:00:00"}  # fmt: skip
    if subject == "requests":
        return {"request_id": f"r{n}", "shop_id": SHOP, "order_id": f"o{n % 20 + 1}",
                "claim": "refund_only", "reason": "none" if bad else "quality",
                "asked_at": "2024-03-01 10:00:00", "requested_fen": 1}  # fmt: skip
    return {"shop_id": SHOP, "message_id": f"m{n}", "session_id": f"s{n % 7}", "buyer_id": "b1",
            "direction": "cat" if bad else "buyer", "at": "2024-02-26 10:00:00",
            "text": f"第 {n} 条"}  # fmt: skip


def a_file(folder: Path, subject: str) -> Path:
    path = folder / f"{subject}.csv"
    told = [row_of(subject, n) for n in range(ROWS)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, told[0])
        writer.writeheader()
        writer.writerows(told)
    return path


def kept() -> dict[str, object]:
    """Return what the marketplace holds, but not when it was written."""
    return {
        "orders": rows("SELECT order_id, paid_fen, convert_from(snapshot, 'UTF8') FROM orders ORDER BY 1"),
        "cases": rows("SELECT id, order_id, requested_fen, stage FROM cases ORDER BY 1"),
        "events": rows("SELECT case_id, seq, kind, at FROM event ORDER BY 1, 2"),
        "messages": rows("SELECT message_id, session_id, at, text <> '' FROM message ORDER BY 1"),
        "errors": rows("SELECT row, code, field FROM import_row_error ORDER BY 1"),
        "progress": rows("SELECT source, position, orders, errors, finished_at IS NOT NULL FROM import_progress"),
    }  # fmt: skip


@pytest.mark.chaos
@pytest.mark.parametrize("subject", ["orders", "parcels", "requests", "messages"])
def test_killed_and_run_again(db: Address, subject: Subject, tmp_path: Path) -> None:
    from gongdao.store.connection import release
    from tests.throwaway import empty

    path = a_file(tmp_path, subject)
    with_orders(20)
    whole = import_canonical(open_canonical(subject, path, MARKET, "kuaishou"), MARKET)
    assert (whole.progress.position, whole.resumed_at) == (ROWS, 0)
    assert whole.progress.errors == 5 if subject != "requests" else whole.progress.errors >= 5
    expected = kept()
    release()
    empty(db)
    with_orders(20)
    child = subprocess.run(
        [sys.executable, "-c", CHILD, subject, str(path)],
        env=os.environ | {"DATABASE_URL": db.url},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    assert rows("SELECT position, finished_at FROM import_progress") == [(1000, None)]
    again = import_canonical(open_canonical(subject, path, MARKET, "kuaishou"), MARKET)
    assert again.resumed_at == 1000
    assert kept() == expected
    assert rows("SELECT result, rows FROM audit_log WHERE rows IS NOT NULL") == [("done", ROWS)]
    everything_holds()


@pytest.mark.usefixtures("db")
def test_a_file_that_lacks_a_column_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    with_orders(1)
    path = tmp_path / "m.csv"
    path.write_text("shop_id,message_id,session_id,text\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        open_canonical("messages", path, MARKET, "kuaishou")
    assert {(f.code, f.field) for f in refused.value.findings} == {
        ("import.missing_column", name) for name in ("at", "buyer_id", "direction")
    }
