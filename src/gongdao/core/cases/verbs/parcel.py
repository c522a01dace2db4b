"""Parcels (退货物流): the merchant inspects what came back; a lost parcel ends in a refund."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import InspectReturn, ReportLost
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.effects import grant
from gongdao.core.cases.entitlement import made_good, paid_by_merchant_fen, ruled_cite
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Case
from gongdao.core.cases.parcel_events import ParcelLost, ReturnInspected
from gongdao.core.cases.returned import expected_in
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.cases.verbs.return_parcel import parcel_of
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Goods
from gongdao.core.remedies.parcel import Inspection, Leg, Loss, ReturnParcel, ReturnState
from gongdao.core.remedies.transfer import Channel
from gongdao.core.rulebook.processes import Action, Effect, EffectKind, Process

#: Which parcel can be lost while the goods are where.
_ON_THE_WAY = {
    Goods.IN_TRANSIT: Leg.OUTBOUND,
    Goods.RESENT: Leg.OUTBOUND,
    Goods.IN_RETURN: Leg.RETURN,
}
#: How an after-sale ends by the refund for a lost parcel, the best first.
_ENDS = {Leg.RETURN: ("returned_refunded", "refunded"), Leg.OUTBOUND: ("refunded",)}


def inspect_return(draft: Draft, command: InspectReturn) -> None:
    """Draft what the merchant found in a returned parcel; missing gifts are charged as marked.

    A gift is charged only at a price marked on the order beforehand, only when it was part of what
    goes back, and once. Goods that were not in the parcel are not refunded when the merchant's
    evidence shows it. Raises Conflict `parcel.nothing_back`, BadInput `parcel.bad_inspection`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if case.goods not in (Goods.IN_RETURN, Goods.RETURNED):
        raise _conflict("parcel.nothing_back", Text("没有退回的包裹", "no parcel has come back"))
    _check_evidence(case, command.evidence)
    parcel = _opened(case, command.parcel)
    _check_received(case, parcel, command)
    draft.add(
        ReturnInspected(
            at=draft.now,
            actor=command.by.id,
            parcel=parcel.number if parcel is not None else None,
            inspection=Inspection(
                condition=command.condition,
                missing_gifts=tuple(dict.fromkeys(command.missing_gifts)),
                label_lacks=command.label_lacks,
                evidence=command.evidence,
                note=command.note,
                actor=command.by.id,
                at=draft.now,
                charged_fen=_charged_fen(case, parcel, command.missing_gifts),
                received=command.received,
            ),
        )
    )


def _check_evidence(case: Case, given: tuple[str, ...]) -> None:
    known = {e.id for e in case.evidence}
    for reference in given:
        if reference not in known:
            raise _bad(
                "evidence",
                Text(f"案件没有凭证 {reference}", f"the case has no evidence `{reference}`"),
            )


def _opened(case: Case, number: int | None) -> ReturnParcel | None:
    """Return the parcel that was opened; None: the case knows of none by number."""
    if number is not None:
        return parcel_of(case, number)
    if len(case.returns) > 1:
        raise _bad(
            "parcel",
            Text("退货有多个包裹，请写明是哪一个", "several parcels went back; say which one"),
        )
    return case.returns[0] if case.returns else None


def _check_received(case: Case, parcel: ReturnParcel | None, command: InspectReturn) -> None:
    if parcel is not None and parcel.state is ReturnState.LOST:
        raise _bad("parcel", Text("该包裹已丢失", "that parcel is lost"))
    if command.received is None:
        return
    expected = expected_in(case, parcel)
    for line in command.received:
        if not 0 <= line.quantity <= expected.get(line.line_id, 0):
            most = expected.get(line.line_id, 0)
            raise _bad(
                "received",
                Text(
                    f"子订单 {line.line_id} 在该包裹中应有 {most} 件",
                    f"{most} of line `{line.line_id}` were to be in the parcel",
                ),
            )
    came = {line.line_id: line.quantity for line in command.received}
    if expected and not sum(came.values()):
        raise _bad(
            "received",
            Text("包裹内没有任何应退商品", "nothing that was to come back was in the parcel"),
            Text(
                "请附凭证拒绝退货（reject_return），由买家答复或平台处理",
                "object to the return (reject_return) with evidence; the buyer or the platform"
                " answers",
            ),
        )
    if any(came.get(name, 0) < count for name, count in expected.items()) and not command.evidence:
        raise _bad(
            "evidence",
            Text("少件须提供凭证", "that something is missing needs evidence"),
        )


