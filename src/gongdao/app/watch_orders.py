"""Watch over orders (跟单): unpaid ones expire by their clock, others follow their record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.decide_opening import Opening
from gongdao.app.open_many import open_many
from gongdao.app.playbooks import playbooks
from gongdao.core.cases.commands import Actor, FollowOrder
from gongdao.core.cases.model import Case, Order
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.store.cases import lock_cases, marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.held import Decision
from gongdao.store.order_cases import order_cases
from gongdao.store.record import record

#: The record of the marketplace acts for those who did what it shows.
RECORD = Actor(role=Role.OPERATOR, id="order-record")
_WATCHES = UUID("6f7a3b0e-54a0-4f0b-9a3b-0f4f0c6f2d11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What watching over a batch of orders did."""

    opened: int
    """Unpaid orders whose clock started."""
    moved: int
    """Orders whose process went on, or whose watch ended because they were paid."""
    refused: int
    """Unpaid orders whose platform has no process for them."""


def watch_orders(orders: Sequence[Order], *, now: datetime | None = None) -> Watched:
    """Start the clock of unpaid orders and let the processes of the others follow their record.

    Orders are known to the store already. Each unpaid order is watched once, from the instant it
    was placed; telling it again does nothing.
    """
    unpaid = [o for o in orders if o.payment == "online" and o.paid_at is None]
    live = [o for o in unpaid if o.cancelled_at is None]
    done = open_many([_watch(order, now) for order in live])
    moved = _follow([o for o in orders if o not in unpaid], now)
    return Watched(opened=len(done.opened), moved=moved, refused=len(done.refused))


def _watch(order: Order, now: datetime | None) -> Opening:
    return Opening(
        case_id=watch_id(order.shop_id, order.order_id),
        shop_id=order.shop_id,
        order_id=order.order_id,
        claim=Claim.REFUND_ONLY,
        reason=Reason.NOT_WANTED,
        by=RECORD,
        track="order",
        at=order.placed_at if now is None else max(order.placed_at, now),
    )


def watch_id(shop_id: str, order_id: str) -> str:
    """Return the id of the case that watches over an unpaid order: one order, one watch."""
    return str(uuid5(_WATCHES, f"{len(shop_id)}:{shop_id}:{order_id}"))


def _follow(orders: Sequence[Order], now: datetime | None) -> int:
    if not orders:
        return 0
    by_key = {(o.shop_id, o.order_id): o for o in orders}
    with transaction() as on:
        decided: list[Decision] = []
        for held in lock_cases(on, order_cases(on, list(by_key))):
            if not _runs_the_order(held.case):
                continue
            at = now or marketplace_now(on, held.marketplace_id)
            order = by_key[held.case.shop_id, held.case.order.order_id]
            fired, case = follow_clocks(held.case, _told_at(order, at))
            done, case = decide_now(case, FollowOrder(order=order, by=RECORD), at)
            if fired or done:
                decided.append(decision(held, fired + done, case, at))
        record(on, decided)
    return len(decided)


def running_order_case(shop_id: str, order_id: str) -> str | None:
    """Return the id of the open case that runs the order's own process; None: there is none."""
    with transaction() as on:
        for held in lock_cases(on, order_cases(on, [(shop_id, order_id)])):
            if _runs_the_order(held.case):
                return held.case.id
    return None


def _runs_the_order(case: Case) -> bool:
    track = case.tracks["after_sale"]
    process = playbooks().running(case, case.opened_at).process(track.rulebook, track.process)
    return process.serves.track == "order"


def _told_at(order: Order, now: datetime) -> datetime:
    """Return up to when the clocks may run out: a payment in time stops them, told late or not."""
    return min(now, order.paid_at) if order.paid_at is not None else now
