"""Settlements and their entries: to the fen, from one pocket into another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.ledger import grant_entry, order_entry, payment_entry
from gongdao.core.remedies.settle import FreightLeg, advance_payout, settlement
from gongdao.core.remedies.transfer import (
    Channel,
    Grant,
    Purpose,
    Transfer,
    net_fen,
    reversed_transfers,
)

fen = st.integers(0, 10**9)
bearers = st.sampled_from((Party.BUYER, Party.MERCHANT, Party.CARRIER, Party.SHARED, Party.NONE))
legs = st.builds(
    FreightLeg,
    purpose=st.sampled_from((Purpose.OUTBOUND_FREIGHT, Purpose.RETURN_FREIGHT)),
    amount_fen=fen,
    prepaid_by=st.sampled_from((Party.BUYER, Party.MERCHANT)),
    bearer=bearers,
)


def leg(bearer: Party, prepaid_by: Party = Party.BUYER, amount_fen: int = 1001) -> FreightLeg:
    return FreightLeg(
        purpose=Purpose.RETURN_FREIGHT, amount_fen=amount_fen, prepaid_by=prepaid_by, bearer=bearer
    )


def test_who_bears_freight_repays_who_advanced_it() -> None:
    for bearer, buyer, merchant in (
        (Party.BUYER, 5000, -5000),
        (Party.MERCHANT, 6001, -6001),
        (Party.SHARED, 5501, -5501),
        (Party.CARRIER, 6001, -5000),
        (Party.NONE, 5000, -5000),
    ):
        plan = settlement(goods_fen=5000, legs=(leg(bearer),))
        assert (net_fen(plan, Party.BUYER), net_fen(plan, Party.MERCHANT)) == (buyer, merchant)


def test_freight_of_the_buyer_is_deducted_down_to_zero() -> None:
    plan = settlement(goods_fen=300, legs=(leg(Party.BUYER, Party.MERCHANT),))
    assert plan == (
        Transfer(
            giver=Party.MERCHANT, taker=Party.BUYER, amount_fen=300, purpose=Purpose.GOODS
        ),
        Transfer(
            giver=Party.BUYER, taker=Party.MERCHANT, amount_fen=300, purpose=Purpose.RETURN_FREIGHT
        ),
    )  # fmt: skip


def test_an_advance_payout_comes_back_from_the_merchant() -> None:
    plan = advance_payout(777)
    assert [net_fen(plan, p) for p in (Party.BUYER, Party.MERCHANT, Party.PLATFORM)] == [
        777,
        -777,
        0,
    ]
    assert advance_payout(0) == ()


def test_an_order_moves_its_price_once() -> None:
    assert [(p.account, p.amount_fen) for p in order_entry(14001)] == [
        (Party.BUYER, -14001),
        (Party.MERCHANT, 14001),
    ]
    assert order_entry(0) == ()


@given(goods=fen, legs=st.lists(legs, max_size=3).map(tuple), compensation=fen)
def test_every_settlement_conserves_and_never_takes_from_the_buyer(
    goods: int, legs: tuple[FreightLeg, ...], compensation: int
) -> None:
    plan = settlement(goods_fen=goods, legs=legs, compensation_fen=compensation)
    assert sum(net_fen(plan, party) for party in Party) == 0
    assert net_fen(plan, Party.BUYER) >= compensation
    assert all(t.amount_fen > 0 and t.giver is not t.taker for t in plan)
    grant = Grant(
        number=1, transfers=plan, channel=Channel.PLATFORM, state=MoneyState.GRANTED, cite=()
    )
    decided = grant_entry(grant)
    for state in (MoneyState.CONFIRMED, MoneyState.VOID):
        accounts: dict[str, int] = {}
        for posting in (*decided, *payment_entry(grant, state)):
            account = str(posting.account)
            accounts[account] = accounts.get(account, 0) + posting.amount_fen
        assert sum(accounts.values()) == 0
        assert accounts.get("payable", 0) == 0
        expected = net_fen(plan, Party.BUYER) if state is MoneyState.CONFIRMED else 0
        assert accounts.get("buyer", 0) == expected
    assert payment_entry(grant, MoneyState.SENT) == payment_entry(grant, MoneyState.FAILED) == ()


@given(goods=fen, legs=st.lists(legs, max_size=3).map(tuple), compensation=fen)
def test_undoing_a_settlement_leaves_the_buyer_what_he_has(
    goods: int, legs: tuple[FreightLeg, ...], compensation: int
) -> None:
    plan = settlement(goods_fen=goods, legs=legs, compensation_fen=compensation)
    back = reversed_transfers(plan, instead_of_buyer=Party.PLATFORM)
    assert sum(net_fen(back, party) for party in Party) == 0
    assert net_fen(back, Party.BUYER) >= 0
    assert net_fen(plan, Party.MERCHANT) + net_fen(back, Party.MERCHANT) == 0
