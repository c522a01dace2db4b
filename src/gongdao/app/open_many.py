"""Open many cases at once: an import or a simulation, not a person at a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongdao.app.decide_opening import Opening
from gongdao.app.force_majeure.at_opening import StandingDeclarations
from gongdao.app.permissions import ORDER, not_visible
from gongdao.app.privacy import seal_command
from gongdao.app.shop_address import ShopAddresses
from gongdao.app.strategies import strategies_of
from gongdao.core.cases.strategy import Strategy
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Role
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Decision
from gongdao.store.orders import KnownOrder, known_cases, lock_orders
from gongdao.store.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMany:
    """What became of a set of openings."""

    opened: tuple[str, ...]
    already: tuple[str, ...]
    """Case ids that existed before: opening them again does nothing."""
    refused: tuple[tuple[str, Refused], ...]
    """Case id, and why it was not opened."""


def open_many(openings: Sequence[Opening]) -> OpenedMany:
    """Open these cases in one transaction, in the order given; a refused one bars no other.

    Repeating the call opens nothing twice, because the case ids come with the openings.
    """
    opened: dict[str, Decision] = {}
    refused: list[tuple[str, Refused]] = []
    with transaction() as on:
        orders = {(o.shop_id, o.order_id) for o in openings}
        known = {(k.order.shop_id, k.order.order_id): k for k in lock_orders(on, sorted(orders))}
        already = known_cases(on, [o.case_id for o in openings])
        strategies = strategies_of(on, {o.shop_id for o in openings})
        shops, declared = ShopAddresses(on), StandingDeclarations(on)
        for opening in openings:
            if opening.case_id in already or opening.case_id in opened:
                continue
            try:
                decided = _open(on, opening, known, shops, strategies.get(opening.shop_id, ()))
                decided = declared.over(decided, decided.after.opened_at)
            except Refused as refusal:
                refused.append((opening.case_id, refusal))
            else:
                opened[opening.case_id] = decided
        record(on, list(opened.values()))
    return OpenedMany(opened=tuple(opened), already=tuple(sorted(already)), refused=tuple(refused))


def _open(
    on: Connection,
    opening: Opening,
    known: dict[tuple[str, str], KnownOrder],
    shops: ShopAddresses,
    strategies: Sequence[Strategy],
) -> Decision:
    key = (opening.shop_id, opening.order_id)
    order = known.get(key)
    if order is None:
        raise not_visible(ORDER, "order_id")
    at = opening.at or marketplace_now(on, order.marketplace_id)
    sealed = seal_command(on, order.marketplace_id, order.order, Role.BUYER, opening)
    decided = shops.decide_opening(sealed, order, at, strategies)
    left = order.refundable_fen - decided.after.refundable_fen
    known[key] = replace(order, refundable_fen=left)
    return decided
