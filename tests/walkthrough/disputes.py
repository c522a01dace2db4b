"""Disputes that several walks begin with."""

from __future__ import annotations

from tests.walkthrough.walk import Walk

PAID = 20000


def ruled(platform: str, lang: str) -> Walk:
    """A paid dispute that the merchant lost, with a penalty, the appeal window open."""
    walk = reviewed(platform, lang)
    walk.act(
        "arbitrator", "rule", remedy="refund_only", liable="merchant", penalty="poor_packing",
        overrule_reason="屡次包装不当",
    )  # fmt: skip
    assert walk.pay_all() == PAID
    return walk


def reviewed(platform: str, lang: str) -> Walk:
    """A dispute about quality whose evidence is closed."""
    walk = escalated(platform, lang)
    walk.evidence("buyer", "photo", "裂纹")
    walk.act("arbitrator", "close_evidence")
    return walk


def escalated(platform: str, lang: str) -> Walk:
    """A dispute about quality in its evidence window."""
    walk = Walk(platform, lang, "2024-03-01T10:00:00")
    walk.order(
        placed_at="2024-02-20T09:00:00", paid_at="2024-02-20T09:01:00",
        shipped_at="2024-02-21T09:00:00", signed_at="2024-02-26T09:00:00",
        tracking_number="SF1", freight_prepaid_by="merchant",
        lines=[{"line_id": "1", "title": "碗", "quantity": 4, "paid_fen": PAID}],
    )  # fmt: skip
    walk.open("return_refund", "quality")
    walk.act("merchant", "reject", reason="使用不当")
    walk.act("buyer", "escalate")
    return walk
