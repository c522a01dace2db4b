"""Invoice pages: told on the order's page, waiting in the list, acted on by form, in both tongues."""

from __future__ import annotations

import re

import pytest

from gongdao.app.invoices.follow_cases import follow_cases
from tests.app.world import SHOP, one
from tests.web.stage import Program, opened, signed_in
from tests.web.test_pages import hidden, text

pytestmark = pytest.mark.usefixtures("stage")


def told_and_refunded() -> str:
    """Tell an invoice on the order's page, refund the order; return the address of the task."""
    merchant = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN")
    form = {
        "number": "N1", "medium": "digital", "amount": "140.01", "issued_at": "2024-02-28T10:00",
    }  # fmt: skip
    done = merchant.post(f"/orders/{SHOP}/o1/invoice/", form)
    assert (done.status_code, done["Location"]) == (302, f"/orders/{SHOP}/o1/")
    assert "N1 数电票 · ¥140.01" in text(merchant.get(done["Location"]))
    case_id = opened(Program("buyer"), claim="refund_only")
    Program("merchant").act(case_id, "agree")
    follow_cases()
    page = merchant.get(f"/cases/{case_id}/").content.decode()
    found = re.search(r"/invoices/tasks/[0-9a-f-]+/", page)
    assert found
    return found[0]


def act(name: str, place: str, action: str, **fields: str) -> int:
    client = signed_in(name)
    page = client.get(place).content.decode()
    form = {"action": action, "key": hidden(page, "key"), "version": hidden(page, "version")}
    return client.post(f"{place}act/", form | fields).status_code


def test_the_whole_way_by_the_pages() -> None:
    place = told_and_refunded()
    merchant = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert "待您办理的发票事项：1" in text(merchant.get("/queue/"))
    assert "红冲 · N1 待您处理" in text(merchant.get("/invoices/"))
    shown = text(merchant.get(place))
    assert "待录入红字确认单" in shown
    assert "04 销售折让" in shown
    assert act("merchant", place, "enter") == 302
    buyer = signed_in("buyer", HTTP_ACCEPT_LANGUAGE="en")
    shown = text(buyer.get(place))
    assert "the other side is to confirm within 72 h" in shown
    assert "Red confirmation 02" in shown
    assert act("buyer", place, "confirm") == 302
    assert act("merchant", place, "issue_red", red_invoice_number="R1") == 422
    assert act(
        "merchant", place, "issue_red", red_invoice_number="R1", confirmation_number="C1"
    ) == 302  # fmt: skip
    shown = text(merchant.get(place))
    assert "红字发票已开具" in shown
    assert "红字发票号码： R1" in shown
    assert one("SELECT reversed_fen FROM invoice") == 14001
    assert "红冲 · N1" in text(merchant.get("/invoices/?tab=closed"))


def test_the_pages_are_for_those_whose_invoice_it_is() -> None:
    place = told_and_refunded()
    for name in ("other-buyer", "other-merchant", "foreign-operator"):
        assert signed_in(name).get(place).status_code == 404
        assert "N1" not in text(signed_in(name).get("/invoices/"))
    auditor = signed_in("auditor").get(place).content.decode()
    assert "<form" not in auditor[auditor.index('id="actions"') :]


def test_an_invoice_issued_wrongly_is_reversed_from_the_order_page() -> None:
    merchant = signed_in("merchant", HTTP_ACCEPT_LANGUAGE="zh-CN")
    form = {
        "number": "N1", "medium": "paper", "amount": "140.01", "issued_at": "2024-02-28T10:00",
    }  # fmt: skip
    merchant.post(f"/orders/{SHOP}/o1/invoice/", form)
    done = merchant.post(f"/invoices/{SHOP}/wrong/", {"number": "N1", "key": "w"})
    assert done.status_code == 302
    assert "01 开票有误" in text(merchant.get(done["Location"]))
    assert merchant.post(f"/orders/{SHOP}/o1/invoice/", form | {"amount": ""}).status_code == 422
