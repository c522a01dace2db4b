"""Many at once: intake, openings, firing, payments, and what one bad case among them does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from gongdao.app.decide_opening import Opening
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import FireReport, fire_due
from gongdao.app.intake_orders import intake
from gongdao.app.open_many import open_many
from gongdao.app.queries import clocks, ledger
from gongdao.app.queries.queue import queue
from gongdao.app.queries.verify import verify
from gongdao.core.kernel.findings import BadInput, NotVisible
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.connection import cursor, transaction
from gongdao.store.postgres import Address
from gongdao.store.queue import Wanted
from tests.app.world import (
    BUYER,
    DAY,
    MARKET,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    a_marketplace,
    an_order,
    everything_holds,
    one,
    rows,
    with_orders,
)


def openings(count: int) -> list[Opening]:
    return [
        Opening(
            case_id=str(uuid5(UUID(int=7), f"{n}")), shop_id=SHOP, order_id=f"o{n}",
            claim=(Claim.REFUND_ONLY, Claim.RETURN_REFUND)[n % 2], reason=Reason.QUALITY,
            by=BUYER.actor, at=T0 + timedelta(minutes=n),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def test_orders_told_again_are_kept_once(db: Address) -> None:
    a_marketplace()
    first = intake(MARKET, [an_order(1), an_order(2)])
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    later = replace(an_order(2), succeeded_at=T0)
    report = intake(MARKET, [an_order(1), later, an_order(3), an_order(3)])
    assert (report.new, report.changed, report.same, report.refused) == (1, 1, 2, ())
    assert one("SELECT count(*) FROM posting") == 6
    everything_holds()


def test_an_order_unpaid_has_no_entry_until_it_is_paid(db: Address) -> None:
    a_marketplace()
    cod = an_order(1, payment="cod", paid_at=None, signed_at=None)
    intake(MARKET, [cod])
    assert one("SELECT count(*) FROM posting") == 0
    intake(MARKET, [replace(cod, signed_at=T0)])
    assert rows("SELECT account, amount_fen, at FROM posting ORDER BY line") == [
        ("buyer", -14001, T0),
        ("merchant", 14001, T0),
    ]


def test_orders_that_cannot_be_are_refused_one_by_one(db: Address) -> None:
    a_marketplace()
    with transaction() as on:
        on.execute(
            "INSERT INTO marketplace SELECT 'm2', platform, '', '', true, 0 FROM marketplace"
        )
    intake("m2", [an_order(9, shop_id="theirs")])
    intake(MARKET, [an_order(1)])
    report = intake(
        MARKET,
        [
            an_order(1, freight_fen=5),
            an_order(1, buyer_id="b9"),
            an_order(2, lines=()),
            an_order(3, shop_id="theirs"),
            an_order(4, placed_at=T0.replace(tzinfo=None)),
            an_order(5, buyer_id="a\0"),
            an_order(6),
        ],
    )
    assert report.new == 1
    found = {r.order_id: (r.finding.code, r.finding.field) for r in report.refused}
    assert found == {
        "o1": ("order.identity_changed", "order_id"),
        "o2": ("order.bad_value", "lines"),
        "o3": ("order.shop_elsewhere", "order_id"),
        "o4": ("order.bad_value", "placed_at"),
        "o5": ("input.bad_value", "buyer_id"),
    }
    with pytest.raises(NotVisible):
        intake("nowhere", [an_order(1)])


def test_openings_repeated_open_nothing(db: Address) -> None:
    with_orders(30)
    told = [*openings(30), replace(openings(1)[0], case_id=str(UUID(int=5)))]
    first = open_many(told)
    assert (len(first.opened), first.already) == (30, ())
    assert [(case, r.code) for case, r in first.refused] == [
        (str(UUID(int=5)), "case.nothing_left")
    ]
    again = open_many(openings(30))
    assert (again.opened, len(again.already)) == ((), 30)
    everything_holds()


def test_firing_ends_every_case_once_and_says_how_late(db: Address) -> None:
    with_orders(40)
    open_many(openings(40))
    due = one("SELECT min(due_at) FROM deadline")
    assert fire_due(now=due, marketplace_id=MARKET) == FireReport()
    report = fire_due(now=due + timedelta(seconds=1), marketplace_id=MARKET)
    assert (report.fired, report.cases, report.late_max_seconds) == (1, 1, 1.0)
    fired = report.fired
    while one("SELECT count(*) FROM deadline"):
        report = fire_due(7, now=T0 + 90 * DAY, marketplace_id=MARKET)
        assert 0 < report.cases <= 7
        fired += report.fired
    assert fired == one("SELECT count(*) FROM event WHERE actor = 'clock'")
    assert one("SELECT count(*) FROM cases WHERE closed_at IS NULL") == 0
    assert dispatch(now=T0 + 91 * DAY).sent == 20
    assert dispatch(now=T0 + 91 * DAY).sent == 0
    everything_holds()
    balance = ledger.balance(OPERATOR)
    assert (balance.sum_fen, balance.orders_fen) == (0, 40 * 14001)
    assert balance.by_bearer_fen == {"buyer": 20 * 14001, "merchant": -20 * 14001, "payable": 0}


def test_lateness_at_the_99th_percent() -> None:
    report = FireReport(late_seconds=[float(n) for n in range(1, 201)])
    assert (report.late_p99_seconds, report.late_mean_seconds) == (198.0, 100.5)


def test_a_case_that_cannot_be_decided_holds_up_no_other(db: Address) -> None:
    with_orders(3)
    open_many(openings(3))
    with transaction() as on:
        cursor(on).execute(
            "UPDATE cases SET snapshot = convert_to(replace(convert_from(snapshot, 'UTF8'),"
            " 'awaiting_merchant', 'nowhere'), 'UTF8') WHERE order_id = 'o2'"
        )
        cursor(on).execute("UPDATE cases SET snapshot = '{' WHERE order_id = 'o3'")
    now = T0 + 90 * DAY
    report = fire_due(now=now, marketplace_id=MARKET)
    assert (report.cases, report.troubled) == (1, 2)
    assert fire_due(now=now, marketplace_id=MARKET) == FireReport()
    found = {t.case_id: t for t in clocks.troubles(OPERATOR)}
    assert len(found) == 2
    assert all(t.attempts == 1 and t.retry_at == now + timedelta(minutes=1) for t in found.values())
    retried = fire_due(now=now + timedelta(seconds=61), marketplace_id=MARKET)
    assert retried.troubled == 2
    assert {t.retry_at for t in clocks.troubles(OPERATOR)} == {now + timedelta(seconds=61 + 120)}


def test_a_case_the_database_refuses_holds_up_no_other(db: Address) -> None:
    with_orders(4)
    open_many(openings(4))
    with transaction() as on:
        cursor(on).execute("UPDATE orders SET held_fen = 0 WHERE order_id = 'o2'")
    report = fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET)
    assert (report.cases, report.troubled) == (3, 1)
    (trouble,) = clocks.troubles(OPERATOR)
    assert trouble.trouble.startswith("CheckViolation")


def test_a_payment_the_database_refuses_holds_up_no_other(db: Address) -> None:
    with_orders(4)
    open_many(openings(4))
    fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET)
    with transaction() as on:
        cursor(on).execute(
            f"ALTER TABLE payment ADD CONSTRAINT trial CHECK (state <> 'confirmed' OR"
            f" case_id <> '{openings(2)[1].case_id}')"
        )
    try:
        report = dispatch(now=T0 + 91 * DAY)
        assert (report.sent, report.troubled) == (1, 1)
        assert one("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND attempts = 1") == 1
    finally:
        with transaction() as on:
            cursor(on).execute("ALTER TABLE payment DROP CONSTRAINT trial")


def test_payments_outside_a_sandbox_wait_for_their_own_system(db: Address) -> None:
    with_orders(2)
    open_many(openings(2))
    with transaction() as on:
        on.execute("UPDATE marketplace SET sandbox = false")
    fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET)
    assert dispatch().sent == 0
    assert one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 1


def test_a_sandbox_moves_its_clock(db: Address) -> None:
    with_orders(1)
    open_many(openings(1))
    assert fire_due().cases == 1, "opened in 2024, long due by today's clock"


@pytest.mark.parametrize(
    "damage",
    [
        (
            "UPDATE event SET body = replace(convert_from(body, 'UTF8'), 'u-buyer', 'u-thief')::bytea"
            " WHERE seq = 1"
        ),
        "DELETE FROM event WHERE seq = 2",
        "UPDATE cases SET stage = 'awaiting_merchant'",
        "UPDATE cases SET waits_for = '{carrier}'",
        "UPDATE cases SET next_due_at = now()",
        "UPDATE cases SET head_hash = 'x'",
        (
            "UPDATE cases SET order_body = convert_to(replace(convert_from(order_body, 'UTF8'), 'SF1',"
            " 'SF2'), 'UTF8')"
        ),
        "UPDATE cases SET snapshot = snapshot || ' '",
        "UPDATE posting SET amount_fen = amount_fen * 2 WHERE seq > 0",
        "UPDATE posting SET amount_fen = 1 WHERE seq = 0 AND line = 0",
        "DELETE FROM payment",
        "UPDATE orders SET held_fen = held_fen - 1 WHERE held_fen > 0",
        (
            "INSERT INTO deadline SELECT shop_id, id, 't', 'n', marketplace_id, now(), now(), 0, '',"
            " false, '', '', '{}' FROM cases"
        ),
    ],
)
def test_the_audit_finds_what_was_tampered_with(db: Address, damage: str) -> None:
    with_orders(1)
    open_many(openings(2)[:1])
    fire_due(now=T0 + 3 * DAY, marketplace_id=MARKET)
    everything_holds()
    if "payment" in damage or "posting" in damage:
        intake(MARKET, [an_order(2)])
        open_many(openings(2)[1:])
        fire_due(now=T0 + 3 * DAY, marketplace_id=MARKET)
        everything_holds()
    with transaction() as on:
        on.execute("SET LOCAL session_replication_role = replica")
        touched = cursor(on).execute(damage.encode()).rowcount
    assert touched > 0
    assert verify().problems


def test_the_queue_comes_by_pages_without_gaps(db: Address) -> None:
    with_orders(25)
    open_many(openings(25))
    for wanted in (Wanted(), Wanted(order="opened")):
        seen: list[str] = []
        cursor_text: str | None = None
        while True:
            page = queue(MERCHANT, wanted, cursor=cursor_text, limit=7)
            seen += [row.order_id for row in page.rows]
            cursor_text = page.next_cursor
            if cursor_text is None:
                break
        by_time = [f"o{n}" for n in range(1, 26)]
        assert seen == (by_time if wanted.order == "due" else by_time[::-1])
    (row,) = queue(BUYER, Wanted(search="o25")).rows
    assert (row.requested_fen, row.waits_for) == (14001, ("merchant",))
    assert row.next_due_zh is not None
    assert queue(BUYER, Wanted(waits_for="buyer")).rows == ()
    for bad in ("x", "WzFd", "🙂"):
        with pytest.raises(BadInput):
            queue(BUYER, cursor=bad)


def test_clocks_are_counted(db: Address) -> None:
    with_orders(3)
    open_many(openings(3))
    with transaction() as on:
        on.execute(
            "UPDATE marketplace SET clock_offset_seconds ="
            " extract(epoch FROM timestamptz '2024-03-03 02:01:30Z' - clock_timestamp())"
        )
    (row,) = clocks.clocks(OPERATOR)
    assert (row.running, row.overdue, row.troubled) == (3, 1, 0)
    assert 29 < row.oldest_overdue_seconds < 60
    assert fire_due(marketplace_id=MARKET).cases == 1
    (row,) = clocks.clocks(OPERATOR)
    assert (row.running, row.overdue, row.fired_last_hour) == (3, 0, 0), "history played again"
    with transaction() as on:
        on.execute("UPDATE marketplace SET created_at = '2024-01-01Z'")
    (row,) = clocks.clocks(OPERATOR)
    assert (row.running, row.overdue, row.fired_last_hour) == (3, 0, 1)
    assert 29 < row.late_max_seconds < 60
