"""Ledger (账本): double entries made from what happened; every entry sums to zero.

Deciding to pay moves the amount from the giver to what is payable; the confirmed payment moves it
on to the taker; a grant withdrawn before payment moves it back. So the payable account shows at any
time what has been decided and not yet been paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState, Party, label
from gongdao.core.remedies.transfer import PURPOSE_LABELS, Grant, Purpose, Transfer

#: Account of what is decided and not yet paid.
PAYABLE = "payable"
#: Account of the merchant's deposit (保证金): what he paid in, less what was recouped from it.
DEPOSIT = "deposit"
#: Account of what is kept back of settled orders (结算准备金), until its time is over.
RESERVE = "reserve"

_LABELS = {
    PAYABLE: Text("已决定、未支付", "decided, not yet paid"),
    DEPOSIT: Text("商家保证金", "merchant's deposit"),
    RESERVE: Text("结算准备金", "settlement reserve"),
}
#: What entries are for that no case decides.
_PURPOSES = {
    "order": Text("订单付款", "payment of the order"),
    "deposit": Text("保证金缴存与提取", "deposit paid in or out"),
    "reserve": Text("留存准备金", "kept in reserve"),
    "reserve_release": Text("释放准备金", "reserve released"),
    "shortfall": Text("结算款抵扣保证金欠款", "settlement taken for what the deposit lacks"),
    "written_off": Text("核销", "written off"),
    "refunded_outside": Text("平台外退款", "refund made outside"),
}


def account_label(account: str) -> Text:
    """Return what people read for a ledger account: a party, what is payable, or a shop's fund."""
    return label(Party(account)) if account in set(Party) else _LABELS[account]


def purpose_label(purpose: str) -> Text:
    """Return what people read for what a ledger line is for; its own word when it has no label."""
    if purpose in set(Purpose):
        return PURPOSE_LABELS[Purpose(purpose)]
    return _PURPOSES.get(purpose, Text(purpose, purpose))


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of an entry: an account gains (positive) or gives (negative) fen."""

    account: str
    """A party, `payable`, `deposit` or `reserve`."""
    amount_fen: int
    purpose: str


def order_entry(paid_fen: int) -> tuple[Posting, ...]:
    """Return the entry of a paid order: the buyer gave, the merchant got."""
    if paid_fen == 0:
        return ()
    return (
        Posting(account=Party.BUYER, amount_fen=-paid_fen, purpose="order"),
        Posting(account=Party.MERCHANT, amount_fen=paid_fen, purpose="order"),
    )


def grant_entry(grant: Grant) -> tuple[Posting, ...]:
    """Return the entry of a decision to pay."""
    return tuple(
        posting
        for t in grant.transfers
        for posting in pair(_source(t), PAYABLE, t.amount_fen, t.purpose)
    )


def payment_entry(grant: Grant, state: MoneyState) -> tuple[Posting, ...]:
    """Return the entry that a payment's progress makes; sending and failing post nothing."""
    if state is MoneyState.CONFIRMED:
        return tuple(
            p for t in grant.transfers for p in pair(PAYABLE, t.taker, t.amount_fen, t.purpose)
        )
    if state is MoneyState.VOID:
        return tuple(
            p for t in grant.transfers for p in pair(PAYABLE, _source(t), t.amount_fen, t.purpose)
        )
    return ()


def _source(transfer: Transfer) -> str:
    """What the platform advanced comes back out of the merchant's deposit.

    A carrier who makes a loss good has none: what he owes is his own.
    """
    recouped = transfer.purpose is Purpose.RECOUPMENT and transfer.giver is Party.MERCHANT
    return DEPOSIT if recouped else transfer.giver


def from_deposit_fen(grant: Grant) -> int:
    """Return what the grant takes out of the merchant's deposit, in fen."""
    return sum(t.amount_fen for t in grant.transfers if _source(t) == DEPOSIT)


def pair(giver: str, taker: str, amount_fen: int, purpose: str) -> tuple[Posting, Posting]:
    """Return the two lines by which `amount_fen` goes from one account to another."""
    return (
        Posting(account=giver, amount_fen=-amount_fen, purpose=purpose),
        Posting(account=taker, amount_fen=amount_fen, purpose=purpose),
    )
