"""Money undone: paid after it was withdrawn, told late or otherwise; an appeal that moves one part alone."""

from __future__ import annotations

import pytest

from gongdao.app import resolve_payment
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.queries.payments import exceptions
from gongdao.app.report_payment import report
from gongdao.app.settle_reports import Report, settle
from gongdao.core.cases.counts import counts_of
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import Conflict
from gongdao.core.kernel.words import Party
from gongdao.store.postgres import Address
from tests.app.test_aftermath import AT, do, paid, ruled
from tests.app.world import (
    ARBITRATOR,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    REVIEWER,
    everything_holds,
    one,
    rows,
)

APPEAL = {"ground": "error_of_fact"}


def confirmed(case: Case, number: int, fen: int, ref: str = "late") -> str:
    (done,) = settle(
        OPERATOR,
        [
            Report(
                reference=f"{case.id}-{number}",
                result="confirmed",
                amount_fen=fen,
                external_ref=ref,
            )
        ],
    )
    return done.settled if done.finding is None else f"{done.settled} {done.finding.code}"


def withdrawn() -> Case:
    """The platform was told to pay 40 yuan; before it did the ruling was corrected to 45."""
    case = ruled()
    do(MERCHANT, case, "request_correction", AT, ground="typing_error", note="笔误")
    return do(ARBITRATOR, case, "correct", AT, note="更正", refund_fen=4500)


def balances() -> dict[str, int]:
    found = rows(
        "SELECT account, sum(amount_fen)::int FROM posting WHERE purpose <> 'order' GROUP BY 1"
    )
    return {str(a): int(str(f)) for a, f in found if f}


@pytest.mark.parametrize("way", ["written_off", "recovered", "dismiss"])
def test_paid_after_withdrawal_is_an_exception_and_never_counts_as_paid(
    db: Address, way: str
) -> None:
    case = withdrawn()
    assert [g.state for g in case.grants] == ["void", "granted"]
    for _ in range(2):
        assert confirmed(case, 1, 4000) == "taken"
    assert rows("SELECT kind, number, expected_fen, reported_fen FROM payment_exception") == [
        ("paid_after_withdrawal", 1, 4000, 4000)
    ]
    assert rows("SELECT number, state FROM payment ORDER BY 1") == [(1, "void"), (2, "granted")]
    assert balances() == {"merchant": -4500, "payable": 4500}
    assert confirmed(case, 2, 4500, "r2") == "taken"
    (row,) = exceptions(OPERATOR, is_open=True).rows
    resolve_payment.resolve(OPERATOR, row.id, way, "买家已退回" if way == "recovered" else "说明")  # type: ignore[arg-type]
    extra = 4000 if way == "written_off" else 0
    assert balances() == {"merchant": -4500, "buyer": 4500 + extra} | (
        {"platform": -extra} if extra else {}
    )
    assert exceptions(OPERATOR, is_open=True).rows == ()
    everything_holds()


def test_withdrawn_and_reported_as_another_amount_or_as_failed(db: Address) -> None:
    case = withdrawn()
    assert confirmed(case, 1, 3999) == "taken"
    (done,) = settle(
        OPERATOR,
        [Report(reference=f"{case.id}-1", result="failed", amount_fen=4000, external_ref="f")],
    )
    assert done.settled == "taken", "what is withdrawn may fail as it likes"
    assert rows("SELECT kind, expected_fen, reported_fen FROM payment_exception") == [
        ("paid_after_withdrawal", 4000, 3999)
    ]
    assert one("SELECT state FROM payment WHERE number = 1") == "void"
    everything_holds()


