"""Exports by the API: listed and downloaded by those who may, of their own marketplace."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gongdao.connectors.export_files import export_day
from gongdao.connectors.nightly_export import folder_of
from gongdao.store.config import Settings, current
from tests.app.world import MARKET, rows
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
DAY = date(2024, 3, 1)


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    settings = current()
    given = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    configured = Settings(**(given | {"export": tmp_path}))
    monkeypatch.setattr("gongdao.web.export_shelf.current", lambda: configured)
    case_id = opened(Program("buyer"))
    export_day(folder_of(tmp_path, MARKET), DAY, marketplace_id=MARKET)
    return case_id


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_a_day_is_listed_and_downloaded(exported: str, who: str) -> None:
    program = Program(who)
    (day,) = program.get(f"/exports/{MARKET}").body["items"]
    assert day["day"] == "2024-03-01"
    counts = {part["dataset"]: part["rows"] for part in day["parts"]}
    assert counts == {"cases": 1, "deadlines": 1, "events": 1, "ledger": 0, "orders": 0}
    got = program.get(f"/exports/{MARKET}/2024-03-01/cases")
    part = next(p for p in day["parts"] if p["dataset"] == "cases")
    assert hashlib.sha256(got.body).hexdigest() == part["sha256"]
    assert (len(got.body), got.headers["ETag"]) == (part["bytes"], f'"{part["sha256"]}"')
    assert pq.read_table(io.BytesIO(got.body)).column("case_id").to_pylist() == [exported]
    assert program.get(f"/exports/{MARKET}", since="2024-03-02").body["items"] == []
    assert len(program.get(f"/exports/{MARKET}", until="2024-03-01").body["items"]) == 1
    log = rows("SELECT role, key, rows FROM audit_log WHERE verb = 'see_exports' AND user_id <> %s",
               "command-line")  # fmt: skip
    assert log == [(who, f"{MARKET}/cases/day=2024-03-01", 1)]


def test_exports_of_others_do_not_exist(exported: str) -> None:
    for path in (f"/exports/{MARKET}", f"/exports/{MARKET}/2024-03-01/cases"):
        assert Program("foreign-operator").get(path).status == 404
        for who in ("buyer", "merchant", "arbitrator"):
            assert Program(who).get(path).code == "permission.role"
    operator = Program("operator")
    assert operator.get(f"/exports/{MARKET}/2024-03-02/cases").code == "not_visible"
    assert operator.get(f"/exports/{MARKET}/2024-03-01/people").status == 422
    assert operator.get("/exports/..%2F..%2Fetc/2024-03-01/cases").status == 404


def test_without_a_folder_the_cure_is_told() -> None:
    got = Program("operator").get(f"/exports/{MARKET}")
    assert (got.status, got.code) == (409, "export.not_configured")
    assert "GONGDAO_EXPORT" in got.body["cure"]
