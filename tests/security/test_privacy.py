"""Personal data: masked for the other side and in logs, sealed where it is kept, gone when erased."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest

from gongdao.app.act import act
from gongdao.app.erase import Erasure, erase_buyer
from gongdao.app.intake_orders import intake
from gongdao.app.messages.intake import intake_messages
from gongdao.app.privacy import ERASED
from gongdao.app.queries.case_page import case_page
from gongdao.app.queries.evidence import open_evidence
from gongdao.app.queries.orders import order
from gongdao.app.retention import (
    APPEAL_WINDOW,
    MARGIN,
    ORDER_KEPT,
    RetentionReport,
    RetentionRule,
    run_retention,
)
from gongdao.app.submit_evidence import submit
from gongdao.core.cases.events import Acted
from gongdao.core.kernel.findings import BadInput, Conflict, NotVisible
from gongdao.core.kernel.masking import mask
from gongdao.core.service_desk.message import Direction, Message
from gongdao.library.shelf import Shelf
from gongdao.web.log_filter import PersonalDataFilter
from gongdao.web.settings import LOGGING
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    MARKET,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

SAID = "杯子裂了，请打13812345678，微信号：abc_12345，我叫张三丰，寄上海市浦东新区世纪大道100号2栋"
MASKED = "杯子裂了，请打138****5678，微信号：***，我叫张**，寄上海市浦东新区****"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (SAID, MASKED),
        ("mail a.b@example.com", "mail a***@example.com"),
        ("证件11010119900307123X。", "证件110***********123X。"),
        ("卡6222021234567890123", "卡62****0123"),
        ("电话 021-55556666", "电话 021-****6666"),
        ("订单 202401031234567890 运单 SF1234567890123 退 123.45 元", None),
        ("于2024-01-03T10:00:00+08:00签收，第7号方案", None),
    ],
)
def test_masking_hides_what_reaches_a_person_and_nothing_else(
    text: str, masked: str | None
) -> None:
    assert mask(text) == (text if masked is None else masked)


@pytest.mark.usefixtures("db")
def test_words_are_kept_sealed_and_shown_by_role() -> None:
    with_orders(1)
    case = opened(1, description=SAID)
    assert case.description == SAID
    kept = rows("SELECT body FROM event UNION ALL SELECT snapshot FROM cases")
    assert all("13812345678" not in bytes(body).decode() for (body,) in kept)  # type: ignore[call-overload]
    for caller, read in (
        (BUYER, SAID), (ARBITRATOR, SAID), (MERCHANT, MASKED), (OPERATOR, MASKED),
    ):  # fmt: skip
        page = case_page(caller, case.id, now=T0)
        assert page.case.description == read
        assert page.timeline[0].event.description == read  # type: ignore[union-attr]
    everything_holds()


@pytest.mark.usefixtures("db")
def test_a_return_address_is_for_both_sides() -> None:
    with_orders(1)
    case = opened(1)
    address = "浙江省杭州市西湖区文一路9号，13900001111"
    done = act(
        MERCHANT, case.id, "reject", key="k", now=T0,
        payload={"reason": "打我13900001111", "return_address": address},
    )  # fmt: skip
    acted = next(e for e in done.events if isinstance(e, Acted))
    assert acted.payload["return_address"] == address
    seen = case_page(BUYER, case.id, now=T0).timeline[-1].event
    assert isinstance(seen, Acted)
    assert seen.payload == {"reason": "打我139****1111", "return_address": address}


@pytest.mark.usefixtures("db")
def test_nobody_hands_in_a_sealed_text() -> None:
    with_orders(1)
    with pytest.raises(BadInput) as refused:
        opened(1, description="⟦sealed:buyer:AAAA⟧")
    assert refused.value.code == "input.bad_value"


@pytest.mark.usefixtures("db")
def test_receivers_are_sealed_and_the_same_order_told_again_is_the_same() -> None:
    with_orders(1)
    told = replace(
        an_order(2),
        attributes={"receiver_name": "张三丰", "receiver_phone": "13812345678", "fresh": True},
    )
    assert intake(MARKET, [told]).new == 1
    assert intake(MARKET, [told]).same == 1
    assert b"13812345678" not in bytes(one("SELECT snapshot FROM orders WHERE order_id = 'o2'"))  # type: ignore[call-overload]
    assert order(BUYER, SHOP, "o2").order == told
    seen = order(MERCHANT, SHOP, "o2").order.attributes
    assert seen == {"receiver_name": "张**", "receiver_phone": "138****5678", "fresh": True}


def ended() -> str:
    """A case with words and a file of the buyer, and words of the merchant, that has ended."""
    with_orders(2)
    case = opened(1, description=SAID)
    submit(
        BUYER, case.id, name="张三丰的照片.txt", stream=BytesIO("我是张三丰".encode()),
        kind="chat", key="e", now=T0,
    )  # fmt: skip
    act(MERCHANT, case.id, "reject", key="r", now=T0, payload={"reason": "查无此人"})
    act(BUYER, case.id, "withdraw", key="w", now=T0 + DAY)
    return case.id


@pytest.mark.usefixtures("db")
def test_an_erased_buyers_words_and_files_are_gone_and_everything_still_holds() -> None:
    case_id = ended()
    item = case_page(BUYER, case_id, now=T0 + DAY).case.evidence[0]
    assert item.name == "张三丰的照片.txt"
    before = rows("SELECT seq, body, hash FROM event ORDER BY seq")
    assert erase_buyer(OPERATOR, MARKET, "b1") == Erasure(keys=1, files=1, accounts=0)
    assert erase_buyer(OPERATOR, MARKET, "b1") == Erasure(keys=0, files=0, accounts=0)
    page = case_page(ARBITRATOR, case_id, now=T0 + DAY)
    assert page.case.description == ERASED
    assert page.case.evidence[0].name == ERASED
    reasons = [e.event.payload.get("reason") for e in page.timeline if isinstance(e.event, Acted)]
    assert "查无此人" in reasons
    with pytest.raises(NotVisible), open_evidence(ARBITRATOR, case_id, item.id):
        pass
    assert rows("SELECT seq, body, hash FROM event ORDER BY seq") == before
    everything_holds()


@pytest.mark.usefixtures("db")
def test_nobody_is_erased_out_of_an_open_case() -> None:
    with_orders(1)
    case = opened(1, description=SAID)
    with pytest.raises(Conflict) as refused:
        erase_buyer(OPERATOR, MARKET, "b1")
    assert refused.value.code == "erase.case_open"
    assert case_page(BUYER, case.id, now=T0).case.description == SAID


def said(at: datetime) -> None:
    """A conversation of two messages, the last at `at`."""
    whose = {"shop_id": SHOP, "session_id": "s", "buyer_id": "b1", "text": SAID}
    intake_messages(MARKET, [
        Message(message_id="1", direction=Direction.BUYER, at=at - DAY, **whose),
        Message(message_id="2", direction=Direction.AGENT, at=at, agent_id="a", **whose),
    ])  # fmt: skip


@pytest.mark.usefixtures("db")
def test_retention_counts_in_a_dry_run_and_erases_once() -> None:
    case_id = ended()
    rule = RetentionRule(
        appeal_window=timedelta(days=60), margin=timedelta(days=30), order_kept=timedelta(days=90)
    )
    early, late = T0 + 91 * DAY, T0 + 91 * DAY + timedelta(seconds=1)
    said(T0 + DAY)
    nothing = (RetentionReport(marketplace_id=MARKET, orders=0, keys=0, files=0, conversations=0),)
    all_of_it = (
        RetentionReport(marketplace_id=MARKET, orders=1, keys=2, files=1, conversations=2),
    )
    assert run_retention(rule, dry_run=False, now=early) == nothing
    assert run_retention(rule, dry_run=True, now=late) == all_of_it
    assert case_page(BUYER, case_id, now=T0 + DAY).case.description == SAID
    assert run_retention(RetentionRule(), dry_run=False, now=late) == nothing
    assert run_retention(rule, dry_run=False, now=late) == all_of_it
    assert run_retention(rule, dry_run=False, now=late) == nothing
    assert case_page(BUYER, case_id, now=T0 + DAY).case.description == ERASED
    everything_holds()


def test_the_house_keeps_data_longer_than_any_appeal_and_as_long_as_the_law() -> None:
    assert timedelta(days=3 * 365 + 1) <= ORDER_KEPT
    assert timedelta(days=1) <= MARGIN
    for book in Shelf().all():
        for name, parameter in book.parameters.items():
            if name in {"appeal_within", "ask_within", "complain_within"}:
                assert timedelta(seconds=parameter.value.seconds) < APPEAL_WINDOW


def test_logs_are_masked_with_their_tracebacks() -> None:
    try:
        raise ValueError(SAID)  # noqa: TRY301  what is raised is what is tested
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "of %s", (SAID,), sys.exc_info()
        )
    assert PersonalDataFilter().filter(record)
    line = logging.Formatter().format(record)
    assert "13812345678" not in line
    assert f"of {MASKED}" in line
    assert f"ValueError: {MASKED}" in line
    assert all("personal" in handler["filters"] for handler in LOGGING["handlers"].values())
