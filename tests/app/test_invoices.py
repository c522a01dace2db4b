"""Invoices beside the case: opened by what the case did, by their own clocks, in nobody's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gongdao.app.act import act
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.invoices import follow_cases as following
from gongdao.app.invoices.act import act_on_task
from gongdao.app.invoices.ask import reverse_wrong_invoice
from gongdao.app.invoices.fire_clocks import fire_clocks
from gongdao.app.invoices.follow_cases import follow_cases
from gongdao.app.invoices.tell import Told, tell_invoice
from gongdao.app.queries.invoices import invoice_task, invoice_tasks, invoices
from gongdao.app.queries.verify import verify
from gongdao.core.cases.commands import LineAsked
from gongdao.core.invoices.evolve import replay
from gongdao.core.invoices.model import Invoice, InvoiceTask, Medium
from gongdao.core.kernel.chain import GENESIS, link
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible, Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.connection import transaction
from gongdao.store.invoices import encode_task
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.postgres import Address
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    SHOP,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

SECOND = timedelta(seconds=1)


def shop(orders: int = 1, *, platform: str = "kuaishou") -> None:
    """Make orders; the marketplace's own clock stands at two hours after T0."""
    with_orders(orders, platform=platform)
    clock_at(T0 + 2 * HOUR, platform)


def clock_at(instant: datetime, platform: str = "kuaishou") -> None:
    ahead = timedelta(seconds=round((instant - datetime.now(UTC)).total_seconds()))
    market = MarketplaceRow(
        id=MARKET, platform=platform, title=Text("试验", "trial"), sandbox=True, clock_offset=ahead
    )
    with transaction() as on:
        put_marketplace(on, market)


def told(amount_fen: int = 14001, *, number: str = "N1", **changes: object) -> Invoice:
    given: dict[str, object] = {
        "shop_id": SHOP,
        "order_id": "o1",
        "number": number,
        "medium": Medium.DIGITAL,
        "amount_fen": amount_fen,
        "issued_at": T0 - 2 * DAY,
    } | changes
    return tell_invoice(MERCHANT, Told(**given))  # type: ignore[arg-type]


def refunded(**changes: object) -> str:
    case = opened(**changes)
    act(MERCHANT, case.id, "agree", key=f"agree-{case.id}", now=T0 + HOUR)
    return case.id


def task(number: int = 0) -> InvoiceTask:
    return invoice_tasks(OPERATOR).rows[number].task


def did(action: str, caller: object = MERCHANT, **payload: object) -> InvoiceTask:
    """Do an act on the one task there is, two hours after T0 unless `now` is given."""
    now = payload.pop("now", T0 + 2 * HOUR)
    return act_on_task(
        caller,
        task().id,
        action,
        payload,
        key=f"{action}-{now}",
        now=now,  # type: ignore[arg-type]
    )


def refused(code: str, kind: type[Refused], action: str, *given: object, **payload: object) -> None:
    before = rows("SELECT count(*) FROM invoice_event")
    with pytest.raises(kind) as refusal:
        did(action, *given, **payload)
    assert refusal.value.code == code
    assert rows("SELECT count(*) FROM invoice_event") == before


def test_a_refund_opens_the_reversal_of_its_invoice(db: Address) -> None:
    shop()
    told()
    refunded()
    assert follow_cases(now=T0 + HOUR).opened == 1
    found = task()
    assert (found.kind, found.state, found.amount_fen) == ("red_reverse", "pending", 14001)
    assert (found.red_reason, found.cite) == ("discount", ("INV-RED",))
    assert found.timers[0].due_at == T0 + HOUR + 3 * DAY
    assert follow_cases(now=T0 + HOUR).cases == 0
    everything_holds()


def test_no_invoice_no_task(db: Address) -> None:
    shop()
    refunded()
    assert one("SELECT count(*) FROM invoice_check") == 0
    assert follow_cases().opened == 0


def test_an_invoice_told_after_the_refund_is_reversed_too(db: Address) -> None:
    shop()
    refunded()
    told()
    assert follow_cases(now=T0 + 2 * HOUR).opened == 1


def test_confirmed_by_the_buyer_and_issued(db: Address) -> None:
    shop()
    told()
    refunded()
    follow_cases(now=T0 + HOUR)
    assert did("enter").timers[0].due_at == T0 + 2 * HOUR + 3 * DAY
    assert invoice_tasks(BUYER).rows[0].code == "02"
    did("confirm", BUYER)
    assert invoice_tasks(BUYER).rows[0].code == "04"
    refused("case.field_required", BadInput, "issue_red", red_invoice_number="R1")
    done = did("issue_red", red_invoice_number="R1", confirmation_number="C1")
    assert (done.outcome, done.given["confirmation_number"]) == ("red_issued", "C1")
    (left,) = invoices(MERCHANT, SHOP, "o1")
    assert left.left_fen == 0
    assert one("SELECT count(*) FROM audit_log WHERE verb = 'handle_invoice' AND result = 'done'")


