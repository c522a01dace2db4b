"""Clocks (时限): when a deadline falls due, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from gongdao.core.kernel.calendar import Calendar, assumed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, beijing, next_midnight
from gongdao.core.rulebook.model import Value
from gongdao.core.rulebook.processes import Clock


def started(clock: Clock, entered_at: datetime, facts: Mapping[str, Value]) -> datetime | None:
    """Return the instant a clock counts from, or None while that instant is unknown."""
    if clock.starts == "entry":
        return entered_at
    if clock.starts == "next_midnight":
        return next_midnight(entered_at)
    instant = facts.get(clock.starts)
    return instant if isinstance(instant, datetime) else None


class Counting(Protocol):
    """What part of time a clock counts: hours of the day, or working days."""

    def after(self, start: datetime, length: timedelta) -> datetime:
        """Return the instant (UTC) when `length` has been counted since `start`."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time is counted."""
        ...


def counting(clock: Clock) -> Counting | None:
    """Return what a clock counts by; None when it counts all time alike."""
    if clock.after is not None and clock.after.workdays:
        return clock.calendar
    return clock.window


def due(clock: Clock, entered_at: datetime, facts: Mapping[str, Value]) -> datetime | None:
    """Return the deadline (UTC) of a clock of a state entered at `entered_at`.

    None when the clock does not run: its span is not set, or its starting instant is unknown.
    An act stamped at or before the deadline is in time; the automatic act comes strictly after.
    """
    start = started(clock, entered_at, facts)
    if start is None or clock.after is None:
        return None
    if clock.window is not None:
        begin = Span(clock.after.months).after(start) if clock.after.months else start
        return clock.window.after(begin, timedelta(seconds=clock.after.seconds))
    return clock.after.after(start, calendar=clock.calendar).astimezone(UTC)


def reason(clock: Clock, entered_at: datetime, facts: Mapping[str, Value]) -> Text:
    """Say why: `商家须在 48 小时内处理：48 小时，自 2024-01-03 10:00:00 起（KS-AS-09）`."""
    start = started(clock, entered_at, facts)
    if start is None or clock.after is None:
        return clock.reason
    span, since = clock.after.in_words(), beijing(start)
    zh, en = f"{span.zh}，自 {since} 起", f"{span.en} from {since} (Beijing)"
    if clock.window is not None:
        hours = f"{clock.window.opens:%H:%M}-{clock.window.closes:%H:%M}"
        zh, en = f"{zh}，只计 {hours}", f"{en}, counting {hours} only"
    if clock.after.workdays:
        left_out = _left_out(clock.after, start, clock.calendar)
        zh, en = f"{zh}{left_out.zh}", f"{en}{left_out.en}"
    if clock.cite:
        zh, en = f"{zh}（{'、'.join(clock.cite)}）", f"{en} ({', '.join(clock.cite)})"
    if clock.reason.zh:
        zh, en = f"{clock.reason.zh}：{zh}", f"{clock.reason.en}: {en}"
    return Text(zh, en)


def _left_out(span: Span, start: datetime, calendar: Calendar) -> Text:
    """Say how many days off lie on the way, and for which years they are only assumed."""
    end = span.after(start, calendar=calendar)
    days = calendar.days_off(start, end)
    zh, en = "", ""
    if days:
        said = "1 day off" if days == 1 else f"{days} days off"
        zh, en = f"，不计休息日 {days} 天", f", leaving out {said}"
    years = calendar.uncovered(start, end)
    if years:
        said = assumed(years)
        zh, en = f"{zh}；{said.zh}", f"{en}; {said.en}"
    return Text(zh, en)
