"""Force majeure, marks and what a case counts in, over the API and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from gongdao.app.intake_orders import intake
from gongdao.store.postgres import Address
from tests.app.world import MARKET, T0, an_order, everything_holds, one
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
BODY = {
    "marketplace_id": MARKET,
    "province": "上海市",
    "since": T0.isoformat(),
    "until": (T0 + timedelta(days=9)).isoformat(),
    "proof": "沪防汛 12 号",
}


def a_case_in_shanghai(number: int = 7) -> str:
    intake(MARKET, [an_order(number, region="上海市浦东新区")])
    return opened(Program("buyer"), number)


@pytest.mark.parametrize("who", ["buyer", "merchant", "arbitrator", "reviewer"])
def test_only_the_operator_declares(who: str) -> None:
    a_case_in_shanghai()
    got = Program(who).post("/force-majeure", BODY)
    assert (got.status, got.code) == (403, "permission.role")
    assert one("SELECT count(*) FROM force_majeure") == 0


def test_another_marketplace_does_not_exist() -> None:
    got = Program("foreign-operator").post("/force-majeure", BODY)
    assert (got.status, got.code) == (404, "not_visible")


def test_previewed_declared_listed_and_revoked() -> None:
    case_id = a_case_in_shanghai()
    operator = Program("operator")
    seen = operator.post("/force-majeure", BODY, query="?preview=true")
    assert (seen.status, seen.body["preview"], seen.body["reach"]["cases"]) == (200, True, 1)
    assert one("SELECT count(*) FROM force_majeure") == 0
    done = operator.post("/force-majeure", BODY, key="f")
    assert done.body["reach"]["clocks"] == 1
    assert operator.post("/force-majeure", BODY, key="f").body["repeated"] is True
    case = operator.get(f"/cases/{case_id}").body["case"]
    assert case["counts"] == {
        "in_dispute_rate": False,
        "in_score": False,
        "penalty_stands": False,
    }
    assert case["deadlines"][0]["reason"]["zh"].endswith("不可抗力 上海市")
    (row,) = operator.get("/force-majeure").body["items"]
    assert (row["cases"], row["revoked_at"]) == (1, None)
    back = operator.post(f"/force-majeure/{row['id']}/revoke", {"because": "误报"})
    assert (back.status, back.body["cases"]) == (200, 1)
    case = operator.get(f"/cases/{case_id}").body["case"]
    assert (case["counts"]["in_score"], case["pauses"]) == (True, [])
    everything_holds()


def test_marks_are_for_those_who_watch_over_conduct() -> None:
    assert Program("operator").get("/marks").body == {"items": []}
    got = Program("arbitrator").get("/marks")
    assert (got.status, got.code) == (403, "permission.role")


def test_side_processes_are_offered_when_they_are_open() -> None:
    case_id = opened(Program("buyer"))
    merchant, buyer = Program("merchant"), Program("buyer")
    names = {a["name"] for a in buyer.get(f"/cases/{case_id}").body["allowed"] if a["begins"]}
    assert names == set()
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    names = {a["name"] for a in buyer.get(f"/cases/{case_id}").body["allowed"] if a["begins"]}
    assert names == {"propose_suspension", "report_authority", "allege_merchant"}


def test_the_command_line_previews_and_declares(database: Address) -> None:
    a_case_in_shanghai()

    def run(verb: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "gongdao", "force-majeure", verb, "--marketplace", MARKET,
             "--province", "上海市", "--from", BODY["since"], "--until", BODY["until"],
             "--proof", "沪防汛 12 号"],
            env=os.environ | {"DATABASE_URL": database.url},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "cases 1" in run("preview")
    assert one("SELECT count(*) FROM force_majeure") == 0
    assert "declared" in run("declare")
    assert one("SELECT count(*) FROM force_majeure") == 1
