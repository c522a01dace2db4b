"""Offer (协商): propose, counter, answer; acceptance binds both sides and settles the case."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, AnswerOffer, MakeOffer
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.entitlement import REFUNDS, refundable_left_fen
from gongdao.core.cases.model import Case, Timer, Track
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.offer_states import OFFER, open_offer
from gongdao.core.cases.timers import begin, timers_of
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, NotAllowed
from gongdao.core.kernel.money import LARGEST_FEN, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, beijing
from gongdao.core.kernel.words import Arbitration, Goods, MoneyState, Party, Remedy, Role, label
from gongdao.core.remedies.offer import Agreement, Offer, OfferState, Terms
from gongdao.core.rulebook.model import Rulebook

AGREEMENT = "agreement"
_SIDES = (Role.BUYER, Role.MERCHANT)
_REFUNDING = (Remedy.REFUND_ONLY, Remedy.PARTIAL_REFUND, Remedy.RETURN_REFUND)
_OFFERED = (*_REFUNDING, Remedy.COMPENSATE, Remedy.EXCHANGE, Remedy.RESHIP, Remedy.REPAIR)
_RULED = (Arbitration.RULED, Arbitration.APPEALED, Arbitration.FINAL)
_WITH_BUYER = (Goods.WITH_BUYER, Goods.IN_TRANSIT, Goods.RESENT)


def make_offer(draft: Draft, command: MakeOffer) -> None:
    """Draft an offer; an open one of either side is replaced, so this is also the counter-offer."""
    case = draft.case
    book = _negotiable(draft, command.by)
    most = _parameter(book, "offer_rounds")
    if not isinstance(most, int) or len(case.offers) >= most:
        raise _conflict(
            "offer.too_many",
            Text(f"协商方案最多 {most} 个", f"a case has at most {most} offers"),
            Text("请答复现有方案，或申请平台介入", "answer the last one, or ask the platform"),
        )
    _check_terms(case, command.terms)
    span = _parameter(book, "offer_open")
    if not isinstance(span, Span):
        raise refusals.no_such_question(AGREEMENT)
    cite = book.parameters["offer_open"].cite
    expires_at = span.after(draft.now, calendar=book.calendar)
    words, since = span.in_words(), beijing(draft.now)
    offer = Offer(
        number=len(case.offers) + 1,
        by=command.by.role,
        actor=command.by.id,
        terms=command.terms,
        note=command.note,
        at=draft.now,
        expires_at=expires_at,
    )
    timer = Timer(
        track=OFFER,
        name=OFFER,
        action="expire_offer",
        due_at=expires_at,
        reason=Text(
            f"协商方案须在期限内答复，逾期失效：{words.zh}，自 {since} 起（{'、'.join(cite)}）",
            f"an offer unanswered in time is void: {words.en} from {since} (Beijing)"
            f" ({', '.join(cite)})",
        ),
        cite=cite,
        runs_from=draft.now,
    )
    draft.add(Offered(at=draft.now, actor=command.by.id, offer=offer, timer=timer))


def answer_offer(draft: Draft, command: AnswerOffer) -> None:
    """Draft the answer to the open offer: the other side accepts or declines, its own withdraws."""
    book = _negotiable(draft, command.by)
    offer = open_offer(draft.case)
    if offer is None or offer.number != command.number:
        raise _conflict(
            "offer.not_open",
            Text(
                f"第 {command.number} 号方案不存在或已有结果",
                f"offer {command.number} does not exist, or is no longer open",
            ),
            Text("请刷新后查看最新方案", "reload and look at the latest offer"),
        )
    own = offer.by is command.by.role
    if own is not (command.answer == "withdraw"):
        raise NotAllowed(
            Finding(
                code="offer.not_yours",
                field="answer",
                message=Text(
                    "己方方案只能撤回，对方方案只能接受或拒绝",
                    "your own offer can only be withdrawn, the other side's accepted or declined",
                ),
            )
        )
    if command.answer == "accept":
        _agree(draft, book, offer, command.by)
        return
    state = OfferState.WITHDRAWN if own else OfferState.DECLINED
    draft.add(
        OfferAnswered(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            number=offer.number,
            state=state,
        )
    )


def expire_offer(draft: Draft, by: Actor) -> None:
    """Draft the end of an offer that nobody answered in time."""
    offer = open_offer(draft.case)
    if offer is None:
        raise refusals.not_due(OFFER)
    draft.add(
        OfferAnswered(
            at=draft.now,
            by=by.role,
            actor=by.id,
            number=offer.number,
            state=OfferState.EXPIRED,
            due_at=draft.now,
        )
    )


def _agree(draft: Draft, book: Rulebook, offer: Offer, by: Actor) -> None:
    """Put the agreed process in the place of the after-sale's and of the dispute's."""
    case = draft.case
    _check_terms(case, offer.terms)
    facts = draft.facts(book)[0]
    facts["agreed_remedy"] = offer.terms.remedy.value
    chosen, process = draft.playbook.choose(AGREEMENT, case.claim, facts)
    state = process.states[process.start]
    draft.add(
        Agreed(
            at=draft.now,
            by=by.role,
            actor=by.id,
            agreement=Agreement(
                number=offer.number, terms=offer.terms, at=draft.now, cite=process.cite
            ),
            track=Track(
                rulebook=chosen.ref, process=process.name, state=state.name, entered_at=draft.now
            ),
            timers=begin(draft, timers_of("after_sale", state, draft.now, facts), state),
            cite=process.cite,
        )
    )
    for action in state.actions.values():
        if Role.RULING in action.by:
            do(draft, Step("after_sale", action, by))
            break
    close_if_done(draft)


def _negotiable(draft: Draft, by: Actor) -> Rulebook:
    """Return the rulebook of agreements. Raises when there is nothing left to negotiate."""
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if by.role not in _SIDES:
        raise NotAllowed(
            Finding(
                code="offer.not_a_party",
                message=Text(
                    f"只有买家和商家可以协商，您是{label(by.role).zh}",
                    f"only buyer and merchant negotiate; you act as {label(by.role).en}",
                ),
            )
        )
    if case.ruling is not None and case.arbitration in _RULED:
        raise _conflict(
            "offer.already_ruled",
            Text("平台已裁决，不能再协商", "the platform has ruled; nothing is left to negotiate"),
            Text("对裁决不服的，请申诉", "appeal if the ruling is wrong"),
        )
    if any(
        t.purpose in REFUNDS and g.state is not MoneyState.VOID
        for g in case.grants
        for t in g.transfers
    ):
        raise _conflict(
            "offer.already_granted",
            Text("退款已经作出，不能再协商", "a refund has been granted already"),
            Text("请等待退款到账", "wait for the refund"),
        )
    books = draft.playbook.tracks.get(AGREEMENT, ())
    if not books:
        raise refusals.no_such_question(AGREEMENT)
    return books[0]


def _parameter(book: Rulebook, name: str) -> object:
    found = book.parameters.get(name)
    return found.value if found is not None else None


def _check_terms(case: Case, terms: Terms) -> None:
    if terms.remedy not in _OFFERED:
        names = "、".join(label(r).zh for r in _OFFERED)
        raise _bad(
            "remedy",
            Text(f"方案须为：{names}", f"an offer is one of: {', '.join(_OFFERED)}"),
        )
    left = refundable_left_fen(case)
    if terms.remedy in _REFUNDING and not 0 < terms.refund_fen <= left:
        raise _bad(
            "refund_fen",
            Text(
                f"退款额须大于 0，且不超过可退的 {yuan(left)} 元",
                f"the refund is above 0 and at most the {yuan(left)} yuan that are left",
            ),
        )
    if terms.remedy not in _REFUNDING and terms.refund_fen:
        raise _bad(
            "refund_fen",
            Text("该方案不含退款，请写在赔付额中", "this remedy refunds nothing; use compensation"),
        )
    least = 1 if terms.remedy is Remedy.COMPENSATE else 0
    if not least <= terms.compensation_fen <= LARGEST_FEN:
        raise _bad(
            "compensation_fen",
            Text("赔付额须为正数", "the compensation is a positive amount")
            if least
            else Text("赔付额不能为负", "the compensation is not negative"),
        )
    if terms.return_freight not in (Party.BUYER, Party.MERCHANT):
        raise _bad(
            "return_freight",
            Text("退货运费由买家或商家承担", "the buyer or the merchant bears the return freight"),
        )
    if terms.remedy is Remedy.RETURN_REFUND and case.goods not in _WITH_BUYER:
        raise _bad("remedy", Text("货不在买家处，无货可退", "the buyer has no goods to send back"))


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="offer.bad_terms", field=f"terms.{field}", message=message))


def _conflict(code: str, message: Text, cure: Text) -> Conflict:
    return Conflict(Finding(code=code, message=message, cure=cure))
