"""Transfers and grants (划转): the only way money moves between the parties of a case.

A transfer names who gives, who gets, how much and what for. A grant is a set of transfers decided
at one moment. Because every transfer has both ends, a grant can neither create nor lose a fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState, Party


class Purpose(StrEnum):
    """What a transfer is for (用途)."""

    GOODS = "goods"
    OUTBOUND_FREIGHT = "outbound_freight"
    RETURN_FREIGHT = "return_freight"
    COMPENSATION = "compensation"
    ADVANCE = "advance"
    RECOUPMENT = "recoupment"
    REVERSAL = "reversal"


PURPOSE_LABELS: dict[Purpose, Text] = {
    Purpose.GOODS: Text("货款", "price of the goods"),
    Purpose.OUTBOUND_FREIGHT: Text("发货运费", "outbound freight"),
    Purpose.RETURN_FREIGHT: Text("退货运费", "return freight"),
    Purpose.COMPENSATION: Text("赔付", "compensation"),
    Purpose.ADVANCE: Text("先行赔付", "advance payout"),
    Purpose.RECOUPMENT: Text("追偿", "recoupment"),
    Purpose.REVERSAL: Text("冲回", "reversal"),
}


class Channel(StrEnum):
    """Who hands the money over."""

    PLATFORM = "platform"
    """The marketplace's payment system, on instruction."""
    MERCHANT = "merchant"
    """The merchant himself, outside the platform, proven by a voucher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money that one party gives another."""

    giver: Party
    taker: Party
    amount_fen: int
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Transfers decided together (退款决定); paid, and confirmed as paid, as one."""

    number: int
    """1, 2, 3 … within the case; with the case id it is the idempotent payment reference."""
    transfers: tuple[Transfer, ...]
    channel: Channel
    state: MoneyState
    cite: tuple[str, ...]
    external_ref: str | None = None
    """The payment system's own reference, once it has confirmed."""

    def net_fen(self, party: Party) -> int:
        """Return what `party` gains (positive) or gives (negative) by this grant, in fen."""
        return net_fen(self.transfers, party)


def net_fen(transfers: tuple[Transfer, ...], party: Party) -> int:
    """Return what `party` gains (positive) or gives (negative) by `transfers`, in fen."""
    gained = sum(t.amount_fen for t in transfers if t.taker is party)
    return gained - sum(t.amount_fen for t in transfers if t.giver is party)


def reversed_transfers(
    transfers: tuple[Transfer, ...], *, instead_of_buyer: Party
) -> tuple[Transfer, ...]:
    """Return the transfers that undo `transfers`.

    What the buyer already received is given back by `instead_of_buyer` (the platform, whose ruling
    it was), never taken out of the buyer's pocket.
    """
    return tuple(
        Transfer(
            giver=instead_of_buyer if t.taker is Party.BUYER else t.taker,
            taker=t.giver,
            amount_fen=t.amount_fen,
            purpose=Purpose.REVERSAL,
        )
        for t in transfers
        if not (t.taker is Party.BUYER and t.giver is instead_of_buyer)
    )
