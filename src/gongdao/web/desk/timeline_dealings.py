"""Dealings between the parties (往来), said for the timeline: offers, agreements, parcels."""

from __future__ import annotations

from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.parcel_events import ParcelLost, ReturnInspected
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role, label
from gongdao.core.remedies.offer import OFFER_STATE_LABELS, Terms
from gongdao.core.remedies.parcel import CONDITION_LABELS
from gongdao.web.desk.language import wording
from gongdao.web.desk.timeline_entry import Entry, Kind


def dealt(event: Offered | OfferAnswered | Agreed | ReturnInspected | ParcelLost) -> Entry:
    """Say an offer, an answer, an agreement, or what became of a returned parcel."""
    if isinstance(event, ReturnInspected | ParcelLost):
        return _parcel(event)
    return _negotiated(event)


def _negotiated(event: Offered | OfferAnswered | Agreed) -> Entry:
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


def _parcel(event: ReturnInspected | ParcelLost) -> Entry:
    if isinstance(event, ParcelLost):
        lost = Text("包裹丢失，承运商已确认", "The parcel is lost, by the carrier's own record")
        return Entry(
            at=event.at, kind="act", what=wording(lost), who=wording(event.by), actor=event.actor
        )
    found = event.inspection
    condition = CONDITION_LABELS[found.condition]
    zh, en = f"商家验货：{condition.zh}", f"Inspected: {condition.en}"
    if found.charged_fen:
        charged = yuan(found.charged_fen)
        zh, en = f"{zh}，赠品未退扣 {charged} 元", f"{en}; {charged} yuan for gifts kept"
    who = wording(Role.MERCHANT)
    return Entry(at=event.at, kind="act", what=wording(Text(zh, en)), who=who, actor=event.actor)


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
