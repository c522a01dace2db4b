"""Canonical files by the command line, one after another, and the day's export of what they made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gongdao.cli import import_
from gongdao.cli.export import export
from gongdao.core.kernel.time import parse_instant
from tests.app.world import everything_holds, rows

pytestmark = pytest.mark.usefixtures("db")
ORDERS = """order_id,shop_id,buyer_id,payment,placed_at,paid_at,line_paid_fen,colour
o1,s1,b1,online,2024-03-01 10:00:00,2024-03-01 10:01:00,1999,red
o2,s1,b2,online,2024-03-01 11:00:00,2024-03-01 11:01:00,2001,red
o3,s1,b2,barter,2024-03-01 11:00:00,,1,red
"""
PARCELS = """shop_id,order_id,tracking_number,event,at
s1,o1,T1,shipped,2024-03-02 10:00:00
s1,o1,T1,signed,2024-03-03 10:00:00
s1,o7,T1,signed,2024-03-03 10:00:00
"""
REQUESTS = """request_id,shop_id,order_id,claim,reason,asked_at
r1,s1,o1,return_refund,quality,2024-03-04 10:00:00
"""
MESSAGES = """shop_id,message_id,session_id,buyer_id,direction,at,text
s1,m1,x,b1,buyer,2024-03-04 09:00:00,坏了
"""


def run(subject: str, text: str, folder: Path, *more: str) -> tuple[int, Any]:
    path = folder / f"{subject}.csv"
    path.write_text(text, encoding="utf-8")
    words = [subject, str(path), "--marketplace", "m", "--json", "--errors", str(folder / "e.csv")]
    done = CliRunner().invoke(import_.app, [*words, *more])
    return done.exit_code, json.loads(done.output.splitlines()[-1])


def test_one_file_after_another_and_then_the_export(tmp_path: Path) -> None:
    code, refused = run("messages", MESSAGES, tmp_path)
    assert (code, refused[0]["code"]) == (2, "not_visible"), "there is no marketplace yet"
    code, done = run("orders", ORDERS, tmp_path, "--platform", "kuaishou")
    assert code == 0
    assert (done["rows"], done["taken"], done["findings"]) == (3, 2, {"import.unknown_word": 1})
    assert "3,import.unknown_word,payment" in (tmp_path / "e.csv").read_text("utf-8-sig")
    code, done = run("parcels", PARCELS, tmp_path)
    assert (code, done["taken"], done["findings"]) == (0, 2, {"not_visible": 1})
    assert run("requests", REQUESTS, tmp_path)[1]["taken"] == 1
    assert run("messages", MESSAGES, tmp_path)[1]["taken"] == 1
    assert run("requests", REQUESTS, tmp_path)[1]["resumed_at"] == 1
    assert rows("SELECT order_id, opened_at FROM cases") == [
        ("o1", parse_instant("2024-03-04T10:00:00+08:00")),
    ]  # fmt: skip
    assert [r[0] for r in rows("SELECT rows FROM audit_log ORDER BY id")] == [3, 3, 1, 1]
    out = tmp_path / "out"
    said = exported("--out", str(out), "--from", "2024-03-01", "--to", "2024-03-04")
    assert [(line["day"], line["rows"]["orders"], line["rows"]["cases"]) for line in said] == [
        ("2024-03-01", 2, 0), ("2024-03-02", 0, 0), ("2024-03-03", 0, 0), ("2024-03-04", 0, 1),
    ]  # fmt: skip
    assert (out / "cases" / "day=2024-03-04" / "part.parquet").is_file()
    behind = ("--behind", "--from", "2024-03-01", "--to", "2024-03-04")
    assert exported("--out", str(out), *behind) == []
    assert len(exported("--out", str(out / "m"), "--marketplace", "m", *behind)) == 4
    everything_holds()


def exported(*words: str) -> list[Any]:
    done = CliRunner().invoke(_app(), [*words, "--json"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]


def _app() -> object:
    import typer

    app = typer.Typer()
    app.command()(export)
    return app


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("--day", "yesterday"), "export.bad_day", "day"),
        (("--from", "2024-03-02", "--to", "2024-03-01"), "export.bad_day", "to"),
        (("--day", "2024-03-01", "--to", "2024-03-02"), "export.bad_day", "day"),
        (("--marketplace", "none"), "not_visible", "marketplace"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    tmp_path: Path, words: tuple[str, ...], code: str, field: str
) -> None:
    done = CliRunner().invoke(_app(), ["--out", str(tmp_path / "x"), "--json", *words])
    assert done.exit_code == 2
    (found,) = json.loads(done.output)
    assert (found["code"], found["field"]) == (code, field)
    assert not (tmp_path / "x").exists()
