from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.time import DailyWindow, Span
from gongdao.core.kernel.words import Role
from gongdao.core.process.clocks import due, reason
from gongdao.core.process.draw import draw
from gongdao.core.process.replay import Replay, TimedAct, replay
from gongdao.core.process.timeline import timeline_of
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import nowhere
from gongdao.core.rulebook.processes import Clock
from tests.core.rulebook.books import action, book, deadline, process, state

T0 = datetime(2024, 1, 3, 2, tzinfo=UTC)  # 10:00 in Beijing
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def returns() -> Rulebook:
    return book(
        processes={
            "returns": process(
                {
                    "asked": state(
                        waits_for="merchant",
                        actions={
                            "agree": action(["merchant", "clock"], "agreed", needs="address", when="told"),
                            "remind": action("buyer", "asked"),
                            "withdraw": action("buyer", "closed"),
                        },
                        deadlines={"reply": deadline("48h", "agree")},
                    ),
                    "agreed": state(
                        waits_for="buyer",
                        actions={"ship": action("buyer", "shipped", needs=["tracking"]), "expire": action("clock", "closed")},
                        deadlines={"tracking": deadline("7d", "expire")},
                    ),
                    "shipped": state(
                        waits_for="merchant",
                        actions={"confirm": action(["merchant", "clock"], "refunded", does=[{"refund": "amount"}])},
                        deadlines={"receipt": deadline("7d", "confirm")},
                    ),
                    "refunded": state(final="refunded"),
                    "closed": state(final="expired"),
                },
                "asked",
            )
        }
    )  # fmt: skip


def act(after: timedelta, by: Role, do: str, **given_: object) -> TimedAct:
    return TimedAct(at=T0 + after, by=by, do=do, given=given_)


def run(acts: list[TimedAct], now: timedelta, **facts: Any) -> Replay:
    return replay(returns(), "returns", T0, acts, facts, T0 + now)


def test_silence_runs_through_every_clock_at_its_own_deadline() -> None:
    played = run([], timedelta(days=30))
    assert [(f.do, f.at) for f in played.fired] == [
        ("agree", T0 + 48 * HOUR),
        ("expire", T0 + 48 * HOUR + timedelta(days=7)),
    ]
    assert [(v.state, v.entered_at - T0) for v in played.visits] == [
        ("asked", timedelta()), ("agreed", 48 * HOUR), ("closed", 48 * HOUR + timedelta(days=7)),
    ]  # fmt: skip
    assert (played.final, played.next, played.waits_for) == ("expired", None, ())


def test_the_clock_acts_strictly_after_its_deadline() -> None:
    assert run([], 48 * HOUR).state == "asked"
    assert run([], 48 * HOUR + TICK).state == "agreed"


def test_an_act_at_the_deadline_is_in_time_and_one_after_it_is_not() -> None:
    on_time = run([act(48 * HOUR, Role.BUYER, "withdraw")], 60 * HOUR)
    assert (on_time.state, on_time.fired) == ("closed", [])
    late = run([act(48 * HOUR + TICK, Role.BUYER, "withdraw")], 60 * HOUR)
    assert late.state == "agreed"
    assert [(r.act.do, r.finding.code) for r in late.refused] == [
        ("withdraw", "case.action_not_offered")
    ]


@pytest.mark.parametrize(
    ("doing", "facts", "code"),
    [
        (act(HOUR, Role.MERCHANT, "ship"), {}, "case.action_not_offered"),
        (act(HOUR, Role.MERCHANT, "withdraw"), {}, "case.not_your_action"),
        (act(HOUR, Role.MERCHANT, "agree"), {"told": True}, "case.field_required"),
        (act(HOUR, Role.MERCHANT, "agree", address=" "), {"told": True}, "case.field_required"),
        (act(HOUR, Role.MERCHANT, "agree", address="a"), {}, "case.condition_not_met"),
        (act(HOUR, Role.MERCHANT, "agree", address="a"), {"told": False}, "case.condition_not_met"),
        (act(-HOUR, Role.BUYER, "withdraw"), {}, "process.before_start"),
    ],
)  # fmt: skip
def test_refusals(doing: TimedAct, facts: dict[str, Any], code: str) -> None:
    played = run([doing], 2 * HOUR, **facts)
    assert (played.state, [r.finding.code for r in played.refused]) == ("asked", [code])


def test_the_next_deadline_says_when_and_why() -> None:
    played = run([act(HOUR, Role.MERCHANT, "agree", address="a")], 2 * HOUR, told=True)
    assert played.next is not None
    assert (played.next.do, played.next.at) == ("expire", T0 + HOUR + timedelta(days=7))
    assert played.next.reason.zh == "中：7 天，自 2024-01-03 11:00:00 起（C-1）"
    assert played.waits_for == (Role.BUYER,)


def test_an_act_that_stays_leaves_the_clock_running() -> None:
    played = run([act(47 * HOUR, Role.BUYER, "remind")], 49 * HOUR)
    assert [(f.do, f.at) for f in played.fired] == [("agree", T0 + 48 * HOUR)]


def test_effects_are_reported_with_their_amount() -> None:
    acts = [
        act(HOUR, Role.MERCHANT, "agree", address="a"),
        act(2 * HOUR, Role.BUYER, "ship", tracking="SF1"),
        act(3 * HOUR, Role.MERCHANT, "confirm"),
    ]
    played = run(acts, 4 * HOUR, told=True, paid=10000)
    assert [(e.kind, e.amount, e.at) for e in played.effects] == [("refund", 3000, T0 + 3 * HOUR)]


