"""Where the goods go back to: given with the agreement, by the shop, or afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import Caller
from gongdao.app.queries.case_page import case_page
from gongdao.app.return_address import give_return_address, own_address, set_own_address
from gongdao.core.cases.parcel_events import ReturnAddressGiven
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Claim, Role
from tests.app.world import (
    ADDRESS,
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MARKETS,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
)

if TYPE_CHECKING:
    from gongdao.core.cases.model import Case
    from gongdao.store.postgres import Address

GIVEN = {
    "return_name": "李仓管",
    "return_phone": "13912345678",
    "return_region": "浙江省",
    "return_address": "杭州市文一路 9 号",
}
#: By what the merchant agrees, where it is not `agree`.
AGREES = {"tmall": "confirm_application"}
AGENT = Caller(
    user_id="u-agent", role=Role.MERCHANT, marketplace_ids=MARKETS, shop_ids=frozenset({SHOP}),
    agent=True,
)  # fmt: skip


def asked(platform: str = "taobao", *, address: bool = False) -> Case:
    a_marketplace(platform, address=address)
    intake(MARKET, [an_order(1, platform=platform)])
    return opened(claim=Claim.RETURN_REFUND)


@pytest.mark.parametrize("platform", ["douyin", "kuaishou", "taobao", "tmall", "jd"])
def test_a_merchant_who_agrees_says_where_to(db: Address, platform: str) -> None:
    case = asked(platform)
    agree = AGREES.get(platform, "agree")
    with pytest.raises(BadInput, match=r"return_address\.missing") as refused:
        act(MERCHANT, case.id, agree, key="a", now=T0)
    assert refused.value.findings[0].cure is not None
    assert one("SELECT count(*) FROM event") == 1
    done = act(MERCHANT, case.id, agree, GIVEN, key="b", now=T0)
    assert done.case.return_address is not None
    assert (done.case.return_address.return_region, done.case.return_address.of_shop) == (
        "浙江省", False,
    )  # fmt: skip
    everything_holds()


def test_an_address_is_whole_and_its_phone_a_phone(db: Address) -> None:
    case = asked()
    for bad, code, field in (
        (GIVEN | {"return_phone": "回复本消息"}, "return_address.bad_phone", "return_phone"),
        ({"return_address": "杭州"}, "return_address.incomplete", "return_name"),
        (GIVEN | {"return_region": " "}, "return_address.incomplete", "return_region"),
    ):
        with pytest.raises(BadInput) as refused:
            act(MERCHANT, case.id, "agree", bad, key="a", now=T0)
        assert (refused.value.code, refused.value.findings[0].field) == (code, f"payload.{field}")


def test_the_address_is_sealed_at_rest_and_read_by_both_sides_and_who_rules(db: Address) -> None:
    case = asked()
    act(MERCHANT, case.id, "agree", GIVEN, key="a", now=T0)
    kept = b"".join(bytes(row[0]) for row in rows("SELECT body FROM event"))  # type: ignore[arg-type]
    assert "李仓管".encode() not in kept
    assert b"13912345678" not in kept
    for reader in (BUYER, MERCHANT, ARBITRATOR):
        shown = case_page(reader, case.id, now=T0).case.return_address
        assert shown is not None
        assert (shown.return_name, shown.return_phone) == ("李仓管", "13912345678")
    masked = case_page(OPERATOR, case.id, now=T0).case.return_address
    assert masked is not None
    assert "13912345678" not in masked.return_phone
    acted = [r[0] for r in rows("SELECT kind FROM event ORDER BY seq")]
    assert acted == ["opened", "acted", "return_address_given"]


def test_the_shops_own_address_is_used_where_none_is_given(db: Address) -> None:
    case = asked(address=True)
    done = act(MERCHANT, case.id, "agree", key="a", now=T0).case
    assert done.return_address is not None
    assert done.return_address.return_name == ADDRESS.return_name


def test_silence_sends_the_goods_to_the_shops_own_address(db: Address) -> None:
    case = asked(address=True)
    due = T0 + 2 * DAY + timedelta(seconds=1)
    fire_due(now=due)
    seen = case_page(BUYER, case.id, now=due).case
    assert seen.stage() == "awaiting_return"
    assert seen.return_address is not None
    assert (seen.return_address.return_address, seen.return_address.of_shop) == ("一号库", True)
    (clock,) = seen.timers
    assert clock.due_at == T0 + 9 * DAY
    everything_holds()


def test_a_late_address_gives_the_buyer_his_time_anew(db: Address) -> None:
    case = asked()
    fire_due(now=T0 + 2 * DAY + timedelta(seconds=1))
    assert case_page(BUYER, case.id, now=T0 + 3 * DAY).case.return_address is None
    with pytest.raises(NotAllowed, match=r"permission\.role"):
        give_return_address(BUYER, case.id, GIVEN, key="x", now=T0 + 6 * DAY)
    done = give_return_address(AGENT, case.id, GIVEN, key="g", now=T0 + 6 * DAY).case
    (clock,) = done.timers
    assert clock.due_at == T0 + 13 * DAY
    again = give_return_address(MERCHANT, case.id, GIVEN, key="h", now=T0 + 7 * DAY).case
    assert again.timers[0].due_at == T0 + 13 * DAY
    act(BUYER, case.id, "ship_return", {"tracking_number": "SF2"}, key="s", now=T0 + 8 * DAY)
    with pytest.raises(Conflict, match=r"return_address\.not_wanted"):
        give_return_address(MERCHANT, case.id, GIVEN, key="i", now=T0 + 8 * DAY)
    everything_holds()


@pytest.mark.parametrize("platform", ["douyin", "kuaishou", "taobao", "tmall", "jd"])
def test_a_buyer_who_is_told_no_address_asks_the_platform(db: Address, platform: str) -> None:
    case = asked(platform)
    later = T0 + 4 * DAY
    fire_due(now=later)
    assert case_page(BUYER, case.id, now=later).case.stage() in (
        "awaiting_return", "awaiting_goods",
    )  # fmt: skip
    done = act(BUYER, case.id, "escalate", key="e", now=later).case
    assert "dispute" in done.tracks
    everything_holds()


def test_a_buyer_who_knows_where_to_sends_the_goods_back(db: Address) -> None:
    case = asked(address=True)
    act(MERCHANT, case.id, "agree", key="a", now=T0)
    with pytest.raises(Conflict, match=r"case\.condition_not_met"):
        act(BUYER, case.id, "escalate", key="e", now=T0 + HOUR)


def test_only_the_owner_sets_the_shops_address_and_it_is_logged(db: Address) -> None:
    a_marketplace("taobao", address=False)
    intake(MARKET, [an_order(1, platform="taobao")])
    assert own_address(AGENT, SHOP) is None
    with pytest.raises(NotAllowed, match=r"permission\.role"):
        set_own_address(AGENT, SHOP, GIVEN)
    with pytest.raises(NotVisible):
        set_own_address(MERCHANT, "shop-9", GIVEN)
    set_own_address(MERCHANT, SHOP, GIVEN | {"return_name": "甲"})
    set_own_address(MERCHANT, SHOP, GIVEN)
    known = own_address(AGENT, SHOP)
    assert known is not None
    assert (known.return_name, known.return_phone, known.of_shop) == ("李仓管", "13912345678", True)
    assert one("SELECT count(*) FROM shop_return_address") == 2
    (kept,) = rows("SELECT return_name, return_phone FROM shop_return_address WHERE number = 2")
    assert "李仓管" not in str(kept)
    logged = rows(
        "SELECT user_id, result FROM audit_log WHERE verb = 'set_return_address' ORDER BY id"
    )
    assert ("u-merchant", "done") in logged


def test_an_address_filled_in_says_so_in_its_event(db: Address) -> None:
    case = asked(address=True)
    fire_due(now=T0 + 2 * DAY + timedelta(seconds=1))
    timeline = case_page(MERCHANT, case.id, now=T0 + 3 * DAY).timeline
    given = [t.event for t in timeline if isinstance(t.event, ReturnAddressGiven)]
    assert [(g.by, g.actor, g.timers) for g in given] == [(Role.MERCHANT, "shop-address", None)]
