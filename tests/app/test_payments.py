"""Payments that do not go as decided: twice, late, other amounts, outside; retries; deposits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongdao.app import resolve_payment
from gongdao.app.act import act
from gongdao.app.deposits import deposit, move_deposit
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.queries.payments import exceptions, payments
from gongdao.app.report_outside_refund import report_outside_refund
from gongdao.app.report_payment import MOST_ATTEMPTS
from gongdao.app.settle_reports import Report, settle
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Claim, MoneyState
from gongdao.store.connection import cursor, transaction
from gongdao.store.postgres import Address
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    SHOP,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)  # fmt: skip

ELSEWHERE = replace(OPERATOR, marketplace_ids=frozenset({"elsewhere"}))


def granted(number: int = 1) -> Case:
    case = opened(number)
    return act(MERCHANT, case.id, "agree", key=f"agree-{number}", now=T0 + HOUR).case


def told(case: Case, result: str = "confirmed", fen: int = 14001, ref: str = "r1") -> str:
    (done,) = settle(OPERATOR, [Report(reference=f"{case.id}-1", result=result, amount_fen=fen,
                                       external_ref=ref)])  # type: ignore[arg-type]  # fmt: skip
    return done.settled if done.finding is None else f"{done.settled} {done.finding.code}"


def kinds() -> list[tuple[object, ...]]:
    return rows("SELECT kind, expected_fen, reported_fen, external_ref FROM payment_exception")


def test_a_confirmation_counts_once_however_it_comes(db: Address) -> None:
    with_orders(1)
    case = granted()
    for result in ("sent", "confirmed", "confirmed", "sent", "confirmed"):
        assert told(case, result) == "taken"
    assert one("SELECT state FROM payment") == "confirmed"
    assert one("SELECT count(*) FROM event WHERE kind = 'payment_moved'") == 2
    assert kinds() == []
    everything_holds()


def test_another_amount_is_an_exception_noted_once(db: Address) -> None:
    with_orders(1)
    case = granted()
    for _ in range(2):
        assert told(case, fen=14000) == "exception payment.amount_differs"
    assert kinds() == [("amount_differs", 14001, 14000, "r1")]
    assert one("SELECT state FROM payment") == "granted", "nothing is paid by a wrong amount"
    (row,) = exceptions(OPERATOR, is_open=True).rows
    resolve_payment.resolve(OPERATOR, row.id, "confirm_settled", "线下补 0.01 元")
    assert one("SELECT state FROM payment") == "confirmed"
    assert exceptions(OPERATOR, is_open=True).rows == ()
    (done,) = exceptions(OPERATOR, is_open=False).rows
    assert (done.resolution, done.resolved_by) == ("confirm_settled", OPERATOR.user_id)
    with pytest.raises(Conflict) as refusal:
        resolve_payment.resolve(OPERATOR, row.id, "dismiss", "x")
    assert refusal.value.code == "payment.exception_resolved"
    everything_holds()


def test_paid_twice_is_written_off_or_recovered(db: Address) -> None:
    with_orders(1)
    case = granted()
    assert told(case) == "taken"
    assert told(case, ref="r2") == "taken"
    assert told(case, ref="r2", result="failed") == "taken"
    assert [k[0] for k in kinds()] == ["paid_twice", "failed_after_confirmation"]
    twice = next(e for e in exceptions(OPERATOR).rows if e.kind == "paid_twice")
    with pytest.raises(BadInput) as refusal:
        resolve_payment.resolve(OPERATOR, twice.id, "retry", "x")
    assert refusal.value.code == "payment.bad_resolution"
    with pytest.raises(BadInput) as refusal:
        resolve_payment.resolve(OPERATOR, twice.id, "written_off", " ")
    assert refusal.value.code == "payment.note_required"
    with pytest.raises(NotVisible):
        resolve_payment.resolve(ELSEWHERE, twice.id, "written_off", "x")
    resolve_payment.resolve(OPERATOR, twice.id, "written_off", "金额小")
    assert rows("SELECT account, amount_fen FROM posting WHERE purpose = 'written_off'"
                " ORDER BY 2") == [("platform", -14001), ("buyer", 14001)]  # fmt: skip
    everything_holds()


def test_a_failed_payment_is_instructed_again_later_each_time_and_not_for_ever(
    db: Address,
) -> None:
    with_orders(1)
    case = granted()
    waits: list[int] = []
    for attempt in range(MOST_ATTEMPTS):
        with transaction() as on:
            cursor(on).execute("UPDATE outbox SET try_at = clock_timestamp()")
        told(case, "sent", ref=f"s{attempt}")
        with transaction() as on:
            cursor(on).execute(
                "UPDATE outbox SET sent_at = clock_timestamp(), attempts = attempts + 1"
            )
        told(case, "failed", ref=f"f{attempt}")
        waits.append(int(str(one(
            "SELECT round(extract(epoch FROM try_at - clock_timestamp()))::int FROM outbox"))))  # fmt: skip
    assert waits[:4] == [60, 120, 240, 480]
    assert one("SELECT state FROM payment") == "failed"
    assert [k[0] for k in kinds()] == ["retries_exhausted"]
    (row,) = exceptions(OPERATOR).rows
    resolve_payment.resolve(OPERATOR, row.id, "retry", "账户已修复")
    assert dispatch(now=T0 + DAY, marketplace_id=MARKET).sent == 1
    assert one("SELECT state FROM payment") == "confirmed"
    everything_holds()


def test_a_reference_nobody_got_and_one_of_somebody_else_do_not_exist(db: Address) -> None:
    with_orders(1)
    case = granted()
    (done,) = settle(OPERATOR, [Report(reference="x", result="sent", amount_fen=1)])
    assert (done.settled, done.finding and done.finding.code) == ("refused", "not_visible")
    (done,) = settle(ELSEWHERE, [Report(reference=f"{case.id}-1", result="sent", amount_fen=1)])
    assert (done.settled, done.finding and done.finding.code) == ("refused", "not_visible")
    (done,) = settle(OPERATOR, [Report(reference=f"{case.id}-9", result="sent", amount_fen=1)])
    assert (done.settled, done.finding and done.finding.code) == ("refused", "payment.unknown")
    with pytest.raises(NotAllowed):
        settle(MERCHANT, [])
    assert payments(ELSEWHERE).rows == ()
    (row,) = payments(OPERATOR, state="granted").rows
    assert (row.reference, row.amount_fen) == (f"{case.id}-1", 14001)


def test_a_refund_outside_during_a_dispute_is_not_given_again(db: Address) -> None:
    with_orders(1)
    case = opened()
    done = report_outside_refund(
        OPERATOR, SHOP, "o1", amount_fen=9001, external_ref="x1", now=T0 + HOUR
    )
    assert (done.absorbed_fen, done.too_much_fen, done.case_ids) == (9001, 0, (case.id,))
    again = report_outside_refund(OPERATOR, SHOP, "o1", amount_fen=9001, external_ref="x1")
    assert again.repeated
    with pytest.raises(Conflict) as refusal:
        report_outside_refund(OPERATOR, SHOP, "o1", amount_fen=9000, external_ref="x1")
    assert refusal.value.code == "payment.reference_reused"
    assert rows("SELECT held_fen, outside_fen, refunded_fen FROM orders") == [(5000, 9001, 0)]
    paid = act(MERCHANT, case.id, "agree", key="k", now=T0 + 2 * HOUR).case
    assert [g.net_fen(g.transfers[0].taker) for g in paid.grants] == [5000]
    assert rows("SELECT held_fen, outside_fen, refunded_fen FROM orders") == [(0, 9001, 5000)]
    assert one("SELECT sum(amount_fen) FROM posting WHERE account = 'merchant'") == 0
    everything_holds()


def test_a_refund_outside_beyond_all_is_an_exception(db: Address) -> None:
    with_orders(1)
    case = granted()
    done = report_outside_refund(OPERATOR, SHOP, "o1", amount_fen=500, external_ref="x1",
                                 case_id=case.id)  # fmt: skip
    assert (done.absorbed_fen, done.too_much_fen, done.case_ids) == (0, 500, ())
    assert kinds() == [("refunded_outside_too_much", 0, 500, "x1")]
    resolve_payment.resolve(OPERATOR, exceptions(OPERATOR).rows[0].id, "written_off", "x")
    assert rows("SELECT account, sum(amount_fen)::int FROM posting WHERE purpose = 'written_off'"
                " GROUP BY 1 ORDER BY 1") == [("merchant", 500), ("platform", -500)]  # fmt: skip
    with pytest.raises(NotVisible):
        report_outside_refund(ELSEWHERE, SHOP, "o1", amount_fen=1, external_ref="y")
    with pytest.raises(NotAllowed):
        report_outside_refund(BUYER, SHOP, "o1", amount_fen=1, external_ref="y")
    everything_holds()


def test_a_refund_outside_before_any_case_leaves_less_to_claim(db: Address) -> None:
    with_orders(1)
    report_outside_refund(OPERATOR, SHOP, "o1", amount_fen=4001, external_ref="x1")
    assert opened().refundable_fen == 10000
    everything_holds()


def test_a_deposit_is_paid_in_held_by_disputes_and_taken_out(db: Address) -> None:
    with_orders(1)
    assert deposit(MERCHANT, SHOP).balance_fen == 0
    move_deposit(OPERATOR, SHOP, 20000, "d1", now=T0)
    move_deposit(OPERATOR, SHOP, 20000, "d1", now=T0)
    assert deposit(OPERATOR, SHOP).balance_fen == 20000
    case = opened()
    act(MERCHANT, case.id, "reject", {"reason": "无质量问题"}, key="r", now=T0 + HOUR)
    act(BUYER, case.id, "escalate", {"reason": "有"}, key="e", now=T0 + 2 * HOUR)
    standing = deposit(MERCHANT, SHOP)
    assert (standing.held_fen, standing.free_fen, standing.owed_fen) == (14001, 5999, 0)
    with pytest.raises(Conflict) as refusal:
        move_deposit(OPERATOR, SHOP, -6000, "d2", now=T0)
    assert refusal.value.code == "deposit.not_free"
    assert move_deposit(OPERATOR, SHOP, -5999, "d2", now=T0).balance_fen == 14001
    with pytest.raises(Conflict) as refusal:
        move_deposit(OPERATOR, SHOP, 1, "d2", now=T0)
    assert refusal.value.code == "payment.reference_reused"
    with pytest.raises(NotVisible):
        deposit(replace(MERCHANT, shop_ids=frozenset({"x"})), SHOP)
    with pytest.raises(NotAllowed):
        move_deposit(MERCHANT, SHOP, 1, "d3")
    everything_holds()


def test_an_advance_payout_is_recouped_from_the_deposit(db: Address) -> None:
    with_orders(1, payment="cod")
    move_deposit(OPERATOR, SHOP, 10000, "d1", now=T0)
    case = opened(claim=Claim.RETURN_REFUND)
    back = {
        "return_name": "仓",
        "return_phone": "0571-88880000",
        "return_region": "浙江",
        "return_address": "杭州",
    }
    act(MERCHANT, case.id, "agree", back, key="a", now=T0 + HOUR)
    act(BUYER, case.id, "ship_return", {"tracking_number": "SF9"}, key="s", now=T0 + 2 * HOUR)
    act(MERCHANT, case.id, "confirm_receipt", key="c", now=T0 + 3 * HOUR)
    fire_due(now=T0 + 30 * DAY, marketplace_id=MARKET)
    while dispatch(now=T0 + 30 * DAY, marketplace_id=MARKET).sent:
        pass
    assert one("SELECT money FROM cases") == MoneyState.CONFIRMED
    standing = deposit(MERCHANT, SHOP)
    assert (standing.balance_fen, standing.owed_fen) == (10000 - 14001, 4001)
    totals = dict(rows("SELECT account, sum(amount_fen)::int FROM posting WHERE purpose <> 'order'"
                       " GROUP BY 1"))  # fmt: skip
    assert totals == {"buyer": 14001, "platform": 0, "merchant": -10000, "deposit": -4001,
                      "payable": 0}  # fmt: skip
    everything_holds()
