"""Cases opened together, joined and separated, over the database."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from gongdao.app.act import act
from gongdao.app.intake_orders import intake
from gongdao.app.join_act import record_in_all
from gongdao.app.join_cases import join
from gongdao.app.join_open import open_together
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible, Refused
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.postgres import Address
from tests.app.joining import (
    PROVEN,
    ask,
    code_of,
    in_review,
    now_of,
    open_by,
    show,
    together,
)
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    SHOP,
    T0,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)


def test_a_buyer_asks_on_several_orders_in_one_call(db: Address) -> None:
    with_orders(3)
    first, second, third = together(1, 2, 3)
    assert [c.order.order_id for c in (first, second, third)] == ["o1", "o2", "o3"]
    assert first.joined is not None
    assert first.joined.members == tuple(c.id for c in (first, second, third))
    assert {c.joined for c in (first, second, third)} == {first.joined}
    assert rows("SELECT kind FROM event WHERE case_id = %s ORDER BY seq", first.id) == [
        ("opened",), ("joined",),
    ]  # fmt: skip
    assert one("SELECT count(DISTINCT group_id) FROM joined_case") == 1
    assert one("SELECT count(*) FROM audit_log WHERE verb = 'open_case' AND result = 'done'") == 3
    again = open_together(BUYER, SHOP, [ask(n) for n in (1, 2, 3)], key="open", now=T0 + HOUR)
    assert [o.case.id for o in again] == [first.id, second.id, third.id]
    assert all(o.repeated for o in again)
    assert one("SELECT count(*) FROM cases") == 3
    with pytest.raises(Conflict) as refusal:
        open_together(BUYER, SHOP, [ask(1), ask(2)], key="open", now=T0)
    assert code_of(refusal) == "command.key_reused"
    everything_holds()


def test_all_are_opened_or_none(db: Address) -> None:
    with_orders(2)
    for asked, code, field in (
        ([ask(1), ask(9)], "not_visible", "requests.1.order_id"),
        (
            [ask(1), ask(2, requested_fen=10**9)],
            "case.claim_exceeds_paid",
            "requests.1.requested_fen",
        ),
        ([ask(1)], "joined.too_few", "requests"),
    ):
        with pytest.raises(Refused) as refusal:
            open_together(BUYER, SHOP, asked, key=str(uuid4()), now=T0)
        assert refusal.value.findings[0].field == field
        assert code_of(refusal) == code
    with pytest.raises(NotVisible):
        open_together(OTHER_BUYER, SHOP, [ask(1), ask(2)], key="x", now=T0)
    with pytest.raises(NotAllowed):
        open_together(MERCHANT, SHOP, [ask(1), ask(2)], key="x", now=T0)
    assert one("SELECT count(*) FROM cases") == 0
    assert one("SELECT sum(held_fen) FROM orders") == 0
    assert rows("SELECT DISTINCT result FROM audit_log WHERE verb = 'open_case'") == [
        ("case.claim_exceeds_paid",)
    ]


def test_two_requests_on_one_order_share_what_is_left_of_it(db: Address) -> None:
    with_orders(1)
    from gongdao.core.cases.commands import LineAsked

    asked = [ask(1, lines=(LineAsked(line_id=line, quantity=1),)) for line in ("1", "2")]
    outcomes = open_together(BUYER, SHOP, asked, key="k", now=T0, preview=True)
    assert [o.case.requested_fen for o in outcomes]
    assert one("SELECT count(*) FROM cases") == 0
    first, second = open_together(BUYER, SHOP, asked, key="k", now=T0)
    assert first.case.refundable_fen + second.case.refundable_fen <= 14001
    everything_holds()


def test_cases_opened_apart_are_joined_with_a_reason(db: Address) -> None:
    with_orders(3)
    one_case, other = opened(1), opened(2)
    shown = show(BUYER, one_case, "先前")
    with pytest.raises(BadInput) as refusal:
        join(ARBITRATOR, [one_case.id, other.id], " ", key="k", now=T0 + HOUR)
    assert code_of(refusal) == "joined.reason_required"
    done = join(ARBITRATOR, [one_case.id, other.id], "同一批次", key="k", now=T0 + 2 * HOUR)
    assert [o.case.id for o in done] == [one_case.id, other.id]
    assert {o.case.joined for o in done if o.case.joined is not None} == {done[0].case.joined}
    (item,) = done[1].case.evidence
    assert (item.id, item.given_in, item.digest) == (
        shown.evidence[0].id, one_case.id, shown.evidence[0].digest,
    )  # fmt: skip
    assert item.at == T0 + 2 * HOUR
    assert join(ARBITRATOR, [one_case.id, other.id], "同一批次", key="k", now=T0)[1].repeated
    third = opened(3)
    grown = join(OPERATOR, [other.id, third.id], "亦同", key="k2", now=T0 + 3 * HOUR)
    assert len(grown) == 3
    assert {o.case.joined.group for o in grown if o.case.joined} == {
        done[0].case.joined.group if done[0].case.joined else ""
    }
    assert [e.given_in for e in grown[2].case.evidence] == [one_case.id]
    with pytest.raises(Conflict) as again:
        join(OPERATOR, [one_case.id, third.id], "再", key="k3", now=T0 + 3 * HOUR)
    assert code_of(again) == "joined.already"
    everything_holds()


def test_what_may_not_be_joined(db: Address) -> None:
    with_orders(3)
    intake(MARKET, [an_order(7, buyer_id="b2"), an_order(8, shop_id="shop-9")])
    mine, second = opened(1), opened(2)
    theirs = open_by(OTHER_BUYER, SHOP, "o7")
    far = open_by(BUYER, "shop-9", "o8")
    ended = opened(3)
    act(BUYER, ended.id, "withdraw", key="w", now=T0 + HOUR)
    for others, code in (
        ([], "joined.too_few"),
        ([theirs.id], "joined.other_buyer"),
        ([far.id], "joined.other_shop"),
        ([ended.id], "case.closed"),
        (["01890000-0000-7000-8000-000000000009"], "not_visible"),
    ):
        with pytest.raises(Refused) as refusal:
            join(OPERATOR, [mine.id, *others], "理由", key=str(uuid4()), now=T0 + HOUR)
        assert code_of(refusal) == code
    for party in (BUYER, MERCHANT):
        with pytest.raises(NotAllowed):
            join(party, [mine.id, second.id], "理由", key="p", now=T0 + HOUR)
    stranger = replace(OPERATOR, marketplace_ids=frozenset({"else"}))
    with pytest.raises(NotVisible):
        join(stranger, [mine.id, second.id], "理由", key="s", now=T0 + HOUR)
    assert one("SELECT count(*) FROM event WHERE kind = 'joined'") == 0
    assert one("SELECT count(*) FROM joined_case") == 0


def test_a_case_ruled_on_is_not_joined(db: Address) -> None:
    with_orders(3)
    key, cases = in_review(1, 2)
    for name, value in PROVEN:
        record_in_all(ARBITRATOR, key, name, value, key=name, now=T0 + 3 * HOUR)
    act(ARBITRATOR, cases[0].id, "rule", key="rule", now=T0 + 3 * HOUR)
    late = opened(3)
    with pytest.raises(Conflict) as refusal:
        join(ARBITRATOR, [cases[1].id, late.id], "理由", key="j", now=T0 + 3 * HOUR)
    assert code_of(refusal) == "joined.after_ruling"
    assert now_of(late).joined is None
    everything_holds()


def test_cases_of_two_marketplaces_are_not_joined_and_their_clocks_are_left_alone(
    db: Address,
) -> None:
    with_orders(1)
    with transaction() as on:
        elsewhere = MarketplaceRow(id="m2", platform="kuaishou", title=Text("别处", "elsewhere"))
        put_marketplace(on, elsewhere)
    intake("m2", [an_order(3, shop_id="shop-m2")])
    both = frozenset({MARKET, "m2"})
    far = open_by(replace(BUYER, marketplace_ids=both), "shop-m2", "o3")
    mine = opened(1)
    before = rows("SELECT id, version FROM cases ORDER BY id")
    operator = replace(OPERATOR, marketplace_ids=both)
    with pytest.raises(BadInput) as refusal:
        join(operator, [mine.id, far.id], "理由", key="k", now=T0 + 90 * DAY)
    assert code_of(refusal) == "joined.other_shop"
    assert rows("SELECT id, version FROM cases ORDER BY id") == before
