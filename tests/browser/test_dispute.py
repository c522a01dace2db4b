"""A dispute as people live it: from the buyer's request to the ruling and its money, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.app.world import SHOP, everything_holds, one
from tests.web.stage import Program, opened
from tests.web.test_api_cases import PNG

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


def test_from_request_to_ruling_to_money(visit: Visit) -> None:
    buyer = visit("buyer")
    buyer.go(f"/orders/{SHOP}/o1/")
    buyer.page.get_by_label("您的诉求").select_option("return_refund")
    buyer.page.get_by_label("售后原因").select_option("quality")
    buyer.page.get_by_label("情况说明").fill("杯口有裂纹")
    buyer.page.get_by_role("button", name="试算").click()
    expect(buyer.page.get_by_role("group", name="试算结果")).to_be_focused()
    assert one("SELECT count(*) FROM cases") == 0
    buyer.page.get_by_role("button", name="确认执行").click()
    buyer.page.wait_for_url("**/cases/*/")
    path = buyer.page.url.removeprefix(buyer.site)
    expect(buyer.page.get_by_role("heading", level=1)).to_have_text("退货退款 · 质量问题")

    merchant = visit("merchant")
    merchant.go("/queue/")
    merchant.page.get_by_role("link", name="退货退款 · 质量问题").click()
    merchant.do("拒绝", 理由="出库前已检查")

    buyer.go(path)
    buyer.do("申请平台介入")
    buyer.page.get_by_text("举证", exact=True).click()
    buyer.page.get_by_label("文件").set_input_files(
        {"name": "裂纹.png", "mimeType": "image/png", "buffer": PNG}
    )
    buyer.page.get_by_role("button", name="提交凭证").click()
    expect(buyer.page.get_by_role("img", name="裂纹.png")).to_be_visible()
    picture = buyer.page.get_by_role("img", name="裂纹.png")
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") == 1

    arbitrator = visit("arbitrator")
    arbitrator.go(path)
    arbitrator.do("结束举证")
    expect(arbitrator.page.get_by_text("规则尚不能得出结论")).to_be_visible()
    arbitrator.page.get_by_label("商家有过错").first.select_option("proven")
    arbitrator.page.get_by_label("裂纹.png").check()
    arbitrator.page.get_by_role("button", name="记录认定").click()
    for label, value in (("买家有过错", "refuted"), ("商品适合退回", "false")):
        if not arbitrator.page.get_by_text("依已认定的事实").count():
            arbitrator.page.get_by_label(label).first.select_option(value)
            arbitrator.page.get_by_role("button", name="记录认定").click()
    expect(arbitrator.page.get_by_text("依已认定的事实，规则结论")).to_be_visible()
    arbitrator.do("裁决")
    ruling = arbitrator.page.get_by_role("region", name="裁决")
    expect(ruling.locator(".verdict")).to_contain_text("责任方：商家")
    expect(ruling.locator(".sources li")).not_to_have_count(0)
    assert one("SELECT (count(*) > 0)::int FROM payment") == 1
    merchant.go(path)
    expect(merchant.page.locator("#money .sum")).to_have_text("¥140.01")
    everything_holds()


def test_an_overrule_needs_a_reason_and_stands_on_the_page(visit: Visit) -> None:
    case_id = opened(Program("buyer"))
    Program("merchant").act(case_id, "reject", reason="无")
    Program("buyer").act(case_id, "escalate")
    Program("arbitrator").act(case_id, "close_evidence")
    arbitrator = visit("arbitrator")
    arbitrator.go(f"/cases/{case_id}/")
    page = arbitrator.page
    page.locator("summary:text-is('裁决')").click()
    page.get_by_text("不采纳规则结论").click()
    page.get_by_label("处理方案").select_option("partial_refund")
    page.get_by_label("责任方").select_option("shared")
    page.get_by_label("退款", exact=False).first.fill("50")
    page.locator("#action-dispute-rule").get_by_role("button", name="试算").click()
    expect(page.get_by_role("alert")).to_contain_text("改判须写明理由")
    assert one("SELECT count(*) FROM payment") == 0
    page.get_by_label("改判理由").fill("双方各半")
    page.locator("#action-dispute-rule").get_by_role("button", name="试算").click()
    expect(page.get_by_role("group", name="试算结果")).to_contain_text("¥50.00")
    page.get_by_label("改判理由").fill("双方各担一半")
    expect(page.get_by_role("group", name="试算结果")).to_have_count(0)
    page.locator("#action-dispute-rule").get_by_role("button", name="试算").click()
    arbitrator.confirm(page.locator("#action-dispute-rule"))
    ruling = page.get_by_role("region", name="裁决")
    expect(ruling).to_contain_text("人工改判")
    expect(ruling).to_contain_text("双方各担一半")
    expect(ruling).to_contain_text("arbitrator")
