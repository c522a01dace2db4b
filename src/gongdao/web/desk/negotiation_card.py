"""Negotiation card (协商卡片): offers of both sides, the open one with its clock, and the forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.translation import gettext as _

from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.cases.offer_states import open_offer
from gongdao.core.kernel.words import Party, Remedy, Role
from gongdao.core.remedies.offer import OFFER_STATE_LABELS, Offer, OfferState
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import PayloadField
from gongdao.web.desk.preview import Preview, preview_of
from gongdao.web.desk.timeline_dealings import terms_in_words

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller
    from gongdao.app.queries.case_page import CasePage
    from gongdao.app.queries.dealings import Dealings

#: What may be offered, in the order in which it is shown.
OFFERED = (
    Remedy.PARTIAL_REFUND,
    Remedy.REFUND_ONLY,
    Remedy.RETURN_REFUND,
    Remedy.COMPENSATE,
    Remedy.EXCHANGE,
    Remedy.RESHIP,
    Remedy.REPAIR,
)
_TAGS = {OfferState.ACCEPTED: "good", OfferState.OPEN: "warn", OfferState.DECLINED: "bad"}


@dataclass(frozen=True, slots=True)
class OfferShown:
    """One offer as the card shows it."""

    offer: Offer
    terms: str
    state: str
    tag: str
    mine: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class NegotiationCard:
    """The offers of a case and what the reader may do about them."""

    offers: list[OfferShown]
    """Newest first."""
    open_offer: OfferShown | None
    if_accepted: Preview | None
    may: bool
    """The reader may offer, and answer what is open."""
    fields: list[PayloadField]
    left_fen: int
    key: str
    answer_keys: dict[str, str]


def negotiation_card(caller: Caller, page: CasePage, open_to: Dealings) -> NegotiationCard | None:
    """Return the card; None where nothing was ever offered and nothing may be."""
    case = page.case
    shown = [
        OfferShown(
            offer=offer,
            terms=wording(terms_in_words(offer.terms)),
            state=wording(OFFER_STATE_LABELS[offer.state]),
            tag=_TAGS.get(offer.state, ""),
            mine=offer.by is caller.role,
            is_open=offer.state is OfferState.OPEN,
        )
        for offer in reversed(case.offers)
    ]
    waiting = open_offer(case)
    is_party = caller.role in {Role.BUYER, Role.MERCHANT}
    may_answer = waiting is not None and is_party and case.closed_at is None
    if not shown and not open_to.negotiate:
        return None
    return NegotiationCard(
        offers=shown,
        open_offer=next((o for o in shown if o.is_open), None),
        if_accepted=preview_of(open_to.if_accepted) if open_to.if_accepted else None,
        may=open_to.negotiate or may_answer,
        fields=_fields() if open_to.negotiate else [],
        left_fen=refundable_left_fen(case),
        key=str(uuid4()),
        answer_keys={word: str(uuid4()) for word in ("accept", "decline", "withdraw")},
    )


def _fields() -> list[PayloadField]:
    remedies = tuple((r.value, wording(r)) for r in OFFERED)
    bearers = tuple((p.value, wording(p)) for p in (Party.MERCHANT, Party.BUYER))
    return [
        PayloadField("remedy", _("Remedy"), "choice", choices=remedies),
        PayloadField(
            "refund_fen", _("Refund"), "money", _("Only for refunds of any kind."), required=False
        ),
        PayloadField(
            "compensation_fen", _("Compensation"), "money", _("On top of a refund."), required=False
        ),
        PayloadField(
            "return_freight",
            _("Return freight borne by"),
            "choice",
            _("Empty: the merchant."),
            choices=bearers,
            required=False,
        ),
        PayloadField("note", _("Note"), "text", required=False),
    ]
