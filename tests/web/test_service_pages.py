"""Conversations, service measures and exports on pages: shown to whom they concern, quoted once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gongdao.connectors.export_files import export_day
from gongdao.connectors.nightly_export import folder_of
from gongdao.store.config import Settings, current
from tests.app.world import MARKET, SHOP, everything_holds, one, rows
from tests.web.stage import Program, answer, opened, signed_in
from tests.web.test_api_messages import TALK, message, told
from tests.web.test_pages import hidden, text

pytestmark = pytest.mark.usefixtures("stage")
ZH = {"HTTP_ACCEPT_LANGUAGE": "zh-CN"}
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


def _conversation(who: str, path: str) -> str:
    page = signed_in(who, **ZH).get(path)
    assert page.status_code == 200
    content = page.content.decode()
    found = re.search(r'<section class="card" id="conversation">.*?</section>', content, re.DOTALL)
    return found[0] if found else ""


def test_the_conversation_of_an_order_is_shown_to_whom_it_concerns() -> None:
    told(
        *TALK,
        message(7, "buyer", 0, "另一单", session_id="s2", order_id="o2"),
        message(8, "buyer", 0, "就是这单", session_id="s3", order_id="o1"),
        message(9, "buyer", 0, "别人的话", session_id="s4", buyer_id="b2"),
    )
    order, case = f"/orders/{SHOP}/o1/", f"/cases/{opened(Program('buyer'))}/"
    for path in (order, case):
        for who in ("buyer", "merchant", "merchant-agent", "arbitrator", "reviewer", "operator"):
            shown = _conversation(who, path)
            assert "好的" in shown, (who, path)
            assert "就是这单" in shown
            assert "另一单" not in shown
            assert "别人的话" not in shown
        assert "138****5678" in _conversation("merchant", path)
        assert "13812345678" in _conversation("buyer", path)
        for stranger in ("other-buyer", "other-merchant", "foreign-operator"):
            assert signed_in(stranger).get(path).status_code == 404
    assert 'name="message"' not in _conversation("buyer", order)
    assert 'name="message"' not in _conversation("auditor", case)
    assert signed_in("buyer").get(f"{case}?talk=x").status_code == 422


def test_nothing_said_no_card() -> None:
    assert _conversation("buyer", f"/orders/{SHOP}/o1/") == ""


def test_chosen_messages_become_evidence_once() -> None:
    told(*TALK, message(9, "buyer", 5, "别人的", session_id="s9", buyer_id="b2"))
    case_id = opened(Program("buyer"))
    path, quote = f"/cases/{case_id}/", f"/cases/{case_id}/evidence/messages/quote/"
    shown = _conversation("merchant", path)
    assert re.findall(r'name="message" value="(\w+)"', shown) == ["n1", "n2", "n4", "n5", "n6"]
    client, form = signed_in("merchant", **ZH), {"key": hidden(shown, "key"), "note": "已答应"}
    assert client.post(quote, form).status_code == 422
    assert client.post(quote, form | {"message": ["n1", "n9"]}).status_code == 404
    for _again in range(2):
        done = client.post(quote, form | {"message": ["n1", "n4"]})
        assert (done.status_code, done["Location"]) == (302, path)
    assert "chat-s1.txt" in text(client.get(path))
    assert rows("SELECT count(*) FROM evidence_use") == [(1,)]
    for stranger, status in (("other-buyer", 404), ("foreign-operator", 404), ("auditor", 403)):
        refused = signed_in(stranger).post(quote, {"key": "x", "message": ["n1"]})
        assert refused.status_code == status
    assert signed_in("merchant").get(quote).status_code == 405
    assert one("SELECT count(*) FROM evidence_use") == 1
    everything_holds()


def test_service_counts_by_agent_and_day() -> None:
    told(
        *TALK,
        message(11, "buyer", 61, "在吗", session_id="s2", buyer_id="b2"),
        message(12, "agent", 61 + 181, "在", session_id="s2", buyer_id="b2"),
        message(13, "buyer", 70, "?", session_id="s3"),
    )
    days = "?since=2024-02-20&until=2024-02-21"
    shown = text(signed_in("merchant", **ZH).get(f"/service/{days}"))
    assert "会话数 3 人工已答复 67% 2 / 3 3 分钟内 33% 1 / 3" in shown
    assert re.search(
        r"a1 \S+ 2 2 100% 0 0% 1 50% 1 50% 106 s|a1 .*? 2 2 100% 0 0% 1 50% 1 50%", shown
    )
    assert re.search(r"2024-02-21 无人 \S+ 1 0 0%", shown)
    drawn = signed_in("auditor", **EN).get(f"/service/{days}").content.decode()
    assert "2024-02-20: 1, 100% answered within 3 min" in drawn
    assert "2024-02-21: 2, 0% answered within 3 min" in drawn
    other = text(signed_in("other-merchant", **EN).get(f"/service/{days}"))
    assert "No conversation began on these days." in other
    assert signed_in("other-merchant").get(f"/service/{days}&shop={SHOP}").status_code == 404
    assert (
        signed_in("operator").get("/service/?since=2024-02-21&until=2024-02-20").status_code == 422
    )
    assert signed_in("operator").get("/service/?since=x").status_code == 422


@pytest.fixture
def exported(stage: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = current()
    given = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    configured = Settings(**(given | {"export": tmp_path}))
    monkeypatch.setattr("gongdao.web.export_shelf.current", lambda: configured)
    opened(Program("buyer"))
    for day in (1, 2):
        export_day(folder_of(tmp_path, MARKET), date(2024, 3, day), marketplace_id=MARKET)


@pytest.mark.usefixtures("exported")
def test_exports_are_listed_and_taken_from_the_page() -> None:
    for who in ("operator", "auditor"):
        client = signed_in(who, **EN)
        page = client.get("/exports/")
        assert "Next export:" in text(page)
        link = f"/api/v1/exports/{MARKET}/2024-03-01/cases"
        assert f'href="{link}"' in page.content.decode()
        assert answer(client.get(link)).body[:4] == b"PAR1"
        assert "2024-03-02" not in text(client.get("/exports/?until=2024-03-01"))
        assert 'href="/exports/"' in client.get("/overview/").content.decode()
    assert "2024-03" not in text(signed_in("foreign-operator").get("/exports/"))
    for who in ("buyer", "merchant", "merchant-agent", "arbitrator", "reviewer"):
        assert signed_in(who).get("/exports/").status_code == 403


def test_without_a_folder_the_page_says_what_to_set() -> None:
    assert "GONGDAO_EXPORT" in text(signed_in("operator").get("/exports/"))
