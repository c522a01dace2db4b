"""Return parcels (退货包裹): the buyer may send back in several; each is followed by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, ReceiveReturn, SendReturn
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Case, Plain, Timer
from gongdao.core.cases.parcel_events import ReturnReceived, ReturnSent
from gongdao.core.cases.returning import state_of, way_back
from gongdao.core.cases.timers import enter
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Goods
from gongdao.core.remedies.parcel import ParcelLine, ReturnParcel, ReturnState
from gongdao.core.rulebook.processes import Action, State


def send_return(draft: Draft, command: SendReturn) -> None:
    """Draft a parcel sent back: the first moves the case on, further ones are added to it.

    The same tracking number again says anew what is in that parcel. Clocks that wait for receipt
    start anew with each parcel added: they wait for the last. Raises BadInput `return.bad_parcel`,
    Conflict `return.not_now`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    known = next((p for p in case.returns if p.tracking_number == command.tracking_number), None)
    _check_lines(case, command.lines, except_number=known.number if known else None)
    state = state_of(case, draft.playbook)
    back = way_back(state)
    if known is None and back is not None and case.goods is not Goods.IN_RETURN:
        _send_first(draft, command, back)
        known = draft.case.returns[-1]
        if not command.lines:
            return
    if case.goods is not Goods.IN_RETURN and draft.case.goods is not Goods.IN_RETURN:
        raise _not_now(state)
    if known is not None:
        told = replace(known, lines=command.lines, carrier=command.carrier or known.carrier)
        draft.add(_sent(draft, command.by, told, None))
        return
    if state.suspended or _receipt(state) is None:
        raise _not_now(state)
    parcel = ReturnParcel(
        number=len(case.returns) + 1,
        tracking_number=command.tracking_number,
        carrier=command.carrier,
        lines=command.lines,
        sent_at=draft.now,
    )
    draft.add(_sent(draft, command.by, parcel, _receipt_anew(draft, state)))


def receive_return(draft: Draft, command: ReceiveReturn) -> None:
    """Draft that the merchant has one of the parcels. Raises Conflict `return.not_under_way`."""
    if draft.case.closed_at is not None:
        raise refusals.closed()
    parcel = parcel_of(draft.case, command.parcel)
    if parcel.state is not ReturnState.SENT:
        raise Conflict(
            Finding(
                code="return.not_under_way",
                field="parcel",
                message=Text(
                    f"退货包裹 {parcel.number} 不在途中",
                    f"return parcel {parcel.number} is not on the way",
                ),
            )
        )
    draft.add(
        ReturnReceived(at=draft.now, by=command.by.role, actor=command.by.id, number=parcel.number)
    )


def parcel_of(case: Case, number: int) -> ReturnParcel:
    """Return a return parcel by its number. Raises BadInput `return.no_such_parcel`."""
    found = next((p for p in case.returns if p.number == number), None)
    if found is None:
        raise BadInput(
            Finding(
                code="return.no_such_parcel",
                field="parcel",
                message=Text(f"没有第 {number} 个退货包裹", f"there is no return parcel {number}"),
            )
        )
    return found


def _send_first(draft: Draft, command: SendReturn, back: Action) -> None:
    payload: dict[str, Plain] = {**command.label, "tracking_number": command.tracking_number}
    if command.carrier:
        payload["carrier"] = command.carrier
    if command.return_freight_fen is not None:
        payload["return_freight_fen"] = command.return_freight_fen
    for name in back.needs:
        if not str(payload.get(name, "")).strip():
            raise refusals.missing_field(back, name)
    do(draft, Step(AFTER_SALE, back, command.by), payload)
    close_if_done(draft)


def _sent(
    draft: Draft, by: Actor, parcel: ReturnParcel, timers: tuple[Timer, ...] | None
) -> ReturnSent:
    return ReturnSent(at=draft.now, by=by.role, actor=by.id, parcel=parcel, timers=timers)


def _receipt(state: State) -> Action | None:
    """Return the action by which the merchant confirms that the goods are back."""
    return next((a for a in state.actions.values() if a.goods is Goods.RETURNED), None)


def _receipt_anew(draft: Draft, state: State) -> tuple[Timer, ...]:
    case = draft.case
    book = draft.playbook.books[case.tracks[AFTER_SALE].rulebook]
    others = tuple(t for t in case.timers if t.track != AFTER_SALE)
    return others + enter(draft, AFTER_SALE, state, book)


def _check_lines(case: Case, lines: Iterable[ParcelLine], *, except_number: int | None) -> None:
    """Refuse more of a line than is claimed, over all parcels together."""
    claimed = {line.line_id: line.quantity for line in case.claim_lines}
    gifts = {line.line_id: line.quantity for line in case.order.lines if line.gift}
    sent: Counter[str] = Counter()
    for parcel in case.returns:
        if parcel.number != except_number:
            for line in parcel.lines:
                sent[line.line_id] += line.quantity
    for index, line in enumerate(lines):
        sent[line.line_id] += line.quantity
        most = claimed.get(line.line_id, gifts.get(line.line_id, 0))
        if line.quantity < 1 or sent[line.line_id] > most:
            raise BadInput(
                Finding(
                    code="return.bad_parcel",
                    field=f"lines.{index}",
                    message=Text(
                        f"子订单 {line.line_id} 应退回 {most} 件",
                        f"{most} of line `{line.line_id}` are to go back",
                    ),
                )
            )


def _not_now(state: State) -> Conflict:
    return Conflict(
        Finding(
            code="return.not_now",
            message=Text(
                f"当前状态（{state.title.zh}）不能寄回商品",
                f"goods cannot be sent back while the case is at: {state.title.en}",
            ),
        )
    )