def test_the_seventy_two_hours_by_the_second_and_the_reminder(db: Address) -> None:
    shop()
    told()
    refunded()
    follow_cases(now=T0 + HOUR)
    did("enter", now=T0 + 2 * HOUR)
    last = T0 + 2 * HOUR + 3 * DAY
    assert did("confirm", BUYER, now=last).state == "confirmed"
    did("withdraw_confirmed", now=last + SECOND)
    did("enter", now=last + HOUR)
    refused(
        "case.action_not_offered", Conflict, "confirm", BUYER, now=last + HOUR + 3 * DAY + SECOND
    )
    clock_at(last + HOUR + 3 * DAY + HOUR)
    shown = invoice_task(MERCHANT, task().id)[0]
    assert (shown.task.state, shown.code) == ("expired", "07")
    assert fire_clocks().fired == 1
    written = invoice_task(MERCHANT, task().id)[1]
    assert getattr(written[-1].event, "due_at", None) == last + HOUR + 3 * DAY
    assert fire_clocks().fired == 0
    clock_at(last + 40 * DAY)
    assert fire_clocks().fired == 1
    assert task().outcome == "left_undone"


def test_what_is_not_his_or_not_open_is_refused_and_leaves_no_trace(db: Address) -> None:
    shop()
    told()
    refunded()
    follow_cases(now=T0 + HOUR)
    refused("case.not_your_action", NotAllowed, "enter", BUYER)
    refused("case.action_not_offered", Conflict, "confirm", BUYER)
    refused("case.condition_not_met", Conflict, "void_copies", copies_recovered=True)
    refused("not_visible", NotVisible, "enter_by_buyer", OTHER_BUYER)
    did("enter")
    refused("case.not_a_word", BadInput, "report_void", void_code="7")
    assert did("report_void", void_code="12").given["void_code"] == "void_12"
    assert invoice_tasks(OPERATOR).rows[0].code == "12"


def test_a_paper_invoice_voided_whole_is_issued_again_for_the_rest(db: Address) -> None:
    shop()
    told(medium=Medium.PAPER, issued_at=T0)
    refunded(lines=(LineAsked(line_id="2", quantity=1),))
    follow_cases(now=T0 + HOUR)
    assert task().amount_fen == 4001
    did("void_copies", copies_recovered=True)
    (again,) = [r.task for r in invoice_tasks(OPERATOR).rows if r.task.kind == "reissue"]
    assert again.amount_fen == 10000
    act_on_task(
        MERCHANT, again.id, "reissue", {"invoice_number": "N2"}, key="again", now=T0 + 3 * HOUR
    )
    assert [(i.number, i.left_fen) for i in invoices(MERCHANT, SHOP, "o1")] == [
        ("N1", 0),
        ("N2", 10000),
    ]


def test_two_invoices_share_a_refund_and_no_fen_is_reversed_twice(db: Address) -> None:
    shop()
    told(5000)
    told(9001, number="N2", issued_at=T0 - DAY)
    with pytest.raises(BadInput) as refusal:
        told(1, number="N3")
    assert refusal.value.code == "invoice.bad_amount"
    refunded(lines=(LineAsked(line_id="1", quantity=2),))
    follow_cases(now=T0 + HOUR)
    found = {r.task.invoice_number: r.task.amount_fen for r in invoice_tasks(OPERATOR).rows}
    assert found == {"N1": 5000, "N2": 4000}


def test_an_invoice_is_told_once(db: Address) -> None:
    shop()
    assert told().id == told().id
    with pytest.raises(Conflict) as refusal:
        told(14000)
    assert refusal.value.code == "invoice.number_reused"
    with pytest.raises(NotVisible):
        told(order_id="o9")


