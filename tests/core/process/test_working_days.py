"""Working days: counted on the real holidays, by clocks, pauses, expressions, proofs; never silently assumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.cases.model import Pause, Timer
from gongdao.core.cases.pauses import clock_under
from gongdao.core.kernel.calendar import BEIJING, NO_CALENDAR, Calendar
from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import DailyWindow, Span
from gongdao.core.process.clocks import Counting, counting, due, reason
from gongdao.core.rulebook.evaluate import evaluate, value_of
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.core.rulebook.processes import Clock
from gongdao.library.working_days import chinese_working_days
from gongdao.prove.book import check_book
from tests.core.rulebook.books import action, book, data, deadline, process, row, state, table

CHINA = chinese_working_days()
HOUR = timedelta(hours=1)
INSTANTS = st.integers(0, 20 * 365 * 86_400_000_000).map(
    lambda us: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-03-01 10:00", 1, "2024-03-04 10:00"),  # Friday to Monday
        ("2024-03-02 10:00", 1, "2024-03-05 00:00"),  # from within a weekend: the whole of Monday
        ("2024-03-01 11:00", 7, "2024-03-12 11:00"),
        ("2024-09-27 11:00", 1, "2024-09-29 11:00"),  # Sunday the 29th is worked for the holiday
        ("2024-09-27 11:00", 7, "2024-10-12 11:00"),  # seven days off, and Saturday the 12th worked
        ("2024-03-01 00:00", 1, "2024-03-02 00:00"),  # from midnight: to the end of the day
        ("2024-03-01 10:00", 0, "2024-03-01 10:00"),
    ],
)
def test_working_days_are_those_of_the_announcements(start: str, days: int, end: str) -> None:
    assert Span(workdays=days).after(at(start), calendar=CHINA) == at(end)


@given(INSTANTS, st.integers(0, 60), st.integers(0, 60))
def test_counted_time_adds_up_and_is_counted_back(start: datetime, one: int, two: int) -> None:
    length = timedelta(days=one, hours=two)
    end = CHINA.after(start, length)
    assert end >= start + length
    assert CHINA.between(start, end) == length
    assert CHINA.after(end, timedelta(days=two)) == CHINA.after(start, length + timedelta(days=two))
    back = CHINA.before(end, length)
    assert CHINA.between(back, end) == length
    if length:
        assert back >= start  # the latest such instant: days off before it are no part


@given(INSTANTS, st.integers(1, 40))
def test_without_holidays_five_days_in_seven_are_worked(start: datetime, weeks: int) -> None:
    every_week = Calendar(1, 9999, frozenset(), frozenset())
    monday = start + timedelta(days=(7 - start.astimezone(BEIJING).weekday()) % 7)
    assert Span(workdays=5 * weeks).after(monday, calendar=every_week) == monday + timedelta(
        weeks=weeks
    )


def test_a_span_of_working_days_is_read_written_and_said() -> None:
    for text in ("5 workdays", "5workdays", " 5 workday "):
        assert Span.parse(text) == Span(workdays=5)
    assert str(Span(workdays=5)) == "5 workdays"
    assert Span(workdays=1).in_words() == Text("1 个工作日", "1 working day")
    with pytest.raises(BadInput):
        Span.parse("5 workdays 2h")


def clock(days: int, calendar: Calendar = CHINA, **keys: object) -> Clock:
    made = Clock(
        name="d",
        then="go",
        after=Span(workdays=days),
        calendar=calendar,
        reason=Text("答复", "answer"),
        cite=("C",),
    )
    return replace(made, **keys)  # type: ignore[arg-type]


def test_a_clock_names_the_days_off_it_leaves_out() -> None:
    start = at("2024-09-27 11:00")
    assert due(clock(7), start, {}) == at("2024-10-12 11:00")
    assert reason(clock(7), start, {}) == Text(
        "答复：7 个工作日，自 2024-09-27 11:00:00 起，不计休息日 8 天（C）",
        "answer: 7 working days from 2024-09-27 11:00:00 (Beijing), leaving out 8 days off (C)",
    )
    assert (
        reason(clock(1), at("2024-03-04 09:00"), {}).en
        == "answer: 1 working day from 2024-03-04 09:00:00 (Beijing) (C)"
    )


def test_from_the_next_midnight_the_last_day_counts_to_its_end() -> None:
    assert due(clock(5, starts="next_midnight"), at("2024-03-01 10:00"), {}) == at(
        "2024-03-09 00:00"
    )


def test_years_not_announced_are_counted_by_weekends_and_say_so() -> None:
    start = at(f"{CHINA.last_year}-12-30 10:00")
    said = reason(clock(5), start, {})
    after = CHINA.last_year + 1
    assert f"{after} 年放假安排未载入，暂只扣除周末" in said.zh
    assert f"the holidays of {after} are not known yet" in said.en
    assert due(clock(5), start, {}) is not None
    assert "2024" in reason(clock(5, NO_CALENDAR), at("2024-03-01 10:00"), {}).zh.split("；")[1]


def flood(since: str, until: str | None) -> Pause:
    return Pause(
        cause="f",
        since=at(since),
        until=None if until is None else at(until),
        reason=Text("洪水", "flood"),
    )


def timer(due_at: datetime) -> Timer:
    return Timer(
        track="after_sale",
        name="d",
        action="go",
        due_at=due_at,
        reason=Text("答复", "answer"),
        cite=("C",),
    )


def test_a_pause_takes_working_time_and_gives_it_back_on_working_days() -> None:
    friday = at("2024-03-01 10:00")
    running = timer(at("2024-03-05 10:00"))  # two working days
    by = counting(clock(2))
    stopped = clock_under(
        running, (flood("2024-03-01 16:00", None),), friday, at("2024-03-01 16:00"), by
    )
    assert stopped.paused_left_seconds == 42 * 3600
    again = clock_under(stopped, (), friday, at("2024-03-08 20:00"), by)  # a Friday evening
    assert again.due_at == at("2024-03-12 14:00")  # 4 h of Friday, all Monday, 14 h of Tuesday


@pytest.mark.parametrize(
    ("since", "until", "end"),
    [
        (
            "2024-03-02 00:00",
            "2024-03-04 00:00",
            "2024-03-05 10:00",
        ),  # only a weekend: nothing is lost
        ("2024-03-01 12:00", "2024-03-03 12:00", "2024-03-05 22:00"),  # twelve hours of Friday
        (
            "2024-03-04 00:00",
            "2024-03-09 10:00",
            "2024-03-12 10:00",
        ),  # ends within the next weekend
    ],
)
def test_a_flood_takes_only_what_lay_on_working_days(since: str, until: str, end: str) -> None:
    friday, running = at("2024-03-01 10:00"), timer(at("2024-03-05 10:00"))
    got = clock_under(running, (flood(since, until),), friday, friday, counting(clock(2)))
    assert got.due_at == at(end)
    assert clock_under(got, (), friday, friday, counting(clock(2))) == running


def test_hours_of_the_day_are_given_back_inside_the_hours() -> None:
    by: Counting = DailyWindow.parse("09:00-18:00")
    start = at("2024-03-04 16:00")
    running = timer(by.after(start, 4 * HOUR))
    assert running.due_at == at("2024-03-05 11:00")
    stopped = clock_under(
        running, (flood("2024-03-04 17:30", None),), start, at("2024-03-04 17:30"), by
    )
    assert stopped.paused_left_seconds == 2.5 * 3600
    assert clock_under(stopped, (), start, at("2024-03-04 20:00"), by).due_at == at(
        "2024-03-05 11:30"
    )


@given(INSTANTS, st.lists(st.tuples(st.integers(-50, 300), st.integers(1, 99)), max_size=4))
def test_no_pause_shortens_and_undoing_leaves_nothing(
    start: datetime, floods: list[tuple[int, int]]
) -> None:
    by = counting(clock(5))
    running = timer(CHINA.after(start, timedelta(days=5)))
    pauses = tuple(
        Pause(
            cause=str(i),
            since=start + a * HOUR,
            until=start + (a + n) * HOUR,
            reason=Text("洪", "f"),
        )
        for i, (a, n) in enumerate(floods)
    )
    longer = clock_under(running, pauses, start, start, by)
    lost = {start + h * HOUR for a, n in floods for h in range(a, a + n) if h >= 0}
    inside = [CHINA.between(h, min(h + HOUR, longer.due_at)) for h in lost if h < longer.due_at]
    assert CHINA.between(start, longer.due_at) == timedelta(days=5) + sum(inside, timedelta())
    assert clock_under(longer, (), start, start, by) == running


def working(rows: list[dict[str, object]], **changes: object) -> object:
    parsed = parse_rulebook(data(tables={"ruling": table(rows)}, **changes), calendar=CHINA)
    assert parsed.book is not None, [(f.code, f.message.en) for f in parsed.findings]
    return parsed.book


FIVE = {
    "parameters": {
        "five": {"type": "span", "value": "5 workdays", "zh": "五", "en": "five", "cite": ["C-1"]}
    }
}
ROWS = [
    row("in-time", {"now": "<= paid_at + five"}, liable="buyer"),
    row("late", {}, liable="merchant"),
]


def test_tables_count_working_days_and_do_not_guess() -> None:
    ruled = working(ROWS, **FIVE)
    facts = {"paid_at": at("2024-09-29 10:00"), "now": at("2024-10-11 10:00")}
    assert evaluate(ruled, "ruling", facts).outputs == {"liable": "buyer"}
    assert evaluate(ruled, "ruling", {**facts, "now": at("2024-10-11 10:01")}).outputs == {
        "liable": "merchant"
    }
    beyond = {
        "paid_at": datetime(CHINA.last_year, 12, 30, tzinfo=UTC),
        "now": datetime(CHINA.last_year + 1, 2, 1, tzinfo=UTC),
    }
    assert evaluate(ruled, "ruling", beyond).status == "undecided"


def test_working_days_are_subtracted_and_multiplied() -> None:
    moved = working(
        ROWS,
        **FIVE,
        formulas={
            "back": {
                "type": "instant",
                "value": "paid_at - 2 * five",
                "zh": "前",
                "en": "back",
                "cite": ["C-1"],
            }
        },
    )
    assert value_of(moved, "back", {"paid_at": at("2024-03-15 10:00")}) == at("2024-03-01 10:00")


@pytest.mark.parametrize(
    "expression", ["five > 3d", "five / 1d > 2", "five == 5 workdays", "min(five, 7d) > 1d"]
)
def test_a_working_day_has_no_length(expression: str) -> None:
    formulas = {
        "f": {"type": "boolean", "value": expression, "zh": "错", "en": "f", "cite": ["C-1"]}
    }
    parsed = parse_rulebook(data(**FIVE, formulas=formulas))
    assert [f.code for f in parsed.findings] == ["rules.bad_type"]


def test_a_fact_is_no_number_of_working_days() -> None:
    facts = {"given": {"type": "span", "zh": "时长", "en": "given"}}
    from gongdao.core.rulebook.facts import read_facts

    read = read_facts(book(facts=facts), {"given": "5 workdays"})
    assert [f.code for f in read.findings] == ["facts.wrong_type"]


def test_the_solver_knows_that_working_days_are_at_least_days() -> None:
    rows = [
        row("never", {"now": "> paid_at + five", "paid_at": ">= now - 5d"}, liable="buyer"),
        row("late", {"now": "> paid_at + five"}, liable="merchant"),
        row("rest", {}, liable="buyer"),
    ]
    found = {(f.code, f.field) for f in check_book(working(rows, **FIVE))}  # type: ignore[arg-type]
    assert found == {("rules.unreachable_row", "tables.ruling.rows.0")}


def test_a_clock_of_working_days_takes_no_hours() -> None:
    states = {
        "asked": state(
            waits_for="merchant",
            actions={"go": action(["merchant", "clock"], "done")},
            deadlines={"d": deadline("5 workdays", "go", window="09:00-18:00")},
        ),
        "done": state(final="done"),
    }
    parsed = parse_rulebook(data(processes={"p": process(states, "asked")}))
    assert [f.code for f in parsed.findings] == ["rules.window_of_workdays"]
    states["asked"]["deadlines"] = {"d": deadline("9999 workdays", "go")}
    parsed = parse_rulebook(data(processes={"p": process(states, "asked")}))
    assert [f.code for f in parsed.findings] == ["rules.bad_span"]


def test_the_calendar_says_what_the_library_says() -> None:
    import chinese_calendar

    day = date(CHINA.first_year, 1, 1)
    while day.year <= CHINA.last_year:
        assert CHINA.works(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
