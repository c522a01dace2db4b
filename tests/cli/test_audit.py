"""`gongdao audit verify`: says what it examined; exit 1 when something does not hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from gongdao.app.fire_deadlines import fire_due
from gongdao.app.open_many import open_many
from gongdao.store.connection import transaction
from gongdao.store.postgres import Address
from tests.app.test_many import openings
from tests.app.world import DAY, MARKET, T0, with_orders


def audit(database: Address, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongdao", "audit", "verify", *arguments],
        env=os.environ | {"DATABASE_URL": database.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_holds_and_what_does_not(db: Address) -> None:
    with_orders(4)
    open_many(openings(4))
    fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET)
    good = audit(db)
    assert good.returncode == 0, good.stderr
    assert "everything holds" in good.stdout
    found = json.loads(audit(db, "--json").stdout)
    assert (found["cases"], found["ledger_sum_fen"], found["problems"]) == (4, 0, [])
    with transaction() as on:
        on.execute("UPDATE cases SET stage = 'elsewhere' WHERE order_id = 'o3'")
    bad = audit(db, "--json")
    assert bad.returncode == 1
    (problem,) = json.loads(bad.stdout)["problems"]
    assert (problem["code"], problem["detail"]) == ("replay.differs", "stage")
