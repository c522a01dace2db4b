"""Open (申请售后): the buyer asks; the platform's process for such a claim begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gongdao.core.cases.commands import LineAsked, OpenCase
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import Opened
from gongdao.core.cases.facts import claim_facts, order_facts
from gongdao.core.cases.model import ClaimLine, Order, OrderLine, Track
from gongdao.core.cases.part_return import left_of, next_refund_fen
from gongdao.core.cases.playbook import Playbook
from gongdao.core.cases.price_protection import (
    check_kept,
    check_price_asked,
    difference_fen,
    net_of,
    with_prices,
)
from gongdao.core.cases.timers import timers_of
from gongdao.core.cases.verbs.follow_order import ask_to_cancel, catch_up_with
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import allocate, yuan
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.words import Claim, Goods, Party
from gongdao.core.remedies.parcel import ParcelLine
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Value

_GOODS = {
    "shipped": Goods.IN_TRANSIT,
    "received": Goods.WITH_BUYER,
    "succeeded": Goods.WITH_BUYER,
}
_NOTHING: Mapping[str, int] = {}
#: Claims whose very object is money.
_MONEY_CLAIMS = (Claim.REFUND_ONLY, Claim.RETURN_REFUND, Claim.PRICE_PROTECTION)


def open_case(draft: Draft, command: OpenCase) -> None:
    """Draft the opening of a case: what is claimed, under which process, until when."""
    order = net_of(command.order, command.price_back)
    command = replace(command, order=order)
    check_price_asked(command.claim, command.reason, command.lines)
    if command.claim is Claim.PRICE_PROTECTION:
        check_kept(order, command.lines, command.not_kept)
    lines = left_of(claim_lines(order, command.lines, command.returned), order, command.returned)
    if command.claim is Claim.PRICE_PROTECTION:
        lines = with_prices(lines, command.lines)
    refundable = _refundable(command, lines)
    requested = _requested(command, lines, refundable)
    claimed = {line.line_id: line.quantity for line in lines}
    facts = order_facts(order, draft.now, claimed, command.reason)
    facts.update(claim_facts(command.claim, command.reason, requested, lines))
    facts["opened_at"] = draft.now
    if command.track == "after_sale":
        check_admitted(order, draft.playbook, command.claim, facts)
    book, process = draft.playbook.choose(command.track, command.claim, facts)
    state = process.states[process.start]
    draft.add(
        Opened(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            case_id=command.case_id,
            order=order,
            claim=command.claim,
            reason=command.reason,
            claim_lines=lines,
            requested_fen=requested,
            refundable_fen=refundable,
            description=command.description,
            returned_before=tuple(
                ParcelLine(line_id=name, quantity=count)
                for name, count in sorted(command.returned.items())
            ),
            goods=_GOODS.get(str(facts["order_stage"]), Goods.WITH_MERCHANT),
            track=Track(
                rulebook=book.ref, process=process.name, state=state.name, entered_at=draft.now
            ),
            timers=timers_of("after_sale", state, draft.now, facts),
        )
    )
    if command.track == "order":
        catch_up_with(draft, order)
        if command.cancel:
            ask_to_cancel(draft, command.reason)


def claim_lines(
    order: Order, asked: tuple[LineAsked, ...], returned: Mapping[str, int] = _NOTHING
) -> tuple[ClaimLine, ...]:
    """Return the claimed quantities with their exact share of what was paid, in fen.

    Without `asked`, all of the order that has not gone back before (`returned`). Raises BadInput
    for an unknown line, a line named twice, or a quantity that was not bought or is back already.
    """
    given = bool(asked)
    if not asked:
        gone = returned if any(_left(li, returned) for li in order.lines) else _NOTHING
        asked = tuple(
            LineAsked(line_id=li.line_id, quantity=left)
            for li in order.lines
            if (left := _left(li, gone))
        )
    by_id = {line.line_id: line for line in order.lines}
    chosen: list[ClaimLine] = []
    for index, ask in enumerate(asked):
        line = by_id.pop(ask.line_id, None)
        if line is None:
            raise _bad_line(
                f"lines.{index}.line_id",
                Text(
                    f"订单没有子订单 {ask.line_id}，或重复填写",
                    f"the order has no line `{ask.line_id}`, or it is named twice",
                ),
            )
        if not 0 < ask.quantity <= _left(line, returned if given else _NOTHING):
            raise _bad_quantity(index, line, returned)
        share = allocate(line.paid_fen, [ask.quantity, line.quantity - ask.quantity])[0]
        chosen.append(ClaimLine(line_id=line.line_id, quantity=ask.quantity, goods_fen=share))
    return tuple(chosen)


def _left(line: OrderLine, returned: Mapping[str, int]) -> int:
    return max(0, line.quantity - returned.get(line.line_id, 0))


def _bad_quantity(index: int, line: OrderLine, returned: Mapping[str, int]) -> BadInput:
    left, back = _left(line, returned), returned.get(line.line_id, 0)
    if left < 1:
        message = Text(
            f"子订单 {line.line_id} 已全部退回", f"all of line `{line.line_id}` is back already"
        )
    elif back:
        message = Text(
            f"数量须在 1 到 {left} 之间（已退回 {back} 件）",
            f"the quantity is between 1 and {left}; {back} are back already",
        )
    else:
        message = Text(f"数量须在 1 到 {left} 之间", f"the quantity is between 1 and {left}")
    return _bad_line(f"lines.{index}.quantity", message)


def _refundable(command: OpenCase, lines: tuple[ClaimLine, ...]) -> int:
    """Return the most the case may ever refund: its lines and their share of the buyer's freight.

    For price protection, the difference in price alone. It is held for this case until it closes,
    so that two cases cannot promise the same fen. Raises Conflict `case.nothing_left` when money is
    claimed and all of it is refunded or held already.
    """
    order, goods_fen = command.order, sum(line.goods_fen for line in lines)
    freight = order.freight_fen if order.freight_prepaid_by is Party.BUYER else 0
    others = order.goods_fen - goods_fen
    share = allocate(freight, [goods_fen, others])[0] if others > 0 else freight
    most = difference_fen(lines) or goods_fen + share
    left = min(most, command.refundable_fen)
    if left <= 0 < most and command.claim in _MONEY_CLAIMS:
        raise Conflict(
            Finding(
                code="case.nothing_left",
                message=Text(
                    "订单实付金额已全部退还，或已在其他售后单中处理",
                    "all that was paid is refunded, or claimed in another case still open",
                ),
                cure=Text(
                    "请等待其他售后单结束，或撤销后重新申请",
                    "wait for the other case to end, or withdraw it and ask again",
                ),
            )
        )
    return max(0, left)


def _requested(command: OpenCase, claimed: tuple[ClaimLine, ...], refundable_fen: int) -> int:
    order = command.order
    goods_fen = sum(line.goods_fen for line in claimed)
    whole = goods_fen >= order.goods_fen
    freight = order.freight_fen if whole and order.freight_prepaid_by is Party.BUYER else 0
    most = min(goods_fen + freight, refundable_fen)
    bundle = next_refund_fen(order, {c.line_id: c.quantity for c in claimed}, command.returned)
    if bundle is not None and not whole and command.claim is not Claim.PRICE_PROTECTION:
        most = min(most, bundle)
    if command.requested_fen is None:
        return most
    if not 0 <= command.requested_fen <= most:
        raise BadInput(
            Finding(
                code="case.claim_exceeds_paid",
                field="requested_fen",
                message=Text(
                    f"申请金额须在 0 到 {yuan(most)} 元之间",
                    f"ask for an amount between 0 and {yuan(most)} yuan",
                ),
                cure=Text(
                    "金额不能超过实付且尚未退还的部分",
                    "no more than was paid and is not yet refunded",
                ),
            )
        )
    return command.requested_fen


def check_admitted(order: Order, playbook: Playbook, claim: Claim, facts: dict[str, Value]) -> None:
    """Raise Conflict when nothing was paid to give back, or the rules do not accept the claim."""
    _paid_for(order)
    _admit(playbook, claim, facts)


def _paid_for(order: Order) -> None:
    """Refuse a request on what was never paid, whose refund would come out of nothing."""
    if order.settled_at is None:
        raise Conflict(
            Finding(
                code="case.order_unpaid",
                field="order_id",
                message=Text("订单尚未付款，无款可退", "the order is unpaid; nothing to refund"),
                cure=Text(
                    "请取消订单，货到付款的也可拒收",
                    "cancel the order, or refuse the parcel when it is paid at the door",
                ),
            )
        )


def _admit(playbook: Playbook, claim: Claim, facts: dict[str, Value]) -> None:
    """Refuse what the platform's rules say is not accepted; unknown facts do not bar the door."""
    for book, table in playbook.asked("admission", claim):
        known = {k: v for k, v in facts.items() if k in book.facts}
        answer = evaluate(book, table, known)
        if answer.status == "decided" and answer.outputs.get("accepted") is False:
            clauses = list_in(tuple(book.sources[c].text for c in answer.cite if c in book.sources))
            raise Conflict(
                Finding(
                    code="case.not_accepted",
                    message=Text(
                        f"平台规则不予受理：{clauses.zh}",
                        f"the platform's rules do not accept it: {clauses.en}",
                    ),
                )
            )


def _bad_line(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="case.bad_line", field=field, message=message))
