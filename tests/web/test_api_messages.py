"""Conversations by the API: told once, read by those they concern, counted, quoted as evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gongdao.core.kernel.time import BEIJING
from tests.app.world import MARKET, SHOP, everything_holds, one, rows
from tests.web.stage import Program, opened

pytestmark = pytest.mark.usefixtures("stage")
T = datetime(2024, 2, 20, 23, 59, 0, tzinfo=BEIJING)


def message(number: int, direction: str, seconds: int, text: str = "", **changes: object) -> dict:
    by_person = direction in {"agent", "assigned"}
    return {
        "shop_id": SHOP,
        "message_id": f"n{number}",
        "session_id": "s1",
        "buyer_id": "b1",
        "direction": direction,
        "at": (T + timedelta(seconds=seconds)).isoformat(),
        "text": text,
        "agent_id": "a1" if by_person else None,
    } | changes


TALK = [
    message(1, "buyer", 0, "杯子碎了，电话 13812345678"),
    message(2, "robot", 1, "您好，请稍候"),
    message(3, "assigned", 10),
    message(4, "agent", 40, "抱歉，给您退款，加微信 abcdef123"),
    message(5, "buyer", 90, "好的"),
    message(6, "agent", 100, "已处理"),
]


def told(*messages: dict, status: int = 200, who: str = "operator", market: str = MARKET) -> dict:
    got = Program(who).post(
        "/messages", {"marketplace_id": market, "messages": list(messages)}, key=None
    )
    assert got.status == status, got.body
    return got.body


def test_messages_are_taken_once_and_never_change() -> None:
    assert told(*TALK) == {"new": 6, "same": 0, "refused": []}
    again = told(*TALK, TALK[0] | {"text": "杯子没碎"}, message(7, "agent", 1, "x", agent_id=None))
    assert (again["new"], again["same"]) == (0, 6)
    assert [(r["message_id"], r["code"], r["field"]) for r in again["refused"]] == [
        ("n7", "message.bad_value", "agent_id"),
        ("n1", "message.changed", "message_id"),
    ]
    assert "碎" not in str(rows("SELECT text FROM message"))
    elsewhere = told(TALK[0] | {"shop_id": "shop-2"})
    assert elsewhere["refused"][0]["code"] == "message.shop_elsewhere"
    assert told(*TALK, who="merchant", status=403)["code"] == "permission.role"
    assert told(*TALK, who="foreign-operator", status=404)["code"] == "not_visible"
    assert rows(
        "SELECT user_id <> '', result, rows FROM audit_log WHERE verb = 'intake_messages'"
        " ORDER BY id"
    ) == [(True, "done", 6), (True, "done", 8), (True, "done", 1), (True, "not_visible", None)]
    with pytest.raises(Exception, match="append-only"):
        rows("DELETE FROM message")


def texts(who: str, **query: object) -> list[str]:
    got = Program(who).get("/messages", **query)
    assert got.status == 200, got.body
    return [m["text"] for m in got.body["items"]]


def test_each_reads_what_he_may() -> None:
    told(*TALK)
    buyer, merchant = texts("buyer"), texts("merchant-agent")
    assert buyer[0] == TALK[0]["text"]
    assert merchant[0] == "杯子碎了，电话 138****5678"
    assert (buyer[3], merchant[3]) == ("抱歉，给您退款，加微信 ***", TALK[3]["text"])
    assert texts("arbitrator") == [m["text"] for m in TALK]
    assert texts("operator")[0] == texts("auditor")[0] == "杯子碎了，电话 138****5678"
    for stranger in ("other-buyer", "other-merchant", "foreign-operator"):
        assert texts(stranger, shop_id=SHOP) == []
    assert texts("operator", session_id="s2") == []
    assert texts("operator", since=TALK[5]["at"]) == ["已处理"]
    assert len(texts("operator", until=TALK[5]["at"], agent_id="a1")) == 2


def test_pages_follow_each_other() -> None:
    told(*TALK)
    operator, cursor, seen = Program("operator"), None, []
    while True:
        page = operator.get("/messages", limit=4, **({"cursor": cursor} if cursor else {})).body
        seen += [m["message_id"] for m in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert operator.get("/messages", cursor="x").code == "messages.bad_cursor"


def test_what_a_person_said_goes_when_he_is_erased() -> None:
    told(*TALK)
    done = Program("operator").post(
        "/people/erasures", {"marketplace_id": MARKET, "buyer_id": "b1"}, key=None
    )
    assert done.status == 200, done.body
    assert texts("arbitrator")[0] == "〔已删除 erased〕"
    assert texts("arbitrator")[3] == TALK[3]["text"]
    assert told(*TALK)["same"] == 6


def test_replies_are_counted_by_agent_and_day() -> None:
    told(*TALK)
    late = {"session_id": "s2", "buyer_id": "b2"}
    told(
        message(11, "buyer", 61, "在吗", **late),  # 2024-02-21 00:00:01 Beijing time
        message(12, "agent", 61 + 181, "在", **late),
        message(13, "buyer", 70, "?", session_id="s3"),
        message(14, "buyer", 80, "快", session_id="s4"),
        message(15, "agent", 85, "来了", session_id="s4", agent_id="a2"),
    )
    got = Program("merchant").get("/messages/measures", since="2024-02-20", until="2024-02-21").body
    names = ("day", "agent_id", "conversations", "answered", "answered_in_5s", "answered_in_30s",
             "answered_in_3m", "first_wait_seconds", "messages")  # fmt: skip
    assert [tuple(i[n] for n in names) for i in got["items"]] == [
        ("2024-02-20", "a1", 1, 1, 0, 1, 1, 30, 2),
        ("2024-02-21", "", 1, 0, 0, 0, 0, 0, 0),
        ("2024-02-21", "a1", 1, 1, 0, 0, 0, 181, 1),
        ("2024-02-21", "a2", 1, 1, 1, 1, 1, 5, 1),
    ]
    day = {"since": "2024-02-20", "until": "2024-02-20"}
    for who in ("operator", "auditor", "merchant-agent"):
        assert len(Program(who).get("/messages/measures", shop_id=SHOP, **day).body["items"]) == 1
    assert Program("other-merchant").get("/messages/measures", **day).body["items"] == []
    assert Program("foreign-operator").get("/messages/measures", shop_id=SHOP, **day).status == 404
    assert Program("buyer").get("/messages/measures", **day).code == "permission.role"
    far = Program("operator").get("/messages/measures", since="2024-02-20", until="2026-02-20")
    assert far.code == "measures.bad_days"


def test_an_extract_becomes_evidence_with_its_digest() -> None:
    told(*TALK, message(9, "buyer", 5, "别人的", session_id="s9", buyer_id="b2"))
    case_id = opened(Program("buyer"))
    merchant = Program("merchant")
    where = f"/cases/{case_id}/evidence/messages"
    quoted = merchant.post(where, {"message_ids": ["n1", "n4"], "note": "同意退款"})
    assert quoted.status == 200, quoted.body
    (item,) = quoted.body["case"]["evidence"]
    assert (item["kind"], item["media_type"], item["name"], item["by"]) == (
        "chat", "text/plain", "chat-s1.txt", "merchant",
    )  # fmt: skip
    content = Program("buyer").get(f"/cases/{case_id}/evidence/{item['id']}/content").body
    assert content.decode() == (
        "聊天摘录 · chat extract\n店铺 shop shop-1 · 会话 session s1\n共 2 条 · 2 messages\n\n"
        "[2024-02-20 23:59:00] 买家 buyer #n1\n    杯子碎了，电话 138****5678\n"
        "[2024-02-20 23:59:40] 客服 agent a1 #n4\n    抱歉，给您退款，加微信 ***\n"
    )
    from hashlib import sha256

    assert sha256(content).hexdigest() == item["digest"]
    for named in (["n1", "n9"], ["n1", "none"]):
        assert merchant.post(where, {"message_ids": named}).status == 404
    assert merchant.post(where, {"message_ids": []}).code == "message.none_named"
    assert Program("other-buyer").post(where, {"message_ids": ["n1"]}).status == 404
    assert one("SELECT count(*) FROM evidence_use") == 1
    everything_holds()