def _charged_fen(case: Case, parcel: ReturnParcel | None, missing: tuple[str, ...]) -> int:
    gifts = {line.line_id: line for line in case.order.lines if line.gift}
    before = {
        name
        for other in case.returns
        if other is not parcel and other.inspection is not None
        for name in other.inspection.missing_gifts
    }
    charged = 0
    for line_id in dict.fromkeys(missing):
        gift = gifts.get(line_id)
        if gift is None or gift.own_price_fen is None:
            raise _bad(
                "missing_gifts",
                Text(
                    f"{line_id} 不是事先标明价格的赠品",
                    f"`{line_id}` is no gift with a price marked beforehand",
                ),
            )
        charged += 0 if line_id in before else gift.own_price_fen
    return charged


def report_lost(draft: Draft, command: ReportLost) -> None:
    """Draft the loss of what is under way, and the refund that follows from it.

    The carrier pays what it lost: the buyer's refund on the way back; on the way out the merchant
    refunds, and the carrier makes it good to him. One of several return parcels is only noted: the
    others are waited for. In a dispute the ruling decides instead; when it has already had the
    merchant pay for goods that were then lost, the carrier makes him whole.
    """
    case = draft.case
    leg = _ON_THE_WAY.get(case.goods)
    if leg is None or (leg is Leg.RETURN and not _under_way(case)):
        raise _conflict("parcel.none_under_way", Text("没有在途的包裹", "no parcel is under way"))
    one = _one_of_several(case, command) if leg is Leg.RETURN else None
    loss = Loss(leg=leg, proof=command.proof, actor=command.by.id, at=draft.now, parcel=one)
    event = ParcelLost(at=draft.now, by=command.by.role, actor=command.by.id, loss=loss)
    paid = paid_by_merchant_fen(case)
    if paid:
        if case.loss is not None:
            raise _conflict("parcel.lost_before", Text("丢件已处理", "the loss is settled already"))
        draft.add(event)
        grant(draft, made_good(paid), Channel.PLATFORM, ruled_cite(case))
        return
    if case.closed_at is not None:
        raise refusals.closed()
    if one is not None:
        draft.add(event)
        return
    _end_by_loss(draft, command, event)


def _under_way(case: Case) -> bool:
    return not case.returns or any(p.state is ReturnState.SENT for p in case.returns)


def _one_of_several(case: Case, command: ReportLost) -> int | None:
    """Return the parcel lost when others came or are yet to come; None: all there is is lost."""
    if command.parcel is None:
        others = [p for p in case.returns if p.state is ReturnState.RECEIVED]
        if others:
            raise _bad_loss(
                Text(
                    "其他包裹已收到，请写明丢失的是哪一个", "others arrived; say which one is lost"
                )
            )
        return None
    parcel = parcel_of(case, command.parcel)
    if parcel.state is not ReturnState.SENT:
        raise _bad_loss(
            Text(
                f"退货包裹 {parcel.number} 不在途中",
                f"return parcel {parcel.number} is not under way",
            )
        )
    if all(p.state is ReturnState.LOST for p in case.returns if p is not parcel):
        return None
    if not parcel.lines:
        raise _bad_loss(
            Text(
                "未登记该包裹内的商品，无法核算丢失部分",
                "what was in that parcel is not on record, so its loss cannot be reckoned",
            ),
            Text("请买家先登记包裹内的商品与数量", "the buyer says first what was in it"),
        )
    return parcel.number


def _end_by_loss(draft: Draft, command: ReportLost, event: ParcelLost) -> None:
    case = draft.case
    track = case.tracks[AFTER_SALE]
    process = draft.playbook.process(track.rulebook, track.process)
    here = process.states[track.state]
    ends = {s.final: s.name for s in process.states.values() if s.final is not None}
    target = next((ends[end] for end in _ENDS[event.loss.leg] if end in ends), None)
    if here.suspended or here.final is not None or target is None:
        raise refusals.not_offered("report_lost", [here])
    draft.add(event)
    action = Action(
        name="report_lost",
        by=(command.by.role,),
        to=target,
        title=Text("包裹丢失，退款", "the parcel is lost; refund"),
        does=(_refund_at(process, target),),
        goods=Goods.LOST,
        cite=process.cite,
    )
    do(draft, Step(AFTER_SALE, action, command.by), {"proof": command.proof})
    close_if_done(draft)


def _refund_at(process: Process, target: str) -> Effect:
    """Return the refund by which the process itself comes to this end: its amount counts here."""
    effects = (
        effect
        for state in process.states.values()
        for action in state.actions.values()
        for effect in action.does
        if action.to == target and effect.kind is EffectKind.REFUND
    )
    return next(effects, Effect(kind=EffectKind.REFUND))


def _bad_loss(message: Text, cure: Text | None = None) -> BadInput:
    return BadInput(Finding(code="parcel.bad_loss", field="parcel", message=message, cure=cure))


def _bad(field: str, message: Text, cure: Text | None = None) -> BadInput:
    return BadInput(Finding(code="parcel.bad_inspection", field=field, message=message, cure=cure))


def _conflict(code: str, message: Text) -> Conflict:
    return Conflict(Finding(code=code, message=message))
