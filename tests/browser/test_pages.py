"""What holds for every page: phone width, keyboard, language, clocks that tick, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.app.world import SHOP, T0, one
from tests.web.stage import Program, move_clock, opened

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WAYS = {
    "buyer": ("/queue/", "/orders/", f"/orders/{SHOP}/o1/", "/rulebooks/"),
    "merchant": (
        "/queue/",
        "/rulebooks/kuaishou/after-sale@2024-01-03/",
        "/money/",
        "/strategies/",
        "/webhooks/",
        "/keys/",
    ),
    "arbitrator": (
        "/queue/?tab=disputes",
        "/rulebooks/house/dispute@2020-01-01/",
        "/force-majeure/",
    ),
    "reviewer": ("/queue/", "/marks/"),
    "operator": (
        "/overview/",
        "/queue/",
        "/payments/",
        "/payments/?tab=granted",
        "/money/",
        "/force-majeure/",
        "/marks/",
        "/webhooks/",
        "/nothing/",
    ),
}


def disputed() -> str:
    case_id = opened(Program("buyer"))
    Program("merchant").act(case_id, "reject", reason="无")
    Program("buyer").act(case_id, "escalate")
    return case_id


@pytest.mark.parametrize("who", list(WAYS))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_fits_a_phone(visit: Visit, who: str, language: str) -> None:
    case_id = disputed()
    visitor = visit(who, **PHONE)
    visitor.page.set_extra_http_headers({"Accept-Language": language})
    for path in (*WAYS[who], f"/cases/{case_id}/"):
        visitor.go(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, path
        expect(visitor.page.get_by_role("main")).to_be_visible()


def test_a_keyboard_is_enough(visit: Visit) -> None:
    case_id = opened(Program("buyer"))
    merchant = visit("merchant")
    merchant.go(f"/cases/{case_id}/")
    page = merchant.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    summary = page.locator("#action-after_sale-reject > summary")
    for _ in range(20):
        page.keyboard.press("Tab")
        if summary.evaluate("s => s === document.activeElement"):
            break
    expect(summary).to_be_focused()
    assert summary.evaluate("s => getComputedStyle(s).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("已超过期限")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="试算结果")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="已完成。").wait_for()
    assert one("SELECT count(*) FROM event") == 2


def test_the_language_switches_on_the_page(visit: Visit) -> None:
    buyer = visit("buyer")
    buyer.go("/queue/")
    expect(buyer.page.get_by_role("heading", level=1)).to_have_text("我的售后")
    buyer.page.get_by_role("button", name="English").click()
    expect(buyer.page.get_by_role("heading", level=1)).to_have_text("My after-sales")
    assert buyer.page.locator("html").get_attribute("lang") == "en"


def test_countdowns_tick_by_the_marketplace_clock(visit: Visit) -> None:
    case_id = opened(Program("buyer"))
    move_clock(T0 + timedelta(hours=47, minutes=30))
    merchant = visit("merchant")
    merchant.go(f"/cases/{case_id}/")
    timer = merchant.page.get_by_role("timer").first
    expect(timer).to_contain_text("剩余 2")
    assert timer.get_attribute("data-level") == "soon"
    first = timer.inner_text()
    assert "分" in first
    expect(timer).not_to_have_text(first, timeout=3000)


def test_without_script_the_time_left_is_still_said(visit: Visit) -> None:
    case_id = opened(Program("buyer"))
    move_clock(T0 + timedelta(hours=47, minutes=30))
    merchant = visit("merchant", java_script_enabled=False)
    merchant.go(f"/cases/{case_id}/")
    expect(merchant.page.get_by_role("timer").first).to_contain_text("分")


def test_every_input_has_a_name_and_every_page_one_heading(visit: Visit) -> None:
    case_id = disputed()
    for who, paths in WAYS.items():
        visitor = visit(who)
        for path in (*paths, f"/cases/{case_id}/"):
            visitor.go(path)
            nameless = visitor.page.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
                ".filter(i => !i.labels?.length && !i.getAttribute('aria-label')).map(i => i.outerHTML)"
            )
            assert nameless == [], path
            assert visitor.page.locator("h1").count() == 1, path
            twice = visitor.page.evaluate(
                "(ids => ids.filter((id, i) => ids.indexOf(id) !== i))"
                "([...document.querySelectorAll('[id]')].map(e => e.id))"
            )
            assert twice == [], path
