"""Entries: what a decision takes from which account, and that each sums to zero."""

from __future__ import annotations

import pytest

from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.ledger import DEPOSIT, PAYABLE, grant_entry, payment_entry
from gongdao.core.remedies.transfer import Channel, Grant, Purpose, Transfer


@pytest.mark.parametrize(
    ("giver", "taker", "source"),
    [
        (Party.MERCHANT, Party.PLATFORM, DEPOSIT),
        (Party.CARRIER, Party.MERCHANT, Party.CARRIER),
        (Party.INSURER, Party.MERCHANT, Party.INSURER),
    ],
)
def test_what_is_recouped_comes_out_of_the_deposit_of_a_merchant_only(
    giver: Party, taker: Party, source: str
) -> None:
    transfer = Transfer(giver=giver, taker=taker, amount_fen=700, purpose=Purpose.RECOUPMENT)
    grant = Grant(
        number=1,
        transfers=(transfer,),
        channel=Channel.PLATFORM,
        state=MoneyState.GRANTED,
        cite=("X",),
    )
    decided, withdrawn = grant_entry(grant), payment_entry(grant, MoneyState.VOID)
    assert {p.account: p.amount_fen for p in decided} == {source: -700, PAYABLE: 700}
    assert {p.account: p.amount_fen for p in withdrawn} == {source: 700, PAYABLE: -700}
