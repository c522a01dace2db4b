"""Pages as a browser without script gets them: what stands on them, previews, refusals, language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gongdao.store.models import User
from tests.app.world import SHOP, one
from tests.web.stage import PASSWORD, Program, opened, signed_in

pytestmark = pytest.mark.usefixtures("stage")


def text(response: object) -> str:
    """Return the words of a page without its tags."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def hidden(content: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', content)
    assert found, name
    return found[1]


def test_strangers_are_asked_to_sign_in_and_led_back() -> None:
    got = Client(SERVER_NAME="localhost").get("/queue/")
    assert (got.status_code, got["Location"]) == (302, "/accounts/login/?next=/queue/")
    part = Client(SERVER_NAME="localhost").get(
        "/queue/", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/orders/"}
    )
    assert part["HX-Redirect"] == "/accounts/login/?next=/orders/"


def test_signing_in_with_a_password() -> None:
    client = Client(SERVER_NAME="localhost")
    got = client.post("/accounts/login/", {"login": "buyer", "password": PASSWORD})
    assert (got.status_code, got["Location"]) == (302, "/")
    assert client.get("/queue/").status_code == 200


def test_an_account_without_a_role_is_told_so() -> None:
    got = signed_in("nobody").get("/queue/", headers={"Accept-Language": "zh-CN"})
    assert got.status_code == 403
    assert "账号还没有角色" in text(got)


