"""Parcels (退货物流): the merchant inspects what came back; a lost parcel ends in a refund."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import InspectReturn, ReportLost
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.parcel_events import ParcelLost, ReturnInspected
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Goods
from gongdao.core.remedies.parcel import Inspection, Leg, Loss
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
    """Draft what the merchant found in the returned parcel; missing gifts are charged as marked.

    A gift is charged only at a price marked on the order beforehand, and only when it was part of
    what goes back.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if case.goods not in (Goods.IN_RETURN, Goods.RETURNED):
        raise _conflict("parcel.nothing_back", Text("没有退回的包裹", "no parcel has come back"))
    known = {e.id for e in case.evidence}
    for reference in command.evidence:
        if reference not in known:
            raise _bad(
                "evidence",
                Text(f"案件没有凭证 {reference}", f"the case has no evidence `{reference}`"),
            )
    gifts = {line.line_id: line for line in case.order.lines if line.gift}
    charged = 0
    for line_id in dict.fromkeys(command.missing_gifts):
        gift = gifts.get(line_id)
        if gift is None or gift.own_price_fen is None:
            raise _bad(
                "missing_gifts",
                Text(
                    f"{line_id} 不是事先标明价格的赠品",
                    f"`{line_id}` is no gift with a price marked beforehand",
                ),
            )
        charged += gift.own_price_fen
    draft.add(
        ReturnInspected(
            at=draft.now,
            actor=command.by.id,
            inspection=Inspection(
                condition=command.condition,
                missing_gifts=tuple(dict.fromkeys(command.missing_gifts)),
                label_lacks=command.label_lacks,
                evidence=command.evidence,
                note=command.note,
                actor=command.by.id,
                at=draft.now,
                charged_fen=charged,
            ),
        )
    )


def report_lost(draft: Draft, command: ReportLost) -> None:
    """Draft the loss of the parcel that is under way, and the refund that follows from it.

    The carrier pays what it lost: the buyer's refund on the way back; on the way out the merchant
    refunds, and the carrier makes it good to him. In a dispute the ruling decides instead.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    leg = _ON_THE_WAY.get(case.goods)
    if leg is None:
        raise _conflict("parcel.none_under_way", Text("没有在途的包裹", "no parcel is under way"))
    track = case.tracks[AFTER_SALE]
    process = draft.playbook.process(track.rulebook, track.process)
    here = process.states[track.state]
    ends = {s.final: s.name for s in process.states.values() if s.final is not None}
    target = next((ends[end] for end in _ENDS[leg] if end in ends), None)
    if here.suspended or here.final is not None or target is None:
        raise refusals.not_offered("report_lost", [here])
    draft.add(
        ParcelLost(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            loss=Loss(leg=leg, proof=command.proof, actor=command.by.id, at=draft.now),
        )
    )
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


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="parcel.bad_inspection", field=field, message=message))


def _conflict(code: str, message: Text) -> Conflict:
    return Conflict(Finding(code=code, message=message))