def test_trouble_with_an_invoice_never_holds_up_a_refund(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop(2)
    told()
    told(order_id="o2", number="N2")
    monkeypatch.setattr(following, "called_for", _broken)
    refunded()
    assert one("SELECT refunded_fen FROM orders WHERE order_id = 'o1'") == 14001
    assert follow_cases().troubled == 1
    assert one("SELECT trouble FROM invoice_check") == "RuntimeError: no rules today"
    case = opened(2)
    fire_due(now=T0 + 2 * DAY + SECOND, marketplace_id=MARKET)
    assert one("SELECT refunded_fen FROM orders WHERE order_id = 'o2'") == case.requested_fen
    everything_holds()
    monkeypatch.undo()
    rows("UPDATE invoice_check SET try_at = clock_timestamp() RETURNING 1")
    assert follow_cases().opened == 2


def _broken(*_: object) -> None:
    raise RuntimeError("no rules today")


@pytest.mark.parametrize(
    ("claim", "kind", "cite"),
    [
        (Claim.EXCHANGE, "endorse", ("TM-FLOW-09", "TM-INV-02")),
        (Claim.REPAIR, "give_back", ("TM-FLOW-09", "TM-INV-03")),
    ],
)
def test_tmall_endorses_on_exchange_and_gives_back_on_repair(
    claim: Claim, kind: str, cite: tuple[str, ...], db: Address
) -> None:
    _in_kind("tmall", claim)
    assert follow_cases(now=T0 + 30 * DAY).opened == 1
    found = task()
    assert (found.kind, found.cite) == (kind, cite)
    assert found.state == ("endorsed" if kind == "endorse" else "sent_back")


@pytest.mark.parametrize("claim", [Claim.EXCHANGE, Claim.REPAIR])
def test_elsewhere_an_exchange_leaves_the_invoice_alone(claim: Claim, db: Address) -> None:
    _in_kind("jd", claim)
    assert follow_cases(now=T0 + 30 * DAY).opened == 0
    assert one("SELECT count(*) FROM invoice_check") == 0


def _in_kind(platform: str, claim: Claim) -> None:
    """Let an exchange or a repair come to its end on a platform."""
    shop(platform=platform)
    told()
    case_id = opened(claim=claim, reason=Reason.QUALITY).id
    steps: list[tuple[object, str, dict[str, object]]] = [
        (MERCHANT, "agree", {}),
        (BUYER, "ship_return", {"tracking_number": "SF7"}),
        (MERCHANT, "confirm_receipt", {}),
        (MERCHANT, "resend", {"tracking_number": "SF8"}),
        (BUYER, "confirm_resent", {}),
    ]
    if platform == "tmall":
        label = {
            "order_number": "1", "application_number": "2", "customer_name": "李", "contact": "138"
        }  # fmt: skip
        steps = [
            (MERCHANT, "confirm_application", {}),
            (BUYER, "ship_return", {"tracking_number": "SF7"} | label),
            (MERCHANT, "accept", {}),
            (MERCHANT, "resend", {"tracking_number": "SF8", "invoice_done": "已背书"}),
            (BUYER, "confirm_resent", {}),
        ]
    for hour, (caller, action, payload) in enumerate(steps, start=1):
        act(caller, case_id, action, payload, key=f"s{hour}", now=T0 + hour * HOUR)  # type: ignore[arg-type]
    assert one("SELECT closed_at IS NOT NULL FROM cases") is True


def test_an_invoice_issued_wrongly_is_reversed_and_issued_again(db: Address) -> None:
    shop()
    told()
    first = reverse_wrong_invoice(MERCHANT, SHOP, "N1", key="w", now=T0)
    assert reverse_wrong_invoice(MERCHANT, SHOP, "N1", key="w", now=T0).id == first.id
    with pytest.raises(Conflict) as refusal:
        reverse_wrong_invoice(MERCHANT, SHOP, "N1", key="x", now=T0)
    assert refusal.value.code == "invoice.nothing_left"
    did("enter_unneeded")
    did("issue_red", red_invoice_number="R1", confirmation_number="C1")
    kinds = [(r.task.kind, r.task.amount_fen, r.task.state) for r in invoice_tasks(OPERATOR).rows]
    assert ("reissue", 14001, "pending") in kinds


def test_price_protection_is_a_discount(db: Address) -> None:
    shop()
    told()
    refunded(
        claim=Claim.PRICE_PROTECTION, reason=Reason.PRICE_DROP,
        lines=(LineAsked(line_id="1", quantity=2, seen_price_fen=4000),),
    )  # fmt: skip
    follow_cases(now=T0 + HOUR)
    assert (task().amount_fen, task().red_reason) == (1000, "discount")


def test_the_chain_holds_and_a_replay_is_the_row(db: Address) -> None:
    shop()
    told()
    refunded()
    follow_cases(now=T0 + HOUR)
    did("enter")
    did("deny", BUYER)
    written = invoice_task(OPERATOR, task().id)[1]
    head = GENESIS
    for event in written:
        head = link(head, event.body)
        assert head == event.hash
    assert encode_task(replay(e.event for e in written)) == one("SELECT snapshot FROM invoice_task")
    assert one("SELECT head_hash FROM invoice_task") == head
    with pytest.raises(Exception, match="append-only"):
        rows("DELETE FROM invoice_event RETURNING 1")
    everything_holds()
    rows("UPDATE invoice_task SET snapshot = '{}' RETURNING 1")
    assert [(p.code, p.detail) for p in verify().problems] == [
        ("invoice.differs", "a replay differs")
    ]


def test_the_same_key_acts_once(db: Address) -> None:
    shop()
    told()
    refunded()
    follow_cases(now=T0 + HOUR)
    first = did("enter")
    assert did("enter").version == first.version
    with pytest.raises(Conflict) as refusal:
        act_on_task(MERCHANT, first.id, "withdraw_entry", key=f"enter-{T0 + 2 * HOUR}", now=T0)
    assert refusal.value.code == "command.key_reused"
    with pytest.raises(Conflict) as stale:
        act_on_task(
            MERCHANT, first.id, "withdraw_entry", key="v", expected_version=1, now=T0 + 3 * HOUR
        )
    assert stale.value.code == "case.version_conflict"
