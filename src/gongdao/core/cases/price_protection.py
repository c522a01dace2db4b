"""Price protection (价保): the goods became cheaper after the purchase, the difference goes back.

What is asked is the difference between what was paid for the claimed quantities and what they cost
at the lower price seen. What was given back so lowers the price paid: a later return of the same
goods, or a further drop, settles at what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.entitlement import refunded_fen
from gongdao.core.cases.model import Case, ClaimLine, Order
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN, allocate, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, MoneyState, Reason


def check_price_asked(claim: Claim, reason: Reason, asked: tuple[LineAsked, ...]) -> None:
    """Refuse a price seen where no price protection is asked, and its lack where it is.

    Raises BadInput `case.price_needed`, `case.price_not_asked`, `case.reason_of_another_claim`.
    """
    protects = claim is Claim.PRICE_PROTECTION
    if protects is not (reason is Reason.PRICE_DROP):
        raise BadInput(
            Finding(
                code="case.reason_of_another_claim",
                field="reason",
                message=Text(
                    "“买后降价”是价保的原因，价保也只用此原因",
                    "`price_drop` is the reason of price protection, and its only one",
                ),
                cure=Text("请改选原因或诉求", "choose another reason, or another claim"),
            )
        )
    if protects and not asked:
        raise _price_needed("lines")
    for index, line in enumerate(asked):
        field = f"lines.{index}.seen_price_fen"
        if protects and line.seen_price_fen is None:
            raise _price_needed(field)
        if not protects and line.seen_price_fen is not None:
            raise BadInput(
                Finding(
                    code="case.price_not_asked",
                    field=field,
                    message=Text(
                        "只有价保申请填写所见低价",
                        "a price seen is given for price protection only",
                    ),
                    cure=Text(
                        "请删去，或改为申请价保", "leave it out, or ask for price protection"
                    ),
                )
            )


def check_kept(order: Order, asked: tuple[LineAsked, ...], not_kept: Mapping[str, int]) -> None:
    """Refuse more pieces of a line than the buyer keeps; unknown lines are judged elsewhere.

    Raises BadInput `case.pieces_not_kept`.
    """
    bought = {line.line_id: line.quantity for line in order.lines}
    for index, line in enumerate(asked):
        gone = not_kept.get(line.line_id, 0)
        kept = max(0, bought.get(line.line_id, 0) - gone)
        if gone and line.quantity > kept:
            raise _not_kept(index, line, gone, kept)


def _not_kept(index: int, line: LineAsked, gone: int, kept: int) -> BadInput:
    most = Text(f"数量请填写不超过 {kept} 件", f"ask for at most {kept}")
    if not kept:
        most = Text("请去掉此子订单", "leave this line out")
    return BadInput(
        Finding(
            code="case.pieces_not_kept",
            field=f"lines.{index}.quantity",
            message=Text(
                f"价保只保留下的商品：子订单 {line.line_id} 有 {gone} 件已退货、已退款"
                f"或正在退款，还剩 {kept} 件",
                f"only what is kept is protected: {gone} of line `{line.line_id}` are returned,"
                f" refunded, or being claimed back; {kept} are left",
            ),
            cure=Text(
                f"{most.zh}；正在退款的，可等该售后单结束后再申请",
                f"{most.en}; for what is being claimed back, wait until that case has ended",
            ),
        )
    )


def with_prices(
    lines: tuple[ClaimLine, ...], asked: tuple[LineAsked, ...]
) -> tuple[ClaimLine, ...]:
    """Return the claimed lines with what their quantity costs at the price seen.

    Raises BadInput `case.price_not_lower` for a price that is not below what was paid.
    """
    found: list[ClaimLine] = []
    for index, (line, ask) in enumerate(zip(lines, asked, strict=True)):
        price = ask.seen_price_fen
        if price is None:
            raise _price_needed(f"lines.{index}.seen_price_fen")
        if not 0 <= price <= LARGEST_FEN or price * line.quantity >= line.goods_fen:
            paid = yuan(line.goods_fen)
            raise BadInput(
                Finding(
                    code="case.price_not_lower",
                    field=f"lines.{index}.seen_price_fen",
                    message=Text(
                        f"所见单价须低于实付：{line.quantity} 件实付 {paid} 元",
                        f"the price seen is below the price paid: {paid} yuan for {line.quantity}",
                    ),
                    cure=Text(
                        "单价以分计，不含运费", "give the price of one in fen, without freight"
                    ),
                )
            )
        found.append(replace(line, seen_fen=price * line.quantity))
    return tuple(found)


def difference_fen(lines: Iterable[ClaimLine]) -> int:
    """Return what the claimed quantities cost less at the price seen, in fen."""
    return sum(line.goods_fen - line.seen_fen for line in lines if line.seen_fen is not None)


def given_back(cases: Iterable[Case]) -> dict[str, int]:
    """Return what price protection gave back of each order line, by the cases of one order."""
    back: dict[str, int] = {}
    for case in cases:
        if case.claim is not Claim.PRICE_PROTECTION:
            continue
        granted = sum(
            refunded_fen(g.transfers) for g in case.grants if g.state is not MoneyState.VOID
        )
        if granted <= 0:
            continue
        weights = [line.goods_fen - (line.seen_fen or 0) for line in case.claim_lines]
        for line, share in zip(case.claim_lines, allocate(granted, weights), strict=True):
            back[line.line_id] = back.get(line.line_id, 0) + share
    return back


def net_of(order: Order, back: Mapping[str, int]) -> Order:
    """Return the order with what was given back taken off the prices paid."""
    if not back:
        return order
    lines = tuple(
        replace(
            line,
            paid_fen=line.paid_fen - min(line.paid_fen, back.get(line.line_id, 0)),
            price_back_fen=line.price_back_fen + min(line.paid_fen, back.get(line.line_id, 0)),
        )
        for line in order.lines
    )
    return replace(order, lines=lines)


def _price_needed(field: str) -> BadInput:
    return BadInput(
        Finding(
            code="case.price_needed",
            field=field,
            message=Text(
                "申请价保须逐项填写商品、数量和所见低价",
                "price protection names the goods, their quantity and the lower price seen",
            ),
            cure=Text(
                "为每个子订单填写 quantity 和 seen_price_fen",
                "give `quantity` and `seen_price_fen` of each line",
            ),
        )
    )
