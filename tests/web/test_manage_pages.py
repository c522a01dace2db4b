"""Pages of management: strategies, force majeure, payments, money, webhooks, marks, keys, orders."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongdao.app.intake_orders import intake
from tests.app.world import MARKET, SHOP, T0, an_order, everything_holds, one, rows
from tests.web.stage import Program, move_clock, opened, signed_in
from tests.web.test_pages import hidden, text

pytestmark = pytest.mark.usefixtures("stage")
ZH = {"HTTP_ACCEPT_LANGUAGE": "zh-CN"}
#: Page -> who may open it, of everybody there is.
PAGES = {
    "/strategies/": {"merchant", "merchant-agent"},
    "/force-majeure/": {"arbitrator", "reviewer", "operator"},
    "/payments/": {"operator"},
    "/money/": {"merchant", "operator", "auditor"},
    "/webhooks/": {"merchant", "operator"},
    "/marks/": {"reviewer", "operator"},
    "/service/": {"merchant", "merchant-agent", "operator", "auditor"},
    "/exports/": {"operator", "auditor"},
    "/keys/": {"buyer", "merchant", "arbitrator", "reviewer", "operator"},
}
EVERYBODY = (
    "buyer", "merchant", "merchant-agent", "arbitrator", "reviewer", "operator", "auditor",
)  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_page_is_offered_to_whom_it_opens_and_to_nobody_else(who: str) -> None:
    for language in ("zh-CN", "en"):
        client = signed_in(who, HTTP_ACCEPT_LANGUAGE=language)
        home = client.get("/queue/").content.decode()
        for path, allowed in PAGES.items():
            page = client.get(path)
            assert page.status_code == (200 if who in allowed else 403), path
            # Reached from the page of keys and from the overview.
            if path not in {"/webhooks/", "/exports/"}:
                assert (f'href="{path}"' in home) is (who in allowed), path
            content = page.content.decode()
            assert not re.search(r"\sstyle=|\son\w+=", content)
            if language == "en" and page.status_code == 200:
                assert re.findall(r"[一-鿿]+", _said(content)) == [], path


def _said(content: str) -> str:
    """Return the words of a page's own part, without sources of rules and people's addresses."""
    main = content.split("<main", 1)[1].split("</main>", 1)[0]
    main = re.sub(r"<pre.*?</pre>", "", main, flags=re.DOTALL)
    main = re.sub(r'id="address".*?<details', "<details", main, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", main)


def test_a_strategy_is_checked_tried_drawn_and_switched_on() -> None:
    opened(Program("buyer"), claim="refund_only", reason="late_shipping")
    client = signed_in("merchant", **ZH)
    bad = client.post("/strategies/keep/", {"shop": SHOP, "text": "rulebook: merchant/x\n"})
    assert bad.status_code == 422
    assert "rulebook: merchant/x" in bad.content.decode(), "what was typed is not lost"
    assert "merchant/fast-refund" in text(bad)
    model = Path("rulebooks/merchant/fast-refund/2020-01-01.yaml").read_text(encoding="utf-8")
    kept = client.post("/strategies/keep/", {"shop": SHOP, "text": model}, follow=True)
    assert "已保存：fast-refund 第 1 版" in text(kept)
    early = client.post("/strategies/fast-refund/1/switch/", {"shop": SHOP, "to": "on"})
    assert early.status_code == 409
    tried = client.post("/strategies/fast-refund/1/try/", {"shop": SHOP, "days": "30"})
    assert "fast-refund 第 1 版：近 30 天" in text(tried)
    assert re.search(r"申请数 1", text(tried))
    done = client.post("/strategies/fast-refund/1/switch/", {"shop": SHOP, "to": "on"}, follow=True)
    assert "已启用。" in text(done)
    assert one("SELECT count(*) FROM shop_strategy WHERE is_on") == 1
    other = signed_in("other-merchant").post(
        "/strategies/fast-refund/1/switch/", {"shop": SHOP, "to": "off"}
    )
    assert other.status_code == 404


def test_force_majeure_is_previewed_declared_ended_and_revoked() -> None:
    intake(MARKET, [an_order(7, region="上海市浦东新区")])
    case_id = opened(Program("buyer"), 7)
    client = signed_in("operator", **ZH)
    form = {
        "marketplace_id": MARKET,
        "province": "上海市",
        "since": "2024-01-01T00:00",
        "title": "台风",
        "title_en": "typhoon",
        "proof": "沪防汛 12 号",
        "key": hidden(client.get("/force-majeure/").content.decode(), "key"),
    }
    seen = client.post("/force-majeure/declare/", form)
    assert re.search(r"将变动 1 个案件的 \d+ 个时限", text(seen))
    assert one("SELECT count(*) FROM force_majeure") == 0
    client.post("/force-majeure/declare/", form | {"confirm": "yes"})
    client.post("/force-majeure/declare/", form | {"confirm": "yes"})
    assert one("SELECT count(*) FROM force_majeure") == 1, "the same form sent twice is done once"
    assert "暂停" in text(client.get(f"/cases/{case_id}/"))
    page = text(client.get("/force-majeure/"))
    assert "台风 · 上海市 有效" in page
    assert "涉及 1 案" in page
    number = rows("SELECT id::text FROM force_majeure")[0][0]
    arbitrator = signed_in("arbitrator")
    assert arbitrator.post(f"/force-majeure/{number}/", {"how": "end"}).status_code == 403
    no_reason = client.post(f"/force-majeure/{number}/", {"how": "revoke", "because": " "})
    assert no_reason.status_code == 422
    client.post(f"/force-majeure/{number}/", {"how": "end"})
    assert "已结束" in text(client.get("/force-majeure/"))
    client.post(f"/force-majeure/{number}/", {"how": "revoke", "because": "误报"})
    assert "撤销理由： 误报" in text(client.get("/force-majeure/"))


def _owed(amount: str = "140.01") -> tuple[str, str]:
    """Have the merchant agree to a refund; return the case and the payment's reference."""
    case_id = opened(Program("buyer"), claim="refund_only")
    assert Program("merchant").act(case_id, "agree").status == 200, amount
    (number,) = rows("SELECT number FROM payment")[0]
    return case_id, f"{case_id}-{number}"


