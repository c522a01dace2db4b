"""What holds whatever happens: the laws that the state machine asks after every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongdao.core.cases.entitlement import refunded_fen
from gongdao.core.cases.model import Case
from gongdao.core.kernel.words import MoneyState, Role
from tests.app.world import everything_holds, one, rows

if TYPE_CHECKING:
    from tests.app.machine_stage import Stage

Held = list[tuple[object, ...]]


def held() -> Held:
    """Return all that a command could have changed."""
    return (
        rows("SELECT shop_id, id, version, head_hash FROM cases ORDER BY id")
        + rows("SELECT count(*) FROM event")
        + rows("SELECT count(*), coalesce(sum(abs(amount_fen)), 0) FROM posting")
        + rows("SELECT case_id, number, state, moved_at FROM payment ORDER BY 1, 2")
        + rows("SELECT count(*) FROM outbox UNION ALL SELECT count(*) FROM webhook_delivery")
        + rows(
            "SELECT count(*) FROM outside_refund UNION ALL SELECT count(*) FROM deposit_movement"
        )
        + rows("SELECT order_id, refunded_fen, held_fen, outside_fen FROM orders ORDER BY 1")
        + rows("SELECT case_id, track, name, due_at, paused FROM deadline ORDER BY 1, 2, 3")
        + rows("SELECT count(*) FROM command_receipt")
    )


def check(stage: Stage) -> None:
    """Every law at once."""
    everything_holds()  # chains, replay byte for byte, deadlines, postings, payments, ledger
    cases = [stage.case(case_id) for case_id in stage.cases()]
    _nobody_gets_back_more_than_he_paid(cases)
    _the_clocks_of_the_table_are_those_of_the_cases(cases)
    _every_event_is_told_once()
    for case in cases:
        if case.closed_at is None:
            _somebody_or_time_moves_it(stage, case)


def _nobody_gets_back_more_than_he_paid(cases: list[Case]) -> None:
    given: dict[str, int] = {}
    for case in cases:
        standing = [g for g in case.grants if g.state is not MoneyState.VOID]
        back = sum(refunded_fen(g.transfers) for g in standing)
        given[case.order.order_id] = given.get(case.order.order_id, 0) + back
    known = rows("SELECT order_id, paid_fen, refunded_fen, held_fen, outside_fen FROM orders")
    for order_id, paid, refunded, kept, outside in known:
        assert refunded == given.get(str(order_id), 0)
        assert int(str(refunded)) + int(str(kept)) + int(str(outside)) <= int(str(paid))
    # The ledger by itself: to the buyer, of what counts against the price, never more than he gave.
    for order_id, left in rows(
        "SELECT order_id, -sum(amount_fen) FROM posting WHERE account = 'buyer' AND purpose IN"
        " ('order', 'goods', 'outbound_freight', 'advance', 'reversal') GROUP BY 1"
    ):
        assert int(str(left)) >= 0, f"order {order_id} gave back {-int(str(left))} fen too much"


def _the_clocks_of_the_table_are_those_of_the_cases(cases: list[Case]) -> None:
    wanted = {
        (case.id, t.track, t.name, t.due_at, t.paused_left_seconds is not None, t.reason.zh)
        for case in cases
        for t in case.timers
    }
    query = "SELECT case_id::text, track, name, due_at, paused, reason_zh FROM deadline"
    assert set(rows(query)) == wanted
    assert all(case.closed_at is None or not case.timers for case in cases)
    for case in cases:
        assert all(t.reason.zh and t.reason.en for t in case.timers)


def _every_event_is_told_once() -> None:
    events = set(rows("SELECT case_id, seq, 'case.' || kind FROM event"))
    query = "SELECT case_id, seq, kind FROM webhook_delivery WHERE case_id IS NOT NULL"
    told = [t for t in rows(query) if str(t[2]).startswith("case.")]
    assert len(told) == len(set(told))
    assert set(told) == events
    # Each payment that the platform's system is to make was instructed once, and no other.
    paid = set(rows("SELECT reference FROM payment WHERE channel = 'platform'"))
    instructed = rows(
        "SELECT convert_from(body, 'UTF8')::json ->> 'reference' FROM outbox"
        " WHERE kind = 'payment.instructed'"
    )
    assert len(instructed) == len(set(instructed))
    assert set(instructed) <= paid
    void = set(rows("SELECT reference FROM payment WHERE state = 'void'"))
    assert paid - set(instructed) <= void


def _somebody_or_time_moves_it(stage: Stage, case: Case) -> None:
    """Not hanging: a clock runs, or a person who exists may act."""
    if any(t.paused_left_seconds is None for t in case.timers):
        return
    if one("SELECT count(*) FROM force_majeure WHERE ended_at IS NULL AND revoked_at IS NULL"):
        return  # it waits for the flood to be over
    open_to = [
        (caller.role, action.name)
        for caller, page in stage.pages(case.id)
        for action in page.allowed
        if action.open and not action.begins and caller.role is not Role.CLOCK
    ]
    assert open_to, f"hangs at {dict(case.tracks)}"
