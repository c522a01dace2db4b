"""Whatever happens to a case: money conserves, replay agrees, time alone brings it to an end."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, seed, settings

from gongdao.core.cases.entitlement import refunded_fen
from gongdao.core.cases.events import MoneyGranted, PaymentMoved
from gongdao.core.cases.evolve import replay
from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.ledger import PAYABLE, grant_entry, payment_entry
from gongdao.store.codec import decode_case, decode_event, encode_case, encode_event, encode_order
from tests.core.cases.walks import Walk, walks

FAR = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def accounts(walk: Walk) -> Counter[str]:
    """Return every account after all entries; each entry by itself must sum to zero."""
    assert walk.case is not None
    held: Counter[str] = Counter()
    for event in walk.events:
        entry = ()
        if isinstance(event, MoneyGranted):
            entry = grant_entry(event.grant)
        elif isinstance(event, PaymentMoved):
            entry = payment_entry(walk.case.grants[event.number - 1], event.state)
        assert sum(p.amount_fen for p in entry) == 0
        for posting in entry:
            held[str(posting.account)] += posting.amount_fen
    return held


@FAR
@given(walks())
def test_money_conserves(walk: Walk) -> None:
    case = walk.case
    if case is None:
        return
    held = accounts(walk)
    assert sum(held.values()) == 0
    owed = sum(
        t.amount_fen
        for g in case.grants
        if g.state not in (MoneyState.CONFIRMED, MoneyState.VOID)
        for t in g.transfers
    )
    assert held[PAYABLE] == owed
    for grant in case.grants:
        assert grant.net_fen(Party.BUYER) >= 0
        assert all(t.amount_fen > 0 for t in grant.transfers)


@FAR
@given(walks())
def test_never_more_refunded_than_paid(walk: Walk) -> None:
    case = walk.case
    if case is None:
        return
    refunded = sum(refunded_fen(g.transfers) for g in case.grants if g.state is not MoneyState.VOID)
    assert 0 <= refunded <= case.refundable_fen <= case.order.paid_fen


@FAR
@given(walks())
def test_replay_agrees_byte_for_byte(walk: Walk) -> None:
    case = walk.case
    if case is None:
        return
    assert replay(walk.events) == case
    bodies = [encode_event(e) for e in walk.events]
    again = replay(decode_event(b) for b in bodies)
    assert encode_case(again) == encode_case(case)
    assert decode_case(encode_order(case.order), encode_case(case)) == case
    assert [encode_event(decode_event(b)) for b in bodies] == bodies
    assert case.version == len(walk.events)


@FAR
@given(walks())
def test_time_alone_ends_every_case(walk: Walk) -> None:
    if walk.case is None:
        return
    for _ in range(40):
        if walk.case.closed_at is not None:
            break
        assert walk.wait_until_due(), f"hangs in {walk.case.stage()}: no clock runs"
    assert walk.case.closed_at is not None, f"still at {walk.case.stage()}"
    assert not walk.case.timers


#: What the walks have to come to, events and actions.
_FAR = (
    "Ruled", "MoneyGranted", "PaymentMoved", "TrackStarted", "Closed", "FactFound", "Agreed",
    "ClocksPaused", "ClocksReleased", "Marked", "PartLifted", "Reopened",
    "agree", "reject", "escalate", "ship_return", "rule", "appeal", "amend",
)  # fmt: skip


def test_walks_reach_far() -> None:
    """The walks are worth something only if they come to rulings, payments and appeals."""
    seen: Counter[str] = Counter()
    for number in range(8):  # rarely is all of it in the first eight hundred

        @seed(number)
        @settings(max_examples=800, deadline=None, database=None)
        @given(walks(30))
        def collect(walk: Walk) -> None:
            seen.update({type(e).__name__ for e in walk.events})
            seen.update({getattr(e, "action", "") for e in walk.events})

        collect()
        if all(seen[wanted] for wanted in _FAR):
            return
    assert [wanted for wanted in _FAR if not seen[wanted]] == []
