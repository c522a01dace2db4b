"""Time left out of clocks: exact, once, without a trace when taken back; regions by their names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.cases.model import Pause, Timer
from gongdao.core.cases.pauses import clock_under
from gongdao.core.cases.region import Region
from gongdao.core.kernel.text import Text

T0 = datetime(2024, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOCK = Timer(
    track="after_sale",
    name="merchant",
    action="agree",
    due_at=T0 + 48 * HOUR,
    reason=Text("48 小时", "48 h"),
    cite=("C",),
)


def flood(since: float, until: float | None, cause: str = "f") -> Pause:
    return Pause(
        cause=cause,
        since=T0 + since * HOUR,
        until=None if until is None else T0 + until * HOUR,
        reason=Text("不可抗力 上海", "force majeure 上海"),
    )


def test_a_day_of_flood_gives_a_day_and_says_so() -> None:
    got = clock_under(CLOCK, (flood(12, 36),), T0, T0 + 12 * HOUR)
    assert got.due_at == T0 + 72 * HOUR
    assert got.reason == Text("48 小时，+24 小时 不可抗力 上海", "48 h, +24 h force majeure 上海")
    assert clock_under(got, (), T0, T0 + 13 * HOUR) == CLOCK


@pytest.mark.parametrize(
    ("pauses", "due_hours"),
    [
        ((flood(-24, 12),), 60),  # only what lay in the clock's own time
        ((flood(47, 71),), 72),
        ((flood(48, 90),), 48),  # the clock had run out
        ((flood(10, 20), flood(15, 30, "g")), 68),  # an overlap counts once
        ((flood(40, 50), flood(55, 65, "g")), 68),  # what the first added lies in the second
        ((flood(-9, -1),), 48),
    ],
)
def test_only_the_time_that_lay_in_the_clock_is_left_out(
    pauses: tuple[Pause, ...], due_hours: int
) -> None:
    assert clock_under(CLOCK, pauses, T0, T0).due_at == T0 + due_hours * HOUR


def test_an_open_pause_takes_what_is_left_and_gives_it_back() -> None:
    stopped = clock_under(CLOCK, (flood(10, None),), T0, T0 + 10 * HOUR)
    assert stopped.paused_left_seconds == 38 * 3600
    assert clock_under(stopped, (flood(10, None),), T0, T0 + 99 * HOUR) == stopped
    again = clock_under(stopped, (), T0, T0 + 500 * HOUR)
    assert (again.due_at, again.paused_left_seconds) == (T0 + 538 * HOUR, None)
    assert again.reason == CLOCK.reason


def test_released_into_a_flood_it_waits_for_the_flood_to_end() -> None:
    both = (flood(0, 30), flood(10, None, "court"))
    stopped = clock_under(CLOCK, both, T0, T0 + 10 * HOUR)
    again = clock_under(stopped, both[:1], T0, T0 + 20 * HOUR)
    left = timedelta(seconds=stopped.paused_left_seconds or 0)
    assert again.due_at == T0 + 30 * HOUR + left


def test_taken_back_late_nothing_done_in_time_becomes_late() -> None:
    longer = clock_under(CLOCK, (flood(0, 240),), T0, T0)
    now = T0 + 100 * HOUR
    assert clock_under(longer, (), T0, now).due_at == now


@given(
    st.lists(st.tuples(st.integers(-50, 100), st.integers(1, 60)), max_size=5),
    st.permutations(range(5)),
)
def test_order_of_declaring_does_not_matter_and_undoing_leaves_nothing(
    spans: list[tuple[int, int]], order: list[int]
) -> None:
    pauses = [flood(a, a + n, str(i)) for i, (a, n) in enumerate(spans)]
    at_once = clock_under(CLOCK, tuple(pauses), T0, T0)
    timer, applied = CLOCK, ()
    for index in order:
        if index < len(pauses):
            applied = (*applied, pauses[index])
            timer = clock_under(timer, applied, T0, T0)
    assert timer.due_at == at_once.due_at >= CLOCK.due_at
    assert clock_under(timer, (), T0, T0) == CLOCK


@pytest.mark.parametrize(
    ("region", "address", "inside"),
    [
        (Region(province="上海市"), "上海市浦东新区", True),
        (Region(province="上海", district="浦东新区"), "上海 上海市 浦东新区", True),
        (Region(province="上海", district="浦东"), "上海市市辖区浦东新区", True),
        (Region(province="上海", city="上海市", district="浦东新区"), "上海市浦东新区", True),
        (Region(province="上海", district="徐汇区"), "上海市浦东新区", False),
        (Region(province="四川", city="成都"), "四川省-成都市-武侯区", True),
        (Region(province="四川", city="成都"), "中国四川省绵阳市", False),
        (Region(province="海南省"), "青海省海南藏族自治州", False),
        (Region(province="广西壮族自治区", city="南宁市"), "广西南宁", True),
        (Region(province="吉林省", city="吉林市"), "吉林省长春市", False),
        (Region(province="吉林省", city="吉林市"), "吉林省吉林市船营区", True),
        (Region(province="上海"), None, False),
    ],
)
def test_regions_by_name(region: Region, address: str | None, inside: bool) -> None:
    assert region.holds(address) is inside
