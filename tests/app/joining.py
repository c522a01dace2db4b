"""Shorthand for tests of joined cases."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import uuid4

import pytest

from gongdao.app.act import act
from gongdao.app.join_act import act_in_all
from gongdao.app.join_cases import join
from gongdao.app.join_open import Asked, open_together
from gongdao.app.permissions import Caller
from gongdao.app.queries.case_page import case_page
from gongdao.app.submit_evidence import submit
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Claim, Reason
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    HOUR,
    MERCHANT,
    SHOP,
    T0,
    opened,
)

OTHER_ARBITRATOR = replace(ARBITRATOR, user_id="u-arbitrator-2")
PROVEN = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", False))


def ask(number: int, **changes: object) -> Asked:
    given: dict[str, object] = {
        "order_id": f"o{number}",
        "claim": Claim.REFUND_ONLY,
        "reason": Reason.QUALITY,
    } | changes
    return Asked(**given)  # type: ignore[arg-type]


def together(*numbers: int, key: str = "open") -> list[Case]:
    asked = [ask(n) for n in numbers]
    return [o.case for o in open_together(BUYER, SHOP, asked, key=key, now=T0)]


def joined(*numbers: int) -> list[Case]:
    """Join cases opened one by one; return them oldest first."""
    cases = [opened(n) for n in numbers]
    done = join(ARBITRATOR, [c.id for c in cases], "同一批次", key="join", now=T0)
    return [o.case for o in done]


def show(by: Caller, case: Case, content: str = "证", after: int = 1, name: str = "证.txt") -> Case:
    return submit(
        by, case.id, name=name, stream=io.BytesIO(content.encode()), kind="photo",
        key=str(uuid4()), now=T0 + after * HOUR,
    ).case  # fmt: skip


def now_of(case: Case) -> Case:
    return case_page(ARBITRATOR, case.id, now=T0 + HOUR).case


def in_review(*numbers: int) -> tuple[str, list[Case]]:
    """Return the group and its cases, disputed and joined, their evidence closed."""
    cases = together(*numbers)
    assert cases[0].joined is not None
    key = cases[0].joined.group
    for case in cases:
        act(MERCHANT, case.id, "reject", {"reason": "不符"}, key=f"r{case.id}", now=T0 + HOUR)
        act(BUYER, case.id, "escalate", {"reason": "不服"}, key=f"e{case.id}", now=T0 + HOUR)
    done = act_in_all(ARBITRATOR, key, "close_evidence", {}, key="close", now=T0 + 2 * HOUR)
    return key, [o.case for o in done]


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    finding = refusal.value.findings[0]
    assert finding.message.zh
    assert finding.message.en
    return refusal.value.code


def open_by(buyer: Caller, shop_id: str, order_id: str) -> Case:
    from gongdao.app.open_case import open_case

    return open_case(
        buyer, shop_id=shop_id, order_id=order_id, claim=Claim.REFUND_ONLY, reason=Reason.QUALITY,
        key=order_id, now=T0,
    ).case  # fmt: skip


def disputed(number: int) -> Case:
    case = opened(number)
    act(MERCHANT, case.id, "reject", {"reason": "不符"}, key=f"r{number}", now=T0 + HOUR)
    return act(BUYER, case.id, "escalate", {"reason": "不服"}, key=f"e{number}", now=T0 + HOUR).case
