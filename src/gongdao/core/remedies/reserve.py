"""Reserve (结算准备金): part of what is settled to a merchant, kept back for a while.

When an order is settled, what the shop owes its deposit is taken first, then the reserve is kept.
What the platform recoups comes out of the reserve, the earliest released first, then out of the
deposit; so a shop that owes its deposit has no reserve left. All amounts are fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongdao.core.kernel.words import Party
from gongdao.core.remedies.ledger import DEPOSIT, RESERVE, Posting, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How an order's money was settled to its merchant."""

    recouped_fen: int
    """Taken for what the shop owed its deposit."""
    reserved_fen: int


def settle(settled_fen: int, owed_fen: int, reserve_fen: int) -> Settled:
    """Return what is taken from `settled_fen` for `owed_fen`, and what of the rest is kept."""
    recouped = max(0, min(settled_fen, owed_fen))
    return Settled(
        recouped_fen=recouped, reserved_fen=max(0, min(settled_fen - recouped, reserve_fen))
    )


def draw(amount_fen: int, left_fen: Sequence[int]) -> tuple[int, ...]:
    """Return what is taken from each of the reserves `left_fen`, in their order."""
    taken: list[int] = []
    for left in left_fen:
        take = max(0, min(amount_fen, left))
        amount_fen -= take
        taken.append(take)
    return tuple(taken)


def settlement_entry(settled: Settled) -> tuple[Posting, ...]:
    """Return the entry of an order's settlement beyond the order's own."""
    return (
        *_moved(Party.MERCHANT, DEPOSIT, settled.recouped_fen, "shortfall"),
        *_moved(Party.MERCHANT, RESERVE, settled.reserved_fen, "reserve"),
    )


def release_entry(left_fen: int) -> tuple[Posting, ...]:
    """Return the entry of a reserve given back to the merchant."""
    return _moved(RESERVE, Party.MERCHANT, left_fen, "reserve_release")


def draw_entry(taken_fen: int) -> tuple[Posting, ...]:
    """Return the entry by which the reserve makes good what was recouped from the deposit."""
    return _moved(RESERVE, DEPOSIT, taken_fen, "recoupment")


def undone_entry(taken_fen: int, *, released: bool) -> tuple[Posting, ...]:
    """Return the entry that gives back what was taken: to the merchant where its time is over."""
    return _moved(DEPOSIT, Party.MERCHANT if released else RESERVE, taken_fen, "recoupment")


def _moved(giver: str, taker: str, amount_fen: int, purpose: str) -> tuple[Posting, ...]:
    return pair(giver, taker, amount_fen, purpose) if amount_fen else ()