def test_told_late_after_the_case_has_ended_it_still_counts_once(db: Address) -> None:
    case = ruled()
    fire_due(now=AT + 30 * DAY, marketplace_id=MARKET)
    before = one("SELECT state FROM payment")
    assert before == "granted"
    for _ in range(2):
        done = report(
            OPERATOR,
            case.id,
            1,
            "confirmed",
            amount_fen=4000,
            external_ref="r",
            key="k",
            now=AT + 60 * DAY,
        )
    assert [g.state for g in done.case.grants] == ["confirmed"]
    assert done.case.closed_at is not None
    assert confirmed(case, 1, 4001, "r") == "taken"
    assert confirmed(case, 1, 4000, "second") == "taken"
    assert sorted(str(r[0]) for r in rows("SELECT kind FROM payment_exception")) == [
        "amount_differs",
        "paid_twice",
    ]
    assert balances() == {"merchant": -4000, "buyer": 4000}
    everything_holds()


def test_an_appeal_moves_the_money_alone(db: Address) -> None:
    case = paid(ruled(penalty="late"), AT)
    was = counts_of(case)
    do(MERCHANT, case, "appeal", AT, **APPEAL)
    case = do(
        REVIEWER, case, "amend", AT, remedy="partial_refund", liable="merchant", refund_fen=1000, penalty="late",
        overrule_reason="仅一件破损",
    )  # fmt: skip
    assert counts_of(case) == was, "score, penalty and dispute rate stay as they were"
    while dispatch(now=AT + HOUR, marketplace_id=MARKET).sent:
        pass
    # The buyer keeps the 40 yuan he has; the merchant bears 10 of them and the platform the rest.
    assert balances() == {"buyer": 4000, "deposit": -1000, "platform": -3000}
    everything_holds()


def test_an_appeal_moves_the_penalty_alone(db: Address) -> None:
    case = paid(ruled(penalty="late"), AT)
    before = balances()
    do(MERCHANT, case, "appeal", AT, **APPEAL)
    do(REVIEWER, case, "lift_part", AT, part="penalty", note="非商家所致")
    case = do(REVIEWER, case, "uphold", AT)
    counts = counts_of(case)
    assert (counts.in_dispute_rate, counts.in_score, counts.penalty_stands) == (True, True, False)
    assert balances() == before
    everything_holds()


def test_undone_twice_over_the_ledger_still_holds(db: Address) -> None:
    case = paid(ruled(), AT)
    do(MERCHANT, case, "appeal", AT, **APPEAL)
    case = do(
        REVIEWER, case, "amend", AT, remedy="dismiss", liable="buyer", refund_fen=0, overrule_reason="并无破损",
    )  # fmt: skip
    while dispatch(now=AT + HOUR, marketplace_id=MARKET).sent:
        pass
    assert balances() == {"buyer": 4000, "platform": -4000}
    for grant in case.grants:
        assert confirmed(
            case, grant.number, grant.net_fen(Party.BUYER), grant.external_ref or "again"
        ) in {"taken", "exception payment.amount_differs"}
    assert balances() == {"buyer": 4000, "platform": -4000}
    everything_holds()


@pytest.mark.parametrize("meanwhile", ["confirmed", "void"])
def test_what_was_confirmed_or_withdrawn_meanwhile_is_not_instructed_again(
    db: Address, meanwhile: str
) -> None:
    case = ruled()
    assert confirmed(case, 1, 4001) == "exception payment.amount_differs"
    if meanwhile == "confirmed":
        assert confirmed(case, 1, 4000) == "taken"
    else:
        do(MERCHANT, case, "request_correction", AT, ground="typing_error", note="笔误")
        do(ARBITRATOR, case, "correct", AT, note="更正", refund_fen=4500)
    row = next(e for e in exceptions(OPERATOR, is_open=True).rows if e.kind == "amount_differs")
    before = rows("SELECT seq, attempts, sent_at, try_at FROM outbox ORDER BY seq")
    with pytest.raises(Conflict) as refusal:
        resolve_payment.resolve(OPERATOR, row.id, "retry", "再付一次")
    assert refusal.value.code == "payment.not_to_be_made"
    assert rows("SELECT seq, attempts, sent_at, try_at FROM outbox ORDER BY seq") == before
    resolve_payment.resolve(OPERATOR, row.id, "dismiss", "已付清")
    everything_holds()
