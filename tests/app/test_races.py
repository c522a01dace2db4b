"""Several at once: each deadline fires once, each command is decided on what it saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from gongdao.app.act import act
from gongdao.app.decide_case import follow_clocks
from gongdao.app.dispatch_outbox import dispatch
from gongdao.app.fire_deadlines import fire_due
from gongdao.app.open_many import open_many
from gongdao.core.kernel.findings import Conflict, Refused
from gongdao.store.connection import connection, cursor, release, transaction
from gongdao.store.held import Decision, Held
from gongdao.store.postgres import Address
from gongdao.store.record import record
from tests.app.test_many import openings
from tests.app.world import (
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MERCHANT,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

AT_ONCE = 6
T = TypeVar("T")


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Run `work(n)` in `count` threads that start together, each with its own connection."""
    start = Barrier(count)

    def one_of_them(n: int) -> T:
        start.wait()
        try:
            return work(n)
        finally:
            release()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one_of_them, range(count)))


def test_workers_racing_fire_each_deadline_once(db: Address) -> None:
    with_orders(120)
    open_many(openings(120))
    now = T0 + 90 * DAY

    def work(_: int) -> object:
        fired = sent = 0
        while one("SELECT count(*) FROM deadline"):
            fired += fire_due(9, now=now, marketplace_id=MARKET).fired
            sent += dispatch(5, now=now, marketplace_id=MARKET).sent
        return fired, sent

    done = at_once(3, work)
    assert sum(fired for fired, _ in done) == 60 + 2 * 60
    assert sum(1 for fired, _ in done if fired) > 1, "more than one worker had a share"
    dispatch(now=now)
    assert one("SELECT count(*) FROM payment WHERE state = 'confirmed'") == 60
    everything_holds()


def test_the_same_command_racing_is_done_once(db: Address) -> None:
    with_orders(1)
    case = opened()
    outcomes = at_once(AT_ONCE, lambda _: act(MERCHANT, case.id, "agree", key="k", now=T0 + HOUR))
    assert sorted(o.repeated for o in outcomes) == [False] + [True] * (AT_ONCE - 1)
    assert len({o.case.version for o in outcomes}) == 1
    assert one("SELECT count(*) FROM payment") == 1
    everything_holds()


def test_the_same_opening_racing_opens_one_case(db: Address) -> None:
    with_orders(1)
    cases = at_once(AT_ONCE, lambda _: opened().id)
    assert len(set(cases)) == 1
    assert one("SELECT count(*) FROM cases") == 1


def test_openings_racing_for_the_same_money_share_it_once(db: Address) -> None:
    with_orders(1)

    def work(n: int) -> object:
        try:
            return opened(key=f"k{n}").refundable_fen
        except Conflict as refusal:
            return refusal.code

    assert Counter(at_once(AT_ONCE, work)) == {14001: 1, "case.nothing_left": AT_ONCE - 1}
    everything_holds()


def test_opposite_commands_racing_are_decided_one_after_the_other(db: Address) -> None:
    with_orders(1)
    case = opened()
    commands = [(BUYER, "withdraw", {}), (MERCHANT, "agree", {})] * 3

    def work(n: int) -> object:
        who, verb, payload = commands[n]
        try:
            act(who, case.id, verb, payload, key=f"k{n}", expected_version=1, now=T0 + HOUR)
        except Refused as refusal:
            return refusal.code
        return "done"

    assert Counter(at_once(6, work)) == {"done": 1, "case.version_conflict": 5}
    everything_holds()


def test_a_decision_on_a_version_that_is_gone_writes_nothing(db: Address) -> None:
    with_orders(1)
    case = opened()
    held = rows("SELECT marketplace_id, head_hash FROM cases")[0]
    act(MERCHANT, case.id, "agree", key="k", now=T0 + HOUR)
    before = rows("SELECT version, head_hash FROM cases")
    events, after = follow_clocks(case, T0 + 90 * DAY)
    stale = Decision(
        held=Held(case=case, marketplace_id=held[0], head_hash=held[1]),
        marketplace_id=held[0], after=after, events=events, waits_for=(),
    )  # fmt: skip
    with pytest.raises(Conflict, match=r"case\.version_conflict"), transaction() as on:
        record(on, [stale])
    assert rows("SELECT version, head_hash FROM cases") == before
    everything_holds()


def test_a_worker_waits_for_nobody(db: Address) -> None:
    with_orders(2)
    open_many(openings(2))
    with transaction() as on:
        cursor(on).execute("SELECT 1 FROM cases WHERE order_id = 'o1' FOR UPDATE")

        def work(_: int) -> object:
            connection().execute("SET lock_timeout = '5s'")  # to fail, not to hang
            return fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET).cases

        assert at_once(1, work) == [1], "the case that somebody works on is left for later"
    assert fire_due(now=T0 + 90 * DAY, marketplace_id=MARKET).cases == 1
