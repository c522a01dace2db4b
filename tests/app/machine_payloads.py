"""What people write into the forms of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.core.cases.walks import GROUNDS, NEEDS

if TYPE_CHECKING:
    from gongdao.core.cases.allowed import AllowedAction
    from gongdao.core.cases.model import Case, Plain

_REMEDIES = (
    "refund_only", "return_refund", "partial_refund", "compensate", "dismiss", "exchange",
    "reship", "repair", "negotiate", "not_accepted",
)  # fmt: skip
_MORE: dict[str, Plain] = {
    "report": "检测报告 1 号",
    "invoice_done": True,
    "order_number": "o1",
    "application_number": "a1",
    "customer_name": "张三",
    "contact": "13800000000",
    "proof": "承运商证明 1 号",
    "authority": "court",
    "kind": "malicious_complaint",
    "note": "说明",
}


def payload_for(data: st.DataObject, case: Case, action: AllowedAction) -> dict[str, Plain]:
    """Return what the action needs, and now and then what it may be given besides."""
    words = {**NEEDS, **_MORE}
    payload: dict[str, Plain] = {name: words.get(name, "x") for name in action.needs}
    if "ground" in payload:
        payload["ground"] = GROUNDS.get(action.track, NEEDS["ground"])
    if "part" in payload:
        payload["part"] = data.draw(st.sampled_from(("score", "penalty", "dispute_rate")))
    if action.name == "correct" and data.draw(st.booleans(), label="corrects"):
        payload["refund_fen"] = data.draw(st.integers(0, case.requested_fen))
        payload["compensation_fen"] = data.draw(st.integers(0, 50_000))
    if action.name == "ship_return" and data.draw(st.booleans(), label="freight"):
        payload["return_freight_fen"] = data.draw(st.integers(0, 3000))
    if action.rules and data.draw(st.integers(0, 2), label="overrules") != 0:
        payload |= {
            "remedy": data.draw(st.sampled_from(_REMEDIES), label="remedy"),
            "liable": data.draw(st.sampled_from(("buyer", "merchant", "none")), label="liable"),
            "outbound_freight": data.draw(st.sampled_from(("buyer", "merchant", "none"))),
            "return_freight": data.draw(st.sampled_from(("buyer", "merchant", "carrier"))),
            "compensation_fen": data.draw(st.integers(0, 50_000)),
            "overrule_reason": "理由",
        }
        if data.draw(st.booleans(), label="other amount"):
            payload["refund_fen"] = data.draw(st.integers(0, case.requested_fen))
    return payload
