"""A random step of a negotiation in a walk: an offer, or the answer to the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from gongdao.core.cases.commands import Actor, AnswerOffer, MakeOffer
from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.cases.offer_states import open_offer
from gongdao.core.kernel.words import Party, Remedy, Role
from gongdao.core.remedies.offer import Terms

if TYPE_CHECKING:
    from tests.core.cases.walks import Walk

_REMEDIES = ("refund_only", "partial_refund", "return_refund", "compensate", "exchange", "repair")


def bargain(draw: st.DrawFn, walk: Walk) -> None:
    """Answer the open offer, or make another one."""
    case = walk.case
    assert case is not None
    offer = open_offer(case)
    if offer is not None:
        how = draw(st.sampled_from(("accept", "decline", "withdraw", "counter")))
        other = Role.MERCHANT if offer.by is Role.BUYER else Role.BUYER
        by = offer.by if how == "withdraw" else other
        actor = Actor(role=by, id=by.value)
        if how != "counter":
            walk.do(AnswerOffer(number=offer.number, answer=how, by=actor))
            return
    elif draw(st.integers(0, 2)):
        return
    by = draw(st.sampled_from((Role.BUYER, Role.MERCHANT)))
    actor = Actor(role=by, id=by.value)
    remedy = Remedy(draw(st.sampled_from(_REMEDIES)))
    refunds = remedy.value.endswith("refund") or remedy is Remedy.REFUND_ONLY
    refund_fen = draw(st.integers(0, refundable_left_fen(case))) if refunds else 0
    terms = Terms(
        remedy=remedy,
        refund_fen=refund_fen,
        compensation_fen=draw(st.integers(0, 5000)),
        return_freight=draw(st.sampled_from((Party.BUYER, Party.MERCHANT))),
    )
    walk.do(MakeOffer(terms=terms, by=actor))
    made = open_offer(walk.case) if walk.case is not None else None
    if made is not None and draw(st.booleans()):
        other = Role.MERCHANT if made.by is Role.BUYER else Role.BUYER
        who = Actor(role=other, id=other.value)
        walk.do(AnswerOffer(number=made.number, answer="accept", by=who))
