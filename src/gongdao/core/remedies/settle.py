"""Settlement plan (结算方案): a refund, the freight of both ways and compensation as transfers.

Freight is allocated by comparing who bears a parcel with who already paid for it: the bearer
repays the one who advanced it. What the buyer owes is deducted from the refund, never more.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.core.kernel.money import allocate
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.transfer import Purpose, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightLeg:
    """One parcel's freight (运费): how much, who paid it so far, who is to bear it."""

    purpose: Purpose
    amount_fen: int
    prepaid_by: Party
    bearer: Party


def freight_transfers(leg: FreightLeg) -> tuple[Transfer, ...]:
    """Return the repayments that put a parcel's freight where it belongs."""
    if leg.bearer is Party.NONE or leg.amount_fen == 0:
        return ()
    if leg.bearer is Party.SHARED:
        halves = allocate(leg.amount_fen, [1, 1])
        bearers = list(zip((Party.MERCHANT, Party.BUYER), halves, strict=True))
    else:
        bearers = [(leg.bearer, leg.amount_fen)]
    return tuple(
        Transfer(giver=bearer, taker=leg.prepaid_by, amount_fen=amount, purpose=leg.purpose)
        for bearer, amount in bearers
        if bearer is not leg.prepaid_by and amount
    )


def settlement(
    *,
    goods_fen: int,
    legs: tuple[FreightLeg, ...] = (),
    compensation_fen: int = 0,
    refund_from: Party = Party.MERCHANT,
) -> tuple[Transfer, ...]:
    """Return the transfers of a settlement: refund, freight, compensation; all amounts in fen.

    The buyer's share of freight is deducted from the refund at most down to zero.
    """
    if goods_fen < 0 or compensation_fen < 0:
        raise ValueError("a settlement grants amounts, it does not take them")
    plan: list[Transfer] = []
    if goods_fen:
        plan.append(
            Transfer(
                giver=refund_from, taker=Party.BUYER, amount_fen=goods_fen, purpose=Purpose.GOODS
            )
        )
    left = goods_fen
    for transfer in (t for leg in legs for t in freight_transfers(leg)):
        if transfer.giver is Party.BUYER:
            amount = min(left, transfer.amount_fen)
            left -= amount
            if amount:
                plan.append(
                    Transfer(
                        giver=Party.BUYER,
                        taker=transfer.taker,
                        amount_fen=amount,
                        purpose=transfer.purpose,
                    )
                )
        else:
            plan.append(transfer)
    if compensation_fen:
        plan.append(
            Transfer(
                giver=Party.MERCHANT,
                taker=Party.BUYER,
                amount_fen=compensation_fen,
                purpose=Purpose.COMPENSATION,
            )
        )
    return tuple(plan)


def advance_payout(amount_fen: int) -> tuple[Transfer, ...]:
    """Return an advance payout (先行赔付): the platform pays, the merchant's deposit repays."""
    if amount_fen <= 0:
        return ()
    return (
        Transfer(
            giver=Party.PLATFORM,
            taker=Party.BUYER,
            amount_fen=amount_fen,
            purpose=Purpose.ADVANCE,
        ),
        Transfer(
            giver=Party.MERCHANT,
            taker=Party.PLATFORM,
            amount_fen=amount_fen,
            purpose=Purpose.RECOUPMENT,
        ),
    )