def test_a_payment_is_reported_and_an_exception_resolved_on_the_page() -> None:
    _, reference = _owed()
    client = signed_in("operator", **ZH)
    assert "¥140.01" in text(client.get("/payments/?tab=granted"))
    told: dict[str, Any] = {"reference": reference, "result": "confirmed", "external_ref": "P1"}
    off = client.post("/payments/report/", told | {"amount": "139"}, follow=True)
    assert "alert" in off.content.decode() or "note bad" in off.content.decode()
    page = client.get("/payments/")
    assert "实付金额不符" in text(page)
    assert "¥139.00" in text(page)
    found = re.search(r'action="(/payments/exceptions/[^"]+)"', page.content.decode())
    assert found
    bad = client.post(found[1], {"resolution": "written_off", "note": "x"})
    assert bad.status_code == 422
    client.post(found[1], {"resolution": "dismiss", "note": "对账单有误"})
    assert "已处理" in text(client.get("/payments/?tab=resolved"))
    client.post("/payments/report/", told | {"amount": "140.01"})
    assert one("SELECT state FROM payment") == "confirmed"
    everything_holds()


def test_a_refund_made_outside_is_noted_on_the_page() -> None:
    client = signed_in("operator", **ZH)
    form = {"shop_id": SHOP, "order_id": "o2", "amount": "20", "external_ref": "X1"}
    assert "已登记。" in text(client.post("/payments/outside/", form, follow=True))
    assert "还可申请 ¥120.01" in text(signed_in("buyer", **ZH).get(f"/orders/{SHOP}/o2/"))
    assert signed_in("merchant").post("/payments/outside/", form).status_code == 403
    everything_holds()


def test_the_money_of_a_shop_its_day_and_its_deposit() -> None:
    operator = signed_in("operator", **ZH)
    form = {"shop": SHOP, "amount": "500", "external_ref": "D1", "way": "in"}
    operator.post("/money/deposit/", form)
    operator.post("/money/deposit/", form)
    page = signed_in("merchant", **ZH).get("/money/")
    assert "保证金 ¥500.00" in text(page)
    assert "columns-chart" in page.content.decode()
    assert 'name="external_ref"' not in page.content.decode()
    too_much = operator.post(
        "/money/deposit/", form | {"way": "out", "amount": "501", "external_ref": "D2"}
    )
    assert too_much.status_code == 409
    found = re.search(r'href="(/api/v1/statements/[^"]+csv)"', page.content.decode())
    assert found
    assert signed_in("merchant").get(found[1]).status_code == 200
    assert signed_in("merchant").get("/money/?shop=shop-2").status_code == 404
    assert signed_in("merchant").get("/money/?day=yesterday").status_code == 422


