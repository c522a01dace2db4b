"""Dealings between the parties (往来), said for the timeline: offers and agreements."""

from __future__ import annotations

from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role, label
from gongdao.core.remedies.offer import OFFER_STATE_LABELS, Terms
from gongdao.web.desk.language import wording
from gongdao.web.desk.timeline_entry import Entry, Kind


def dealt(event: Offered | OfferAnswered | Agreed) -> Entry:
    """Say an offer, an answer, or an agreement."""
    match event:
        case Offered():
            offer = event.offer
            terms = terms_in_words(offer.terms)
            what = Text(
                f"第 {offer.number} 号协商方案：{terms.zh}", f"Offer {offer.number}: {terms.en}"
            )
            by, cite = offer.by, event.timer.cite
        case OfferAnswered():
            state = OFFER_STATE_LABELS[event.state]
            what = Text(
                f"第 {event.number} 号方案：{state.zh}", f"Offer {event.number}: {state.en}"
            )
            by, cite = event.by, ()
        case Agreed():
            terms = terms_in_words(event.agreement.terms)
            what = Text(f"达成协议：{terms.zh}", f"Agreed: {terms.en}")
            by, cite = event.by, event.cite
    kind: Kind = "clock" if by is Role.CLOCK else "act"
    return Entry(
        at=event.at, kind=kind, what=wording(what), who=wording(by), actor=event.actor, cite=cite
    )


def terms_in_words(terms: Terms) -> Text:
    """Say what an offer promises."""
    zh, en = label(terms.remedy).zh, label(terms.remedy).en
    if terms.refund_fen:
        zh, en = (
            f"{zh}，退 {yuan(terms.refund_fen)} 元",
            f"{en}, {yuan(terms.refund_fen)} yuan back",
        )
    if terms.compensation_fen:
        paid = yuan(terms.compensation_fen)
        zh, en = f"{zh}，赔 {paid} 元", f"{en}, {paid} yuan compensation"
    return Text(zh, en)
