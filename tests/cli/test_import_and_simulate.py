from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongdao.cli import demo, import_, simulate
from tests.connectors.olist_files import item_row, order_row, write_olist
from tests.connectors.test_mapping import GOOD

pytestmark = pytest.mark.usefixtures("db")
ROW = "A1,小雨,在线,2024-01-03 10:00:00,12.50\n"


def _run(app: object, *words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])  # type: ignore[arg-type]
    return result.exit_code, result.output


@pytest.fixture
def olist(tmp_path: Path) -> Path:
    late = order_row(2, order_delivered_customer_date=datetime(2018, 1, 30, 9))  # noqa: DTZ001
    lost = order_row(3, order_status="unavailable", order_delivered_customer_date=None)
    return write_olist(tmp_path / "olist", [order_row(1), late, lost], [item_row(1), item_row(2)])


def test_import_then_simulate_then_the_ledger_is_in_balance(olist: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    code, said = _run(import_.app, "olist", olist, "--errors", errors, "--json")
    assert (code, json.loads(said)) == (
        0,
        {
            "rows": 3,
            "taken": 2,
            "resumed_at": 0,
            "findings": {"olist.no_items": 1},
            "report": str(errors),
        },
    )
    assert json.loads(errors.read_text(encoding="utf-8"))["row"] == 3
    code, said = _run(simulate.app, "olist", "--platform", "kuaishou", "--json")
    found = json.loads(said)
    assert code == 0
    assert found["by_group"] == {"delivered_late": {"refunded": 1}}
    assert (found["orders"], found["cases"], found["open"], found["ledger_sum_fen"]) == (2, 1, 0, 0)
    assert found["moved_fen"] == {"buyer": 21687, "merchant": -21687, "payable": 0}
    code, said = _run(simulate.app, "olist", "--platform", "kuaishou")
    assert code == 0
    assert "已模拟完毕" in said
    assert "216.87" in said


def test_simulating_nothing_says_what_to_do_first() -> None:
    code, said = _run(simulate.app, "olist", "--json")
    [finding] = json.loads(said)
    assert (code, finding["code"]) == (2, "simulation.no_orders")
    assert "gongdao import olist" in finding["cure"]["en"]


def test_an_unknown_platform_is_refused(olist: Path) -> None:
    code, said = _run(import_.app, "olist", olist, "--platform", "nowhere", "--json")
    assert (code, json.loads(said)[0]["code"]) == (2, "rules.no_such_platform")


def test_a_marketplace_keeps_its_platform(olist: Path) -> None:
    assert _run(import_.app, "olist", olist)[0] == 0
    code, said = _run(import_.app, "olist", olist, "--platform", "douyin", "--json")
    assert (code, json.loads(said)[0]["code"]) == (2, "marketplace.other_platform")


def test_any_export_by_a_mapping(tmp_path: Path) -> None:
    mapping, table = tmp_path / "map.yaml", tmp_path / "orders.csv"
    mapping.write_text(GOOD, encoding="utf-8")
    table.write_text("单号,买家,支付,下单,金额\n" + ROW + "B2,,,,\n", encoding="utf-8")
    report = tmp_path / "errors.csv"
    code, said = _run(
        import_.app, "orders", table, "--mapping", mapping, "--errors", report, "--json"
    )
    found = json.loads(said)
    assert (code, found["rows"], found["taken"]) == (0, 2, 1)
    assert found["findings"] == {"import.empty_cell": 4}
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 5


def test_a_bad_mapping_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("mapping: x\n", encoding="utf-8")
    code, said = _run(import_.app, "orders", tmp_path / "none.csv", "--mapping", mapping, "--json")
    assert (code, json.loads(said)[0]["code"]) == (2, "mapping.bad_form")


def test_the_demo_is_made_verified_and_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGDAO_DEMO", "1")
    for _ in range(2):
        code, said = _run(demo.app, "--no-serve")
        assert code == 0
        assert "ledger sum 0 分" in said
        assert "全部一致" in said
        assert "不支持 · dismissed" in said
