"""One command: once, by whom it is for, on what they saw; clocks before it."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from gongdao.app.act import act
from gongdao.app.open_case import open_case
from gongdao.app.permissions import Caller
from gongdao.app.queries.case_page import case_page
from gongdao.app.record_finding import record
from gongdao.app.report_payment import report
from gongdao.app.submit_evidence import submit
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible, Refused
from gongdao.core.kernel.words import Claim, MoneyState, Party, Reason, Role
from gongdao.store.blobs import open_blob
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKETS,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

STRANGERS = [
    OTHER_BUYER,
    Caller(user_id="m2", role=Role.MERCHANT, marketplace_ids=MARKETS, shop_ids=frozenset({"x"})),
    Caller(user_id="a2", role=Role.ARBITRATOR, marketplace_ids=frozenset({"elsewhere"})),
    Caller(user_id="b3", role=Role.BUYER, marketplace_ids=frozenset({"elsewhere"}), buyer_id="b1"),
]


def test_opening_states_claim_clock_and_money(db: Address) -> None:
    with_orders(1)
    case = opened()
    assert (case.requested_fen, case.refundable_fen, case.version) == (14001, 14001, 1)
    assert one("SELECT held_fen FROM orders") == 14001
    assert rows("SELECT due_at, reason_zh FROM deadline") == [
        (case.timers[0].due_at, case.timers[0].reason.zh)
    ]
    assert rows("SELECT verb, result, case_id::text FROM audit_log") == [
        ("open_case", "done", case.id)
    ]
    everything_holds()


def test_the_same_key_again_gives_the_same_result_and_does_nothing(db: Address) -> None:
    with_orders(1)
    first = opened()
    again = open_case(
        BUYER, shop_id=SHOP, order_id="o1", claim=Claim.REFUND_ONLY, reason=Reason.QUALITY,
        key="open-1", now=T0 + DAY,
    )  # fmt: skip
    assert again.repeated
    assert again.case == first
    agreed = act(MERCHANT, first.id, "agree", key="k", now=T0 + HOUR)
    later = act(MERCHANT, first.id, "agree", key="k", now=T0 + 2 * HOUR)
    assert later.repeated
    assert (later.case, later.events) == (agreed.case, agreed.events)
    assert one("SELECT count(*) FROM cases") == 1
    assert one("SELECT count(*) FROM payment") == 1
    everything_holds()


def test_another_command_under_a_used_key_is_refused(db: Address) -> None:
    with_orders(2)
    case = opened()
    act(MERCHANT, case.id, "reject", {"reason": "已签收"}, key="k", now=T0 + HOUR)
    with pytest.raises(Conflict) as refusal:
        act(MERCHANT, case.id, "reject", {"reason": "别的"}, key="k", now=T0 + HOUR)
    assert refusal.value.code == "command.key_reused"
    with pytest.raises(Conflict) as refusal:
        opened(2, key="open-1")
    assert refusal.value.code == "command.key_reused"


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_a_key_is_printable_and_short(db: Address, key: str) -> None:
    with_orders(1)
    with pytest.raises(BadInput) as refusal:
        opened(key=key)
    assert refusal.value.code == "command.bad_key"
    assert one("SELECT count(*) FROM cases") == 0


def test_a_command_on_an_old_version_is_refused_and_logged(db: Address) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(Conflict) as refusal:
        act(MERCHANT, case.id, "agree", key="k", expected_version=7, now=T0 + HOUR)
    assert refusal.value.code == "case.version_conflict"
    assert one("SELECT count(*) FROM event") == 1
    assert rows("SELECT result FROM audit_log ORDER BY id") == [
        ("done",),
        ("case.version_conflict",),
    ]
    done = act(MERCHANT, case.id, "agree", key="k", expected_version=1, now=T0 + HOUR)
    assert done.case.outcome == "refunded"


def test_the_clock_acts_before_a_late_command_and_stays_when_it_is_refused(db: Address) -> None:
    with_orders(1)
    case = opened()
    due = case.timers[0].due_at
    with pytest.raises(Refused) as refusal:
        act(MERCHANT, case.id, "reject", {"reason": "晚了"}, key="k", now=due + HOUR)
    assert refusal.value.code == "case.closed"
    assert one("SELECT outcome FROM cases") == "refunded"
    assert one("SELECT count(*) FROM deadline") == 0
    everything_holds()


def test_an_act_at_the_deadline_is_in_time(db: Address) -> None:
    with_orders(1)
    case = opened()
    done = act(MERCHANT, case.id, "reject", {"reason": "准时"}, key="k", now=case.timers[0].due_at)
    assert done.case.stage() == "rejected"


@pytest.mark.parametrize("caller", STRANGERS)
def test_what_is_not_yours_does_not_exist(db: Address, caller: Caller) -> None:
    with_orders(1)
    case = opened()
    before = one("SELECT count(*) FROM event")
    with pytest.raises(NotVisible) as theirs:
        act(caller, case.id, "withdraw", key="k", now=T0)
    with pytest.raises(NotVisible) as nobodys:
        act(caller, str(uuid4()), "withdraw", key="k", now=T0)
    with pytest.raises(NotVisible):
        act(caller, "no id", "withdraw", key="k", now=T0)
    with pytest.raises(NotVisible):
        case_page(caller, case.id, now=T0)
    with pytest.raises(NotVisible):
        submit(caller, case.id, name="a", stream=io.BytesIO(b"a"), kind="photo", key="e")
    assert theirs.value.findings == nobodys.value.findings
    assert one("SELECT count(*) FROM event") == before
    assert one("SELECT count(*) FROM evidence_blob") == 0


def test_an_order_of_somebody_else_does_not_exist(db: Address) -> None:
    with_orders(1)
    with pytest.raises(NotVisible):
        open_case(
            OTHER_BUYER, shop_id=SHOP, order_id="o1", claim=Claim.REFUND_ONLY,
            reason=Reason.QUALITY, key="k",
        )  # fmt: skip
    assert one("SELECT count(*) FROM cases") == 0


def test_a_role_or_scope_that_does_not_cover_the_verb(db: Address) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(NotAllowed) as refusal:
        record(MERCHANT, case.id, "quality_defect", "proven", key="k")
    assert refusal.value.code == "permission.role"
    reader = Caller(
        user_id="p", role=Role.MERCHANT, marketplace_ids=MARKETS, shop_ids=frozenset({SHOP}),
        scopes=frozenset({"cases:read"}),
    )  # fmt: skip
    with pytest.raises(NotAllowed) as refusal:
        act(reader, case.id, "agree", key="k", now=T0)
    assert refusal.value.code == "permission.scope"
    assert one("SELECT stage FROM cases") == "awaiting_merchant"


def test_a_preview_decides_and_writes_nothing(db: Address) -> None:
    with_orders(1)
    case = opened()
    seen = act(MERCHANT, case.id, "agree", key="k", preview=True, now=T0 + HOUR)
    assert seen.preview
    assert (seen.case.outcome, seen.case.grants[0].state) == ("refunded", MoneyState.GRANTED)
    assert one("SELECT version FROM cases") == 1
    assert one("SELECT count(*) FROM command_receipt") == 1
    assert one("SELECT count(*) FROM audit_log") == 1
    done = act(MERCHANT, case.id, "agree", key="k", now=T0 + HOUR)
    assert done.events == seen.events
    assert not done.repeated


def test_two_cases_never_promise_the_same_money(db: Address) -> None:
    with_orders(1)
    first = opened(lines=[LineAsked(line_id="1", quantity=1)])
    assert first.refundable_fen == 4500 + 346
    rest = opened(key="second")
    assert rest.refundable_fen == 14001 - 4846
    with pytest.raises(Conflict) as refusal:
        opened(key="third")
    assert refusal.value.code == "case.nothing_left"
    act(BUYER, first.id, "withdraw", key="w", now=T0 + HOUR)
    third = opened(key="third", now=T0 + HOUR)
    assert third.refundable_fen == 4846
    everything_holds()


def test_a_payment_is_reported_once_and_for_the_amount_granted(db: Address) -> None:
    with_orders(1)
    case = opened()
    act(MERCHANT, case.id, "agree", key="k", now=T0 + HOUR)
    with pytest.raises(Conflict) as refusal:
        report(OPERATOR, case.id, 1, "confirmed", amount_fen=1, external_ref="r", key="p1")
    assert refusal.value.code == "payment.amount_differs"
    paid = report(
        OPERATOR,
        case.id,
        1,
        "confirmed",
        amount_fen=14001,
        external_ref="r",
        key="p2",
        now=T0 + DAY,
    )
    assert paid.case.money is MoneyState.CONFIRMED
    late = report(
        OPERATOR, case.id, 1, "failed", amount_fen=14001, external_ref="r", key="p3", now=T0 + DAY
    )
    assert late.events == ()
    assert rows("SELECT state, external_ref FROM payment") == [("confirmed", "r")]
    assert rows("SELECT account, sum(amount_fen) FROM posting GROUP BY 1 ORDER BY 1") == [
        ("buyer", 0),
        ("merchant", 0),
        ("payable", 0),
    ]
    everything_holds()


def test_evidence_is_kept_once_under_its_digest(db: Address) -> None:
    with_orders(1)
    case = opened()
    content = "包装完好".encode()
    given = {"name": "说明.txt", "kind": "chat", "now": T0 + HOUR}
    shown = submit(BUYER, case.id, stream=io.BytesIO(content), key="e1", **given)
    again = submit(BUYER, case.id, stream=io.BytesIO(content), key="e1", **given)
    assert again.repeated
    (item,) = shown.case.evidence
    assert (item.media_type, item.size_bytes, item.by) == ("text/plain", 12, Role.BUYER)
    with open_blob(item.digest) as kept:
        assert kept.read() == content
    assert rows("SELECT digest FROM evidence_blob") == [(item.digest,)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "evidence.empty"),
        (b"<html><script>alert(1)</script>\0", "evidence.type_not_accepted"),
        (b"MZ\x90\0\x03", "evidence.type_not_accepted"),
        (b"a" * (20 * 1024 * 1024 + 1), "evidence.too_large"),
    ],
)
def test_evidence_that_is_not_accepted(db: Address, content: bytes, code: str) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(BadInput) as refusal:
        submit(BUYER, case.id, name="a", stream=io.BytesIO(content), kind="photo", key="e")
    assert refusal.value.code == code
    assert one("SELECT count(*) FROM evidence_blob") == 0


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x" * 4001, 10**13, 1.5, None])
def test_values_that_cannot_be_kept_are_refused(db: Address, value: object) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(BadInput) as refusal:
        act(MERCHANT, case.id, "reject", {"reason": value}, key="k", now=T0)
    assert refusal.value.code == "input.bad_value"
    assert refusal.value.findings[0].field == "payload.reason"


def test_a_dispute_is_ruled_on_a_finding_and_paid(db: Address) -> None:
    a_marketplace()
    with_orders(1)
    case = opened()
    steps = (
        (MERCHANT, "reject", {"reason": "无质量问题"}),
        (BUYER, "escalate", {"reason": "有质量问题"}),
    )
    for n, (who, verb, payload) in enumerate(steps, start=1):
        case = act(who, case.id, verb, payload, key=f"s{n}", now=T0 + n * HOUR).case
    after_window = min(t.due_at for t in case.timers) + HOUR
    page = case_page(ARBITRATOR, case.id, now=after_window)
    assert page.case.version == case.version + 2, "shown as the clock is about to have it"
    assert [type(e.event).__name__ for e in page.timeline if e.recorded_at is None] == [
        "Acted",
        "DossierFrozen",
    ]
    assert page.facts_wanted()
    assert any(a.rules for a in page.allowed)
    ruled = act(
        ARBITRATOR, case.id, "rule", key="r", now=after_window,
        expected_version=page.case.version,
        payload={
            "remedy": "refund_only", "liable": "merchant", "overrule_reason": "凭证充分",
            "outbound_freight": "merchant", "return_freight": "none",
        },
    )  # fmt: skip
    assert ruled.case.ruling is not None
    assert ruled.case.ruling.overruled
    assert ruled.case.grants[0].net_fen(Party.BUYER) == 14001
    everything_holds()


def test_an_order_shown_is_the_order_given(db: Address) -> None:
    with_orders(1)
    page = case_page(BUYER, opened().id, now=T0)
    assert page.case.order == an_order(1)
    assert [line.account for line in page.ledger] == ["buyer", "merchant"]
    assert set(page.clauses) == {"HOUSE-1"}
