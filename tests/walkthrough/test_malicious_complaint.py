"""A malicious complaint 恶意投诉 is found, and counts in no measure of the shop."""

from __future__ import annotations

import pytest

from gongdao.store.postgres import Address
from tests.app.world import everything_holds
from tests.walkthrough.disputes import ruled
from tests.walkthrough.walk import LANGUAGES, Walk

ALL = {"in_dispute_rate": True, "in_score": True, "penalty_stands": True}
NOTHING = dict.fromkeys(ALL, False)


def found(lang: str) -> Walk:
    """A dispute whose buyer was found malicious after it was ruled."""
    walk = ruled("kuaishou", lang)
    assert walk.case()["counts"] == ALL
    walk.act("merchant", "allege_buyer", kind="恶意投诉", note="同一照片用于三单")
    assert walk.case()["counts"] == ALL  # alleging alone changes nothing
    walk.act("buyer", "answer_buyer", note="照片是我拍的")
    for name in ("merchant", "buyer", "operator"):
        own = walk.refused(name, "find_buyer", kind="malicious_complaint", note="x")
        assert own.status == 403
    walk.act("arbitrator", "find_buyer", kind="malicious_complaint", note="查实")
    return walk


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_counts_in_nothing(db: Address, lang: str) -> None:
    walk = found(lang)
    case = walk.case()
    assert case["counts"] == NOTHING
    (mark,) = case["marks"]
    assert (mark["about"], mark["subject"], mark["kind"]) == ("buyer", "b1", "malicious_complaint")
    assert {"DY-LEVEL-57", "TB-INT-04"} <= set(mark["cite"])
    assert [m["kind"] for m in walk["operator"].get("/marks").body["items"]] == [
        "malicious_complaint"
    ]
    walk.at("2024-03-09T10:00:00")  # neither the ruling nor the finding is appealed in time
    case = walk.case()
    assert (case["counts"], case["tracks"]["conduct"]["state"]) == (NOTHING, "marked")
    assert case["arbitration"] == "final"
    assert walk.balances("2024-03-09") == {}  # what was refunded stays refunded
    everything_holds()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_the_buyers_appeal_another_reviewer_lifts_it(db: Address, lang: str) -> None:
    walk = found(lang)
    walk.act("buyer", "appeal_mark", ground="新证据", note="原图有拍摄时间")
    assert walk.act("reviewer", "lift_mark")["counts"] == ALL
    assert [m["lifted_at"] is None for m in walk.case()["marks"]] == [False]
    everything_holds()