def test_nobody_signs_up_by_himself() -> None:
    before = User.objects.count()
    got = Client(SERVER_NAME="localhost").post(
        "/accounts/signup/",
        {"username": "x", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert got.status_code == 200
    assert User.objects.count() == before


def test_demo_buttons_exist_only_in_the_demo() -> None:
    client = Client(SERVER_NAME="localhost")
    assert client.post("/accounts/demo/", {"account": "demo-buyer"}).status_code == 404
    assert "demo-buyer" not in client.get("/accounts/login/").content.decode()


def test_the_queue_counts_what_waits_for_me() -> None:
    case_id = opened(Program("buyer"))
    page = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN").get("/queue/")
    words = text(page)
    assert "待答复" in words
    assert "退货退款 · 质量问题" in words
    assert "¥140.01" in words
    assert re.search(r"剩余 1 天 23 小时|剩余 2 天 0 小时", words)
    assert f"/cases/{case_id}/" in page.content.decode()


def test_the_queue_searches_and_htmx_gets_the_list_alone() -> None:
    opened(Program("buyer"))
    client = signed_in("buyer")
    assert "o1" in text(client.get("/queue/?search=o1"))
    assert "/cases/" not in client.get("/queue/?search=zzz").content.decode()
    part = client.get("/queue/?search=o1", headers={"HX-Request": "true"}).content.decode()
    assert "/cases/" in part
    assert "<html" not in part


def test_an_action_is_previewed_then_confirmed_without_script() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN")
    page = client.get(f"/cases/{case_id}/").content.decode()
    form = {
        "action": "reject",
        "track": "after_sale",
        "version": hidden(page, "version"),
        "key": hidden(page, "key"),
        "reason": "未见质量问题",
    }
    seen = client.post(f"/cases/{case_id}/act/", form)
    assert seen.status_code == 200
    assert "试算结果" in text(seen)
    assert "未见质量问题" in text(seen)
    assert one("SELECT count(*) FROM event") == 1
    done = client.post(f"/cases/{case_id}/act/", form | {"confirm": "yes"})
    assert (done.status_code, done["Location"]) == (302, f"/cases/{case_id}/")
    assert one("SELECT count(*) FROM event") == 2
    again = client.post(f"/cases/{case_id}/act/", form | {"confirm": "yes"})
    assert again.status_code == 302
    assert one("SELECT count(*) FROM event") == 2


def test_a_form_on_an_old_version_is_refused_with_words() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN")
    form = {"action": "reject", "track": "after_sale", "version": "7", "key": "k", "reason": "x"}
    got = client.post(f"/cases/{case_id}/act/", form | {"confirm": "yes"})
    assert got.status_code == 409
    assert "案件已更新到第 1 版" in text(got)
    part = client.post(f"/cases/{case_id}/act/", form, headers={"HX-Request": "true"})
    assert part.status_code == 409
    assert b"<html" not in part.content


def test_after_sales_are_asked_for_from_the_order() -> None:
    client = signed_in("buyer", HTTP_ACCEPT_LANGUAGE="zh-CN")
    page = client.get(f"/orders/{SHOP}/o2/").content.decode()
    form = {
        "claim": "return_refund",
        "reason": "quality",
        "line.1": "1",
        "requested": "30.50",
        "description": "有划痕",
        "key": hidden(page, "key"),
    }
    seen = client.post(f"/orders/{SHOP}/o2/open/", form)
    assert "¥30.50" in text(seen)
    assert one("SELECT count(*) FROM cases") == 0
    done = client.post(f"/orders/{SHOP}/o2/open/", form | {"confirm": "yes"})
    assert done.status_code == 302
    assert one("SELECT requested_fen FROM cases") == 3050
    shown = text(client.get(done["Location"]))
    assert "有划痕" in shown
    too_much = client.post(f"/orders/{SHOP}/o3/open/", form | {"requested": "9999", "key": "z"})
    assert too_much.status_code == 422
    assert "申请金额须在 0 到 45.00 元之间" in text(too_much)


def test_arbitrators_record_findings_on_the_page() -> None:
    buyer, merchant = Program("buyer"), Program("merchant")
    case_id = opened(buyer)
    merchant.act(case_id, "reject", reason="无")
    buyer.act(case_id, "escalate")
    client = signed_in("arbitrator", HTTP_ACCEPT_LANGUAGE="zh-CN")
    page = client.get(f"/cases/{case_id}/")
    assert "规则尚不能得出结论" in text(page)
    assert 'name="fact.merchant_fault"' in page.content.decode()
    got = client.post(
        f"/cases/{case_id}/findings/",
        {
            "fact.merchant_fault": "proven",
            "fact.goods_returnable": "true",
            "key": "f",
            "note": "比对照片",
        },
    )
    assert got.status_code == 302
    after = text(client.get(f"/cases/{case_id}/"))
    assert "已记录" in after
    assert "已证实" in after
    assert "比对照片" in after
    assert (
        'name="fact.merchant_fault"'
        not in signed_in("merchant").get(f"/cases/{case_id}/").content.decode()
    )


@pytest.mark.parametrize("path", ["/nothing/", "/cases/00000000-0000-7000-8000-000000000000/"])
def test_what_is_not_there_reads_as_such_in_both_languages(path: str) -> None:
    client = signed_in("buyer")
    zh = client.get(path, headers={"Accept-Language": "zh-CN"})
    en = client.get(path, headers={"Accept-Language": "en"})
    assert (zh.status_code, en.status_code) == (404, 404)
    assert "没有找到" in text(zh)
    assert "Not found" in text(en)


def test_the_language_switch_stays() -> None:
    client = signed_in("buyer", HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert "我的售后" in text(client.get("/queue/"))
    client.post("/i18n/setlang/", {"language": "en", "next": "/queue/"})
    page = client.get("/queue/")
    assert "My after-sales" in text(page)
    assert '<html lang="en">' in page.content.decode()


def test_a_person_with_two_roles_chooses_one() -> None:
    from gongdao.store.models import Membership
    from tests.app.world import MARKET

    user = User.objects.get(username="arbitrator")
    Membership.objects.create(user=user, role="operator", marketplace_id=MARKET)
    client = signed_in("arbitrator")
    assert client.get("/overview/").status_code == 403
    assert client.post("/role/", {"role": "operator"}).status_code == 302
    assert client.get("/overview/").status_code == 200
    assert client.post("/role/", {"role": "merchant"}).status_code == 422


def test_pages_carry_the_policy_and_nothing_inline() -> None:
    case_id = opened(Program("buyer"))
    client = signed_in("buyer")
    for path in ("/queue/", "/orders/", "/rulebooks/", f"/cases/{case_id}/", "/accounts/login/"):
        page = client.get(path, follow=True)
        assert page["Content-Security-Policy"].startswith("default-src 'self'")
        content = page.content.decode()
        assert not re.search(r"\son\w+=", content)
        assert not re.search(r"\sstyle=", content)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', content)


def test_a_key_is_made_shown_once_used_and_revoked() -> None:
    client = signed_in("buyer", HTTP_ACCEPT_LANGUAGE="zh-CN")
    made = client.post("/keys/", {"name": "对账程序", "scopes": ["cases:read"]})
    key = re.search(r'id="made-key">(gd_[\w-]+)<', made.content.decode())
    assert key
    assert key[1] not in client.get("/keys/").content.decode()
    ask = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {key[1]}"})
    assert ask.get("/api/v1/cases").status_code == 200
    assert ask.get(f"/api/v1/orders/{SHOP}/o1").status_code == 403
    token = one("SELECT id::text FROM api_token WHERE name = '对账程序'")
    signed_in("merchant").post("/keys/revoke/", {"id": token})
    assert ask.get("/api/v1/cases").status_code == 200
    client.post("/keys/revoke/", {"id": token})
    assert ask.get("/api/v1/cases").status_code == 401
    assert client.post("/keys/", {"name": "x", "scopes": ["everything"]}).status_code == 422


def test_demo_accounts_are_entered_by_a_button(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from gongdao.store.config import current
    from gongdao.web.demo_accounts import ACCOUNTS, DemoPlace, create_demo_accounts
    from gongdao.web.desk.views import entry
    from tests.app.world import MARKET

    monkeypatch.setattr(entry, "current", lambda: replace(current(), demo=True))
    place = DemoPlace(marketplace_id=MARKET, shop_id=SHOP, buyer_id="b1")
    create_demo_accounts([place])
    create_demo_accounts([place])
    assert one(
        "SELECT count(*) FROM membership m JOIN account_user u ON u.id = m.user_id WHERE u.username LIKE 'demo-%%'"
    ) == len(ACCOUNTS)
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert "认定事实，作出裁决" in text(client.get("/accounts/login/"))
    for account in ACCOUNTS:
        got = client.post("/accounts/demo/", {"account": account.username})
        assert (got.status_code, got["Location"]) == (302, "/")
        assert client.get("/", follow=True).status_code == 200
    assert client.post("/accounts/demo/", {"account": "merchant"}).status_code == 404
    evil = client.post(
        "/accounts/demo/", {"account": "demo-buyer", "next": "https://evil.example/"}
    )
    assert evil["Location"] == "/"
    assert not User.objects.get(username="demo-buyer").has_usable_password()
