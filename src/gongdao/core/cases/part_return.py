"""Part returns (部分退货): what is kept of a bundle settles at its own price (LAW-7D-17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from gongdao.core.cases.entitlement import refunded_fen
from gongdao.core.cases.model import Case, ClaimLine, Order, OrderLine
from gongdao.core.kernel.money import allocate, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Goods, MoneyState

_REFUNDING = (Claim.REFUND_ONLY, Claim.RETURN_REFUND)


def bundle_refund_fen(
    paid_fen: int, lines: tuple[OrderLine, ...], returned: Mapping[str, int]
) -> int | None:
    """Return what goes back when `returned` (line -> quantity) leaves a bundle, in fen.

    What was paid, less what is kept at its own price (单价 of the whole line, by quantity); never
    below 0: what is kept and dearer than what was paid is not charged for. None when a kept line
    has no own price: the order was no bundle, and the refund is the returned goods' share of what
    was paid. A gift goes back with the goods; one that does not is charged when the parcel is
    inspected.
    """
    difference = _difference_fen(paid_fen, lines, returned)
    return None if difference is None else max(0, difference)


def next_refund_fen(
    order: Order, claimed: Mapping[str, int], before: Mapping[str, int]
) -> int | None:
    """Return what goes back of a bundle when `claimed` leaves it after `before` did, in fen.

    What all of it would have given together, less what the earlier returns gave by the same rule.
    None: the order is no bundle.
    """
    together = Counter(before) + Counter(claimed)
    all_fen = bundle_refund_fen(order.goods_fen, order.lines, together)
    before_fen = bundle_refund_fen(order.goods_fen, order.lines, before) if before else 0
    if all_fen is None or before_fen is None:
        return None
    return max(0, all_fen - before_fen)


def returned_before(cases: Iterable[Case]) -> dict[str, int]:
    """Return how many of each line went back, or were lost, and were settled with the buyer."""
    gone: Counter[str] = Counter()
    for case in cases:
        if _settled(case):
            gone.update({line.line_id: line.quantity for line in case.claim_lines})
    return dict(gone)


def not_kept(cases: Iterable[Case]) -> dict[str, int]:
    """Return how many of each line the buyer no longer keeps at the price paid.

    They are returned or lost, their price is refunded in full, or a case still open claims it back.
    """
    gone: Counter[str] = Counter()
    for case in cases:
        claimed_back = case.closed_at is None and case.claim in _REFUNDING
        if claimed_back or _settled(case) or _refunded_in_full(case):
            gone.update({line.line_id: line.quantity for line in case.claim_lines})
    return dict(gone)


def _refunded_in_full(case: Case) -> bool:
    """Whether the price of all that the case is about went back, the goods kept or not."""
    if case.claim is Claim.PRICE_PROTECTION:
        return False
    standing = [g for g in case.grants if g.state is not MoneyState.VOID]
    return 0 < case.goods_fen <= sum(refunded_fen(g.transfers) for g in standing)


def _settled(case: Case) -> bool:
    """Whether goods that went back were refunded, or came to nothing in a bundle."""
    if case.goods not in (Goods.RETURNED, Goods.LOST) or case.claim not in _REFUNDING:
        return False
    standing = [g for g in case.grants if g.state is not MoneyState.VOID]
    refunded = sum(refunded_fen(g.transfers) for g in standing) > 0
    return refunded or (case.closed_at is not None and case.requested_fen == 0)


def left_of(
    lines: tuple[ClaimLine, ...], order: Order, before: Mapping[str, int]
) -> tuple[ClaimLine, ...]:
    """Return the claimed lines of a bundle, part of which went back, at what is left of its price.

    Where that is more than their share of what was paid, the earlier part was settled lower for
    their being kept.
    """
    share = sum(line.goods_fen for line in lines)
    left = next_refund_fen(order, {li.line_id: li.quantity for li in lines}, before)
    if not before or left is None or left <= share:
        return lines
    weights = [line.goods_fen for line in lines]
    if not any(weights):
        weights = [1] * len(lines)
    shares = allocate(left, weights)
    return tuple(replace(li, goods_fen=fen) for li, fen in zip(lines, shares, strict=True))


def bundle_note(case: Case) -> Text | None:
    """Say how a part return of a bundle was reckoned; None: it was none."""
    order = case.order
    claimed = Counter({line.line_id: line.quantity for line in case.claim_lines})
    gone = claimed + Counter({li.line_id: li.quantity for li in case.returned_before})
    difference = _difference_fen(order.goods_fen, order.lines, gone)
    if difference is None or difference == order.goods_fen or case.claim not in _REFUNDING:
        return None
    refund_fen = case.requested_fen
    paid, kept = yuan(order.goods_fen), yuan(order.goods_fen - difference)
    if difference <= 0:
        return Text(
            f"套装部分退货：实付 {paid} 元，留下的商品按单价计 {kept} 元，已不低于实付，"
            "因此可退 0 元，差额不向买家收取",
            f"part of a bundle: {paid} yuan was paid, what is kept costs {kept} yuan by itself,"
            " no less than was paid; so 0 yuan goes back, and the buyer owes nothing",
        )
    return Text(
        f"套装部分退货：实付 {paid} 元，留下的商品按单价计 {kept} 元，可退 {yuan(refund_fen)} 元",
        f"part of a bundle: {paid} yuan was paid, what is kept costs {kept} yuan by itself;"
        f" {yuan(refund_fen)} yuan goes back",
    )


def _difference_fen(
    paid_fen: int, lines: tuple[OrderLine, ...], returned: Mapping[str, int]
) -> int | None:
    kept_fen = 0
    for line in lines:
        kept = line.quantity - min(line.quantity, returned.get(line.line_id, 0))
        if not kept or line.gift:
            continue
        if line.own_price_fen is None:
            return None
        kept_fen += line.own_price_fen * kept // line.quantity
    return paid_fen - kept_fen
