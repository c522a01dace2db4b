"""Merchant strategies: kept, checked, tried, switched on; then they agree at the opening."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongdao.app import strategies
from gongdao.app.act import act
from gongdao.app.decide_opening import Opening
from gongdao.app.intake_orders import intake
from gongdao.app.open_many import open_many
from gongdao.app.permissions import Caller
from gongdao.core.cases.commands import Actor
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.prove.book import check_book
from tests.app.world import (
    ADDRESS,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MARKETS,
    MERCHANT,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

BOOKS = Path(__file__).parents[2] / "rulebooks" / "merchant"
FAST = (BOOKS / "fast-refund" / "2020-01-01.yaml").read_text()
HELPER = (BOOKS / "auto-return" / "2020-01-01.yaml").read_text()
STRANGER = replace(MERCHANT, user_id="m2", shop_ids=frozenset({"elsewhere"}))
UNSHIPPED = {"shipped_at": None, "signed_at": None, "tracking_number": None}


def switched_on(text: str) -> tuple[str, int]:
    name, version, _ = strategies.keep(MERCHANT, SHOP, text, check_book)
    strategies.dry_run(MERCHANT, SHOP, name, version, now=T0)
    strategies.switch(MERCHANT, SHOP, name, version, to=True)
    return name, version


def test_fast_refund_pays_at_the_opening_with_its_row_and_clauses(db: Address) -> None:
    with_orders(2, **UNSHIPPED)
    switched_on(FAST)
    case = opened()
    assert case.outcome == "refunded"
    assert one("SELECT refunded_fen FROM orders WHERE order_id = 'o1'") == 14001
    done = one("SELECT convert_from(body, 'UTF8') FROM event WHERE kind = 'acted' AND seq = 2")
    for said in ("strategy:fast-refund@1", '"row":"unshipped"', "KS-SCORE-16,MERCHANT-1"):
        assert said in str(done)
    everything_holds()


def test_above_the_limit_a_person_answers(db: Address) -> None:
    with_orders(1, **UNSHIPPED)
    switched_on(FAST.replace("value: 500 yuan", "value: 140 yuan"))
    assert opened().stage() == "awaiting_merchant"


def test_seven_day_returns_are_agreed_to_one_by_one_and_in_bulk(db: Address) -> None:
    with_orders(3)
    switched_on(HELPER)
    case = opened(claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON)
    assert case.stage() == "awaiting_return"
    assert opened(2, claim=Claim.RETURN_REFUND).stage() == "awaiting_merchant"
    opening = Opening(
        case_id="01890000-0000-7000-8000-000000000003", shop_id=SHOP, order_id="o3",
        claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON, at=T0,
        by=Actor(role=Role.BUYER, id="b1"),
    )  # fmt: skip
    assert open_many([opening]).refused == ()
    assert one("SELECT stage FROM cases WHERE order_id = 'o3'") == "awaiting_return"
    everything_holds()


def test_a_dry_run_counts_what_it_would_have_done_and_changes_nothing(db: Address) -> None:
    with_orders(4, **UNSHIPPED)
    first = opened(1)
    opened(2, requested_fen=100)
    opened(3, claim=Claim.EXCHANGE)
    act(MERCHANT, first.id, "reject", {"reason": "x"}, key="r", now=T0 + HOUR)
    before = one("SELECT count(*) FROM event")
    name, version, _ = strategies.keep(MERCHANT, SHOP, FAST, check_book)
    report = strategies.dry_run(MERCHANT, SHOP, name, version, now=T0 + DAY)
    assert (report.requests, report.agreed, report.agreed_fen, report.undecided) == (3, 2, 14101, 0)
    assert report.by_row == {"unshipped": 2, "by-hand": 1}
    assert report.outcomes == {"open": 2}
    assert one("SELECT count(*) FROM event") == before
    early = strategies.dry_run(MERCHANT, SHOP, name, version, days=1, now=T0 + 9 * DAY)
    assert early.requests == 0


def test_untried_it_cannot_be_switched_on_and_off_it_does_nothing(db: Address) -> None:
    with_orders(2, **UNSHIPPED)
    name, version, _ = strategies.keep(MERCHANT, SHOP, FAST, check_book)
    with pytest.raises(Conflict, match=r"strategy\.not_tried"):
        strategies.switch(MERCHANT, SHOP, name, version, to=True)
    assert opened(1).stage() == "awaiting_merchant"
    strategies.dry_run(MERCHANT, SHOP, name, version, now=T0)
    strategies.switch(MERCHANT, SHOP, name, version, to=True)
    strategies.switch(MERCHANT, SHOP, name, version, to=False)
    assert opened(2).stage() == "awaiting_merchant"
    results = [r[0] for r in rows("SELECT result FROM audit_log WHERE verb = 'manage_strategies'")]
    assert results == [
        "kept fast-refund@1", "tried fast-refund@1", "on fast-refund@1", "off fast-refund@1",
    ]  # fmt: skip


def test_a_new_version_takes_the_place_of_the_old(db: Address) -> None:
    with_orders(1)
    switched_on(FAST)
    assert switched_on(FAST.replace("value: 500 yuan", "value: 1 yuan"))[1] == 2
    on = rows("SELECT version, is_on FROM shop_strategy ORDER BY version")
    assert on == [(1, False), (2, True)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("gives: {agree: boolean}", "gives: {nod: boolean}", "strategy.gives_no_agree"),
        ("when: {}, then", "when: {shipped: true}, then", "rules.not_total"),
        ("asks: strategy", "asks: nothing", None),
    ],
)
def test_a_faulty_strategy_is_refused(db: Address, old: str, new: str, code: str | None) -> None:
    with_orders(1)
    text = FAST.replace(old, new)
    if "nod" in new:
        text = text.replace("{agree: true}", "{nod: true}").replace(
            "{agree: false}", "{nod: false}"
        )
    with pytest.raises(BadInput) as refused:
        strategies.keep(MERCHANT, SHOP, text, check_book)
    assert code is None or code in {f.code for f in refused.value.findings}
    assert one("SELECT count(*) FROM shop_strategy") == 0


def test_only_the_shops_own_people(db: Address) -> None:
    with_orders(1)
    with pytest.raises(NotVisible):
        strategies.keep(STRANGER, SHOP, FAST, check_book)
    with pytest.raises(NotAllowed):
        strategies.keep(BUYER, SHOP, FAST, check_book)
    elsewhere = Caller(
        user_id="m3", role=Role.MERCHANT, marketplace_ids=MARKETS - MARKETS,
        shop_ids=frozenset({SHOP}),
    )  # fmt: skip
    with pytest.raises(NotVisible):
        strategies.versions(elsewhere, SHOP)


def test_a_return_is_not_agreed_to_by_itself_where_nobody_knows_where_to(db: Address) -> None:
    a_marketplace(address=False)
    intake(MARKET, [an_order(1), an_order(2)])
    switched_on(HELPER)
    waits = opened(claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON)
    assert waits.stage() == "awaiting_merchant"
    a_marketplace()
    agreed = opened(2, claim=Claim.RETURN_REFUND, reason=Reason.NO_REASON)
    assert agreed.stage() == "awaiting_return"
    assert agreed.return_address is not None
    assert agreed.return_address.return_name == ADDRESS.return_name
    everything_holds()