def test_a_webhook_is_made_tested_and_its_dead_letters_replayed() -> None:
    client = signed_in("merchant", **ZH)
    form = {
        "marketplace_id": MARKET,
        "shop_id": SHOP,
        "url": "https://erp.example.com/gongdao",
        "kinds": ["case.closed"],
    }
    made = client.post("/webhooks/", form)
    secret = re.search(r'id="made-secret">(whsec_[^<]+)<', made.content.decode())
    assert secret
    assert secret[1] not in client.get("/webhooks/").content.decode()
    (number,) = rows("SELECT id::text FROM webhook_endpoint")[0]
    here = f"/webhooks/{number}/"
    sent = client.post(f"{here}act/", {"what": "test"}, follow=True)
    assert "webhook.test" in text(sent)
    _give_up()
    page = client.get(f"{here}?state=dead")
    assert "connection refused" in text(page)
    again = client.post(f"{here}act/", {"what": "replay"}, follow=True)
    assert "重新发送 1 条。" in text(again)
    assert "connection refused" not in text(client.get(f"{here}?state=dead"))
    changed = client.post(f"{here}act/", {"what": "secret"})
    assert "whsec_" in changed.content.decode()
    client.post(f"{here}act/", {"what": "disable"})
    assert "已停用" in text(client.get("/webhooks/"))
    assert signed_in("other-merchant").get(here).status_code == 404


def _give_up() -> None:
    from gongdao.store.connection import cursor, transaction

    with transaction() as on:
        cursor(on).execute(
            "UPDATE webhook_delivery SET dead_at = now(), trouble = 'connection refused'"
        )


def test_marks_are_listed_with_words_and_their_case() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    arbitrator = Program("arbitrator")
    given = {"kind": "serial_abuse", "note": "同一照片"}
    assert arbitrator.act(case_id, "allege_buyer", **given).status == 200
    reviewer = Program("reviewer")
    found = reviewer.act(case_id, "find_buyer", **given)
    assert found.status == 200, found.body
    page = signed_in("operator", **ZH).get("/marks/?about=buyer")
    assert "滥用售后" in text(page)
    assert f"/cases/{case_id}/" in page.content.decode()
    assert "没有认定" in text(signed_in("operator", **ZH).get("/marks/?about=merchant"))


def test_keys_are_the_owner_s_among_merchants_and_every_change_is_logged() -> None:
    client = signed_in("merchant")
    client.post("/keys/", {"name": "erp", "scopes": ["cases:read"]})
    (number,) = rows("SELECT id::text FROM api_token WHERE name = 'erp'")[0]
    client.post("/keys/rotate/", {"id": number})
    client.post("/keys/revoke/", {"id": number})
    logged = rows("SELECT result FROM audit_log WHERE verb = 'manage_keys' ORDER BY id")
    assert [r for (r,) in logged] == ["done"] * 4, "made, renewed (which makes one), revoked"
    agent = signed_in("merchant-agent")
    assert agent.get("/keys/").status_code == 403
    assert agent.post("/keys/", {"name": "x", "scopes": ["cases:read"]}).status_code == 403
    assert Program("merchant-agent").get("/keys").code == "permission.role"


def test_an_order_is_cancelled_from_its_page() -> None:
    intake(MARKET, [an_order(8, shipped_at=None, signed_at=None, tracking_number=None)])
    client = signed_in("buyer", **ZH)
    page = client.get(f"/orders/{SHOP}/o8/")
    assert "取消订单" in text(page)
    key = hidden(page.content.decode().split("cancel/")[1], "key")
    done = client.post(f"/orders/{SHOP}/o8/cancel/", {"reason": "not_wanted", "key": key})
    assert done.status_code == 302
    assert done["Location"].startswith("/cases/")
    assert "取消订单" not in text(client.get(f"/orders/{SHOP}/o1/")), "it was signed for"


def test_receivers_are_read_in_lists_by_whom_they_concern() -> None:
    person = {
        "receiver_name": "林晓雨",
        "receiver_phone": "13812345678",
        "receiver_address": "浦东 1 号",
    }
    intake(MARKET, [an_order(9, attributes=person)])
    assert "林晓雨" in text(signed_in("buyer", **ZH).get("/orders/?search=o9"))
    assert "浦东 1 号" in text(signed_in("buyer", **ZH).get(f"/orders/{SHOP}/o9/"))
    seen = text(signed_in("operator", **ZH).get("/orders/?search=o9"))
    assert "林晓雨" not in seen
    assert "⟦" not in seen, "no sealed text is shown to anybody"
    listed = Program("buyer").get("/orders", search="o9").body["items"][0]
    assert listed["receiver"]["name"] == "林晓雨"
    masked = Program("operator").get("/orders", search="o9").body["items"][0]["receiver"]
    assert masked["name"] != "林晓雨"


def test_clocks_of_pages_follow_the_marketplace() -> None:
    _owed()
    move_clock(T0 + timedelta(days=40))
    assert signed_in("merchant").get("/money/").status_code == 200
