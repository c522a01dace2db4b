"""Take in orders (接入订单): imported or pushed by the marketplace; told again, kept once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from gongdao.app.audit_call import audited_rows
from gongdao.app.check_parcels import check_parcels, with_reach
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, not_visible
from gongdao.app.plain_values import check_text
from gongdao.app.privacy import seal_receivers
from gongdao.app.settle_orders import settle_orders
from gongdao.app.watch_orders import watch_orders
from gongdao.core.cases.model import Order
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.intake import write_orders
from gongdao.store.marketplaces import find_marketplace

BATCH = 5000
_REFUSALS = {
    "order.shop_elsewhere": Text("店铺属于另一平台市场", "the shop belongs to another marketplace"),
    "order.amount_changed": Text(
        "订单实付金额与已接入的不同", "the order was taken in with another amount paid"
    ),
    "order.identity_changed": Text(
        "订单的买家或下单时间与已接入的不同",
        "the order was taken in with another buyer or time of placing",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedOrder:
    """An order that was not taken in, and why."""

    shop_id: str
    order_id: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReport:
    """What became of the orders told."""

    new: int
    changed: int
    same: int
    refused: tuple[RefusedOrder, ...]


def tell_orders(
    caller: Caller, marketplace_id: str, orders: Iterable[Order], *, watch: bool = False
) -> IntakeReport:
    """Take in orders for a caller, logged with their number. Raises NotAllowed, NotVisible."""
    with audited_rows(caller, Verb.INTAKE_ORDERS) as counted:
        if marketplace_id not in caller.marketplace_ids:
            raise not_visible(MARKETPLACE, "marketplace_id")
        report = intake(marketplace_id, orders, watch=watch)
        counted.rows = report.new + report.changed + report.same + len(report.refused)
    return report


def intake(
    marketplace_id: str,
    orders: Iterable[Order],
    *,
    watch: bool = False,
    now: datetime | None = None,
) -> IntakeReport:
    """Take in orders, streaming; each batch is one transaction, or part of the caller's.

    With `watch`, unpaid orders expire by the platform's clock and told ones move their own
    process on; `now` is the instant of that in a simulation. An order is known by its shop and
    id. Its entry is posted to the ledger once it is paid, and it is settled once it has
    succeeded. Raises NotVisible for an unknown marketplace.
    """
    new = changed = told = 0
    refused: list[RefusedOrder] = []
    stream = iter(orders)
    with transaction() as on:
        if find_marketplace(on, marketplace_id) is None:
            raise not_visible(MARKETPLACE, "marketplace_id")
    while batch := list(islice(stream, BATCH)):
        told += len(batch)
        good: list[Order] = []
        for order in batch:
            try:
                check_order(order)
            except BadInput as refusal:
                refused.append(_refused(order.shop_id, order.order_id, refusal.findings[0]))
            else:
                good.append(with_reach(order))
        with transaction() as on:
            written = write_orders(on, marketplace_id, seal_receivers(on, marketplace_id, good))
            settle_orders(on, marketplace_id, good, written.told, now)
        if watch:
            kept = {(s, o) for s, o, _ in written.refused}
            told_orders = [o for o in good if (o.shop_id, o.order_id) not in kept]
            watch_orders(told_orders, now=now)
        new += written.new
        changed += written.changed
        for shop_id, order_id, code in written.refused:
            finding = Finding(code=code, field="order_id", message=_REFUSALS[code])
            refused.append(_refused(shop_id, order_id, finding))
    same = told - new - changed - len(refused)
    return IntakeReport(new=new, changed=changed, same=same, refused=tuple(refused))


def check_order(order: Order) -> None:
    """Raise BadInput for an order that cannot be: no lines, negative money, a time without zone."""
    for name in ("shop_id", "order_id", "buyer_id"):
        value = getattr(order, name)
        check_text(value, name)
        if not value.strip():
            raise _bad(name, Text("不能为空", "must not be empty"))
    if not order.lines:
        raise _bad("lines", Text("订单没有商品", "the order has no lines"))
    ids = [line.line_id for line in order.lines]
    if len(set(ids)) != len(ids):
        raise _bad("lines", Text("子订单号重复", "two lines have the same id"))
    for index, line in enumerate(order.lines):
        if line.quantity < 1 or not 0 <= line.paid_fen <= LARGEST_FEN:
            raise _bad(
                f"lines.{index}",
                Text(
                    "数量须为正数，金额不能为负", "a quantity is positive, an amount not negative"
                ),
            )
    if not 0 <= order.freight_fen <= LARGEST_FEN:
        raise _bad("freight_fen", Text("运费不能为负", "freight is not negative"))
    for name in _INSTANTS:
        instant = getattr(order, name)
        if instant is not None and instant.tzinfo is None:
            raise _bad(name, Text("时刻须带时区", "an instant needs an offset"))
    check_parcels(order)


_INSTANTS = (
    "placed_at",
    "paid_at",
    "promised_ship_at",
    "shipped_at",
    "promised_delivery_at",
    "signed_at",
    "succeeded_at",
    "cancelled_at",
)


def _refused(shop_id: str, order_id: str, finding: Finding) -> RefusedOrder:
    return RefusedOrder(shop_id=shop_id, order_id=order_id, finding=finding)


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(Finding(code="order.bad_value", field=field, message=message))
