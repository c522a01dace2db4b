"""Two sides deal at their browsers: an offer with its clock, a counter-offer, a challenge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.app.world import MARKET, everything_holds, one
from tests.browser.test_dispute import PNG
from tests.web.stage import Program, opened

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


def test_an_offer_is_countered_and_accepted_with_the_outcome_seen_before(visit: Visit) -> None:
    path = f"/cases/{opened(Program('buyer'))}/"
    merchant = visit("merchant")
    merchant.go(path)
    card = merchant.page.locator("#negotiation")
    card.get_by_text("提出协商方案").click()
    card.get_by_label("处理方案").select_option("partial_refund")
    card.get_by_label("退款").first.fill("30")
    card.get_by_role("button", name="试算").click()
    expect(card.get_by_role("group", name="试算结果")).to_contain_text("退 30.00 元")
    assert one("SELECT count(*) FROM event") == 1
    merchant.confirm(card)
    expect(merchant.page.locator("#negotiation").get_by_role("timer")).to_contain_text("剩余")

    buyer = visit("buyer")
    buyer.go(path)
    card = buyer.page.locator("#negotiation")
    expect(card).to_contain_text("如接受，买家随即得到 ¥30.00。")
    card.get_by_text("提出反方案").click()
    card.get_by_label("处理方案").select_option("partial_refund")
    card.get_by_label("退款").first.fill("50")
    card.get_by_role("button", name="试算").click()
    buyer.confirm(card)

    merchant.go(path)
    card = merchant.page.locator("#negotiation")
    card.get_by_role("button", name="接受方案").click()
    expect(card.get_by_role("group", name="试算结果")).to_contain_text("¥50.00")
    merchant.confirm(card)
    expect(merchant.page.locator("#money .sum")).to_have_text("¥50.00")
    everything_holds()


def test_evidence_is_challenged_where_it_is_shown(visit: Visit) -> None:
    case_id = opened(Program("buyer"))
    Program("buyer").upload(f"/cases/{case_id}/evidence", PNG, "裂纹.png", kind="photo")
    merchant = visit("merchant")
    merchant.go(f"/cases/{case_id}/")
    picture = merchant.page.get_by_role("img", name="裂纹.png")
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") == 1
    piece = merchant.page.locator(".gallery li").first
    piece.locator("summary").click()
    piece.get_by_label("为何不应采信").fill("不是本店商品")
    piece.get_by_role("button", name="提出质证").click()
    expect(merchant.page.locator(".gallery li").first).to_contain_text("已被质证")


def test_force_majeure_is_previewed_before_it_stops_a_clock(visit: Visit) -> None:
    from gongdao.app.intake_orders import intake
    from tests.app.world import an_order

    intake(MARKET, [an_order(7, region="上海市浦东新区")])
    case_id = opened(Program("buyer"), 7)
    operator = visit("operator")
    operator.go("/force-majeure/")
    page = operator.page
    page.get_by_label("省").fill("上海市")
    page.get_by_label("官方证明").fill("沪防汛 12 号")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("group", name="试算结果")).to_contain_text("1 个案件")
    assert one("SELECT count(*) FROM force_majeure") == 0
    page.get_by_role("button", name="确认执行").click()
    page.get_by_role("status").filter(has_text="已宣布").wait_for()
    operator.go(f"/cases/{case_id}/")
    expect(page.locator("#clocks")).to_contain_text("暂停")