def test_acts_after_now_have_not_happened() -> None:
    assert run([act(3 * HOUR, Role.BUYER, "withdraw")], 2 * HOUR).state == "asked"


def test_clocks_alone_going_round_are_refused() -> None:
    ring = process(
        {
            "a": state(actions={"go": action("clock", "b")}, deadlines={"d": deadline("1s", "go")}),
            "b": state(actions={"go": action("clock", "a")}, deadlines={"d": deadline("0s", "go")}),
        },
        "a",
    )
    with pytest.raises(BadInput) as fault:
        replay(book(processes={"ring": ring}), "ring", T0, [], {}, T0 + timedelta(days=400))
    assert fault.value.code == "process.endless"


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(BadInput) as fault:
        replay(returns(), "nothing", T0, [], {}, T0)
    assert fault.value.code == "rules.no_such_process"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 600),
            st.sampled_from(list(Role)),
            st.sampled_from(["agree", "withdraw", "ship", "confirm", "remind", "x"]),
        ),
        max_size=8,
    ),
    st.integers(0, 900),
)
def test_a_replay_is_monotone_in_time_and_fires_each_deadline_once(
    raw: list[tuple[int, Role, str]], until: int
) -> None:
    acts = [act(h * HOUR, by, do, address="a", tracking="t") for h, by, do in raw]
    played = run(acts, until * HOUR, told=True)
    entered = [v.entered_at for v in played.visits]
    assert entered == sorted(entered)
    assert len({(f.state, f.at) for f in played.fired}) == len(played.fired)
    assert all(f.at < T0 + until * HOUR for f in played.fired)
    assert played.next is None or played.next.at >= T0 + until * HOUR
    assert len(played.done) + len(played.refused) == sum(h <= until for h, _, _ in raw)


def clock(after: Span, **keys: Any) -> Clock:
    return Clock(name="d", then="go", after=after, cite=("C-1",), **keys)


ZONES = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001  bounds are naive


@given(INSTANTS, st.integers(0, 10**7), ZONES)
def test_a_deadline_does_not_depend_on_the_zone_it_is_written_in(
    start: datetime, seconds: int, zone: timezone
) -> None:
    found = due(clock(Span(0, seconds)), start, {})
    assert found == due(clock(Span(0, seconds)), start.astimezone(zone), {})
    assert found is not None
    assert found - start == timedelta(seconds=seconds)
    assert found.tzinfo is UTC


@given(INSTANTS, ZONES)
def test_midnight_is_beijing_midnight_in_every_zone(start: datetime, zone: timezone) -> None:
    found = due(clock(Span(0, 0), starts="next_midnight"), start.astimezone(zone), {})
    assert found is not None
    assert (found.hour, found.minute, found.second) == (16, 0, 0)
    assert timedelta(0) < found - start <= timedelta(days=1)


def test_clocks_from_facts_windows_and_months() -> None:
    assert due(clock(Span(0, 3600), starts="paid_at"), T0, {}) is None
    assert due(clock(Span(0, 3600), starts="paid_at"), T0, {"paid_at": T0 - HOUR}) == T0
    nine_to_six = DailyWindow.parse("09:00-18:00")
    # 10:00 + 8 h of office hours ends at 18:00; one hour more falls on the next morning at 10:00
    assert due(clock(Span(0, 8 * 3600), window=nine_to_six), T0, {}) == T0 + 8 * HOUR
    assert due(clock(Span(0, 9 * 3600), window=nine_to_six), T0, {}) == T0 + 24 * HOUR
    assert due(clock(Span(6, 0)), datetime(2024, 8, 31, 2, tzinfo=UTC), {}) == datetime(
        2025, 2, 28, 2, tzinfo=UTC
    )
    assert due(Clock(name="d", then="go", after=None, parameter="unset"), T0, {}) is None
    assert (
        reason(clock(Span(0, 9 * 3600), window=nine_to_six), T0, {}).en
        == "9 h from 2024-01-03 10:00:00 (Beijing), counting 09:00-18:00 only (C-1)"
    )


def test_a_timeline_is_read_or_refused_with_its_place() -> None:
    found = timeline_of(
        [
            {"at": "2024-01-03T10:00:00+08:00"},
            {"at": "2024-01-03T11:00:00+08:00", "by": "buyer", "do": "withdraw"},
        ],
        nowhere,
    )
    assert (found.begin, [(a.at, a.by, a.do) for a in found.acts]) == (
        T0,
        [(T0 + HOUR, Role.BUYER, "withdraw")],
    )
    for bad in (
        [],
        None,
        [{}],
        [{"at": "2024-01-03T10:00:00"}],
        [{"at": "2024-01-03T10:00:00+08:00"}, {"at": 3, "by": "king"}],
    ):
        with pytest.raises(BadInput) as fault:
            timeline_of(bad, nowhere)
        assert str(fault.value.findings[0].field).startswith("timeline")


def test_a_process_is_drawn() -> None:
    drawn = draw(returns().processes["returns"], "en")
    assert drawn.startswith("stateDiagram-v2\n  [*] --> asked\n")
    assert "  asked --> agreed: en (merchant/system (deadline)) ⏱ 48 h\n" in drawn
    assert drawn.endswith("  closed --> [*]\n")
