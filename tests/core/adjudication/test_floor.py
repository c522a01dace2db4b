"""Where a platform gives the buyer less than the law, the law's answer counts and both are cited."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gongdao.core.adjudication.floor import with_floors
from gongdao.core.adjudication.ruling import Authority, ruling_from
from gongdao.core.kernel.words import Remedy, Role
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.explain import explain
from gongdao.core.rulebook.model import Rulebook
from tests.core.rulebook.books import BOTH, book, row, table

ORDER = {
    "buyer": {
        "remedy": ["dismiss", "repair", "return_refund"],
        "return_freight": ["buyer", "merchant"],
    }
}


def platform(remedy: str, freight: str = "buyer", **more: Any) -> Rulebook:
    then = {"remedy": remedy, "return_freight": freight, "refund": "3 yuan"}
    return book(
        tables={
            "ruling": table(
                [{**row("all", {}, **then), **more}],
                remedy="remedy",
                return_freight="party",
                refund="money",
            )
        }
    )


def law(remedy: str | None, freight: str | None = None) -> Rulebook:
    then = {k: v for k, v in (("remedy", remedy), ("return_freight", freight)) if v is not None}
    floor = {
        **table([row("least", {"told": True}, **then)], remedy="remedy", return_freight="party"),
        "order": ORDER,
    }
    return book(
        rulebook="law/book",
        sources={"L-1": {**BOTH, "ref": "LAW-1"}},
        tables={"floor": {**floor, "rows": [{**floor["rows"][0], "cite": ["L-1"]}]}},
        asks="floor",
    )


def answered(mine: Rulebook, theirs: Rulebook, **facts: Any) -> Answer:
    demanded = evaluate(theirs, "floor", facts)
    return with_floors(mine, evaluate(mine, "ruling", facts), [(theirs, demanded)])


def test_the_floor_raises_and_both_are_cited() -> None:
    mine = platform("dismiss")
    answer = answered(mine, law("return_refund"), told=True)
    assert answer.outputs == {"remedy": "return_refund", "return_freight": "buyer", "refund": None}
    assert answer.floor is not None
    assert answer.floor.raised == {"remedy": ("dismiss", "return_refund")}
    said = [s.en for s in explain(mine, answer).sentences()]
    assert any("below the statutory floor" in s and "law/book" not in s for s in said)
    assert any(s.startswith("Ground in law: L-1") for s in said)
    authority = Authority(
        number=1, by=Role.ARBITRATOR, actor="a", at=datetime(2024, 1, 1, tzinfo=UTC)
    )
    ruling = ruling_from(answer, authority)
    assert ruling.remedy is Remedy.RETURN_REFUND
    assert ruling.cite == ("C-1", "L-1")
    assert ruling.rows == ("ruling/all", "law/book@2024-01-01:floor/least")
    assert ruling.refund_fen is None


@pytest.mark.parametrize(
    ("mine", "theirs", "facts"),
    [
        (platform("return_refund"), law("return_refund"), {"told": True}),  # as much
        (platform("return_refund"), law("repair"), {"told": True}),  # more
        (platform("not_accepted"), law("return_refund"), {"told": True}),  # not ranked: no answer on the merits
        (platform("dismiss"), law(None), {"told": True}),  # the law demands nothing
        (platform("dismiss"), law("return_refund"), {}),  # the law cannot say
        (platform("return_refund"), law("repair", "merchant"), {"told": True}),  # better in one, worse in the other
        (platform("dismiss", exempt=["floor: C-1"]), law("return_refund"), {"told": True}),
    ],
)  # fmt: skip
def test_the_platform_s_own_answer_stands(
    mine: Rulebook, theirs: Rulebook, facts: dict[str, Any]
) -> None:
    assert answered(mine, theirs, **facts) == evaluate(mine, "ruling", facts)


def test_freight_alone_may_be_raised_and_an_amount_then_stays() -> None:
    answer = answered(platform("return_refund"), law("return_refund", "merchant"), told=True)
    assert answer.outputs == {
        "remedy": "return_refund",
        "return_freight": "merchant",
        "refund": 300,
    }
