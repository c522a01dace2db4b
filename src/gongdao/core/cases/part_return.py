"""Part returns (部分退货): what is kept of a bundle settles at its own price (LAW-7D-17)."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.cases.model import OrderLine


def bundle_refund_fen(
    paid_fen: int, lines: tuple[OrderLine, ...], returned: Mapping[str, int]
) -> int | None:
    """Return what goes back when `returned` (line -> quantity) leaves a bundle, in fen.

    What was paid, less what is kept at its own price (单价 of the whole line, by quantity); never
    below 0, the difference is then the buyer's to pay. None when a kept line has no own price: the
    order was no bundle, and the refund is the returned goods' share of what was paid. A gift goes
    back with the goods; one that does not is charged when the parcel is inspected.
    """
    kept_fen = 0
    for line in lines:
        kept = line.quantity - returned.get(line.line_id, 0)
        if not kept or line.gift:
            continue
        if line.own_price_fen is None:
            return None
        kept_fen += line.own_price_fen * kept // line.quantity
    return max(0, paid_fen - kept_fen)
