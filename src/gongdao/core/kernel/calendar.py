"""Working days (工作日): the days on which time of working days is counted.

A calendar is data: the weekdays off for a holiday and the weekend days worked in their stead, for
the years they were announced for. A working day is 24 hours counted on working days alone: one
working day after Friday 10:00 is Monday 10:00, and one after any instant of a weekend is the end of
Monday. Counted from the following midnight, as the Civil Code counts days, the last working day
counts to its end.

Outside the years covered only weekends are days off. Whoever counts there says so: `uncovered`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongdao.core.kernel.text import Text, list_in

BEIJING = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and worked weekend days of the years `first_year` to `last_year`."""

    first_year: int
    last_year: int
    holidays: frozenset[date]
    """Weekdays that are off."""
    worked: frozenset[date]
    """Days of a weekend that are worked (调休)."""

    def works(self, day: date) -> bool:
        """Tell whether `day` is a working day."""
        if day.weekday() >= _SATURDAY:
            return day in self.worked
        return day not in self.holidays

    def after(self, start: datetime, length: timedelta, zone: ZoneInfo = BEIJING) -> datetime:
        """Return the instant (UTC) when `length` has been counted on working days since `start`."""
        at, left = start.astimezone(UTC), length
        while left > _NOTHING:
            local = at.astimezone(zone)
            end = _midnight(local.date() + _DAY, zone)
            if self.works(local.date()):
                if left <= end - at:
                    return at + left
                left -= end - at
            at = end
        return at

    def before(self, end: datetime, length: timedelta, zone: ZoneInfo = BEIJING) -> datetime:
        """Return the latest instant (UTC) from which `length` is counted up to `end`."""
        at, left = end.astimezone(UTC), length
        while left > _NOTHING:
            # An instant at midnight ends the day before it.
            day = (at - timedelta(microseconds=1)).astimezone(zone).date()
            begin = _midnight(day, zone)
            if self.works(day):
                if left <= at - begin:
                    return at - left
                left -= at - begin
            at = begin
        return at

    def between(self, start: datetime, end: datetime, zone: ZoneInfo = BEIJING) -> timedelta:
        """Return how much of the time from `start` to `end` lies on working days."""
        counted, at = _NOTHING, start.astimezone(UTC)
        while at < end:
            local = at.astimezone(zone)
            midnight = _midnight(local.date() + _DAY, zone)
            if self.works(local.date()):
                counted += min(midnight, end) - at
            at = midnight
        return counted

    def days_off(self, start: datetime, end: datetime, zone: ZoneInfo = BEIJING) -> int:
        """Return how many days that are no working days lie, in part or whole, in the time."""
        return sum(not self.works(day) for day in _days(start, end, zone))

    def uncovered(
        self, start: datetime, end: datetime, zone: ZoneInfo = BEIJING
    ) -> tuple[int, ...]:
        """Return the years of the time for which no holidays are known."""
        years = range(start.astimezone(zone).year, end.astimezone(zone).year + 1)
        return tuple(y for y in years if not self.first_year <= y <= self.last_year)


#: No year is covered: what is counted by it is counted by weekends, and says so.
NO_CALENDAR = Calendar(1, 0, frozenset(), frozenset())


def assumed(years: tuple[int, ...]) -> Text:
    """Say that in `years` weekends alone were left out."""
    named = list_in(tuple(Text(str(y), str(y)) for y in years))
    return Text(
        f"{named.zh} 年放假安排未载入，暂只扣除周末",
        f"the holidays of {named.en} are not known yet, weekends alone are left out",
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if end.astimezone(zone).time() == time(0):
        last -= _DAY
    while day <= last:
        yield day
        day += _DAY
