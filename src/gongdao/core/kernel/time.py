"""Time (时间): instants with an offset, spans of months and seconds, counting windows.

An instant is an aware datetime. A span is what a rule writes: `48h`, `7d`, `6mo`, `5 workdays`.
Months and working days are kept apart from seconds: they are no number of days until they are
added to a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongdao.core.kernel.calendar import BEIJING as BEIJING  # noqa: PLC0414  kept here for others
from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"(?:(\d+)mo)?((?:\d+[wdhms])*)")
_PART = re.compile(r"(\d+)([wdhms])")
_WORKDAYS = re.compile(r"(\d+) ?workdays?")
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A length of time as a rule states it."""

    months: int = 0
    seconds: int = 0
    workdays: int = 0
    """Working days, each 24 hours counted on working days."""

    @property
    def of_calendar(self) -> tuple[int, int]:
        """The months and working days, which have no length until they are added to a date."""
        return self.months, self.workdays

    @classmethod
    def parse(cls, text: str, *, field: str = "span") -> Span:
        """Read `48h`, `7d`, `6mo`, `1d12h`, `90m`, `30s`, `5 workdays`; BadInput otherwise."""
        stripped = text.strip()
        workdays = _WORKDAYS.fullmatch(stripped)
        if workdays is not None:
            return cls(workdays=int(workdays.group(1)))
        found = _SPAN.fullmatch(stripped)
        if not stripped or found is None:
            raise BadInput(
                Finding(
                    code="time.not_a_span",
                    field=field,
                    message=Text(f"“{text}”不是时长", f"`{text}` is not a span of time"),
                    cure=Text(
                        "请写成 48h、7d、6mo、90m 或 5 workdays",
                        "write it like 48h, 7d, 6mo, 90m or 5 workdays",
                    ),
                )
            )
        seconds = sum(int(n) * _UNIT_SECONDS[unit] for n, unit in _PART.findall(found.group(2)))
        return cls(months=int(found.group(1) or 0), seconds=seconds)

    def after(
        self, start: datetime, zone: ZoneInfo = BEIJING, calendar: Calendar = NO_CALENDAR
    ) -> datetime:
        """Return the instant this span after `start` (UTC).

        Months are counted in `zone`; the 31st becomes the last day of a shorter month. Then come
        the working days of `calendar`, then seconds.
        """
        instant = start
        if self.months:
            local = start.astimezone(zone)
            index = local.year * _MONTHS_IN_YEAR + local.month - 1 + self.months
            year, month = divmod(index, _MONTHS_IN_YEAR)
            day = local.day
            while True:
                try:
                    instant = local.replace(year=year, month=month + 1, day=day)
                    break
                except ValueError:
                    day -= 1
        if self.workdays > 0:
            instant = calendar.after(instant, timedelta(days=self.workdays), zone)
        elif self.workdays < 0:
            instant = calendar.before(instant, timedelta(days=-self.workdays), zone)
        return (instant + timedelta(seconds=self.seconds)).astimezone(UTC)

    def __str__(self) -> str:
        if self.workdays:
            rest = Span(self.months, self.seconds)
            return f"{self.workdays} workdays" + (f" + {rest}" if rest != Span() else "")
        parts = [f"{self.months}mo"] if self.months else []
        rest = self.seconds
        for unit in "dhms":
            count, rest = divmod(rest, _UNIT_SECONDS[unit])
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"

    def in_words(self) -> Text:
        """Say the span as people say it: 48 hours stays 48 hours, not two days."""
        if self.workdays:
            days = "day" if self.workdays == 1 else "days"
            rest = Span(self.months, self.seconds)
            more = rest.in_words() if rest != Span() else Text("", "")
            return Text(
                f"{self.workdays} 个工作日{more.zh}",
                f"{self.workdays} working {days} {more.en}".strip(),
            )
        if self.months:
            rest = Span(0, self.seconds)
            tail = rest.in_words() if self.seconds else Text("", "")
            return Text(f"{self.months} 个月{tail.zh}", f"{self.months} months {tail.en}".strip())
        for unit, zh, en in (("d", "天", "days"), ("h", "小时", "h"), ("m", "分钟", "min")):
            size = _UNIT_SECONDS[unit]
            if self.seconds and self.seconds % size == 0 and not _said_in_hours(unit, self):
                return Text(f"{self.seconds // size} {zh}", f"{self.seconds // size} {en}")
        return Text(f"{self.seconds} 秒", f"{self.seconds} s")


def _said_in_hours(unit: str, span: Span) -> bool:
    """Rules say 24, 48 and 72 hours, and days only from four days up."""
    return unit == "d" and span.seconds <= 3 * _UNIT_SECONDS["d"]


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """Hours of the day during which a clock counts, for example 09:00-18:00."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> DailyWindow:
        """Read `09:00-18:00`."""
        opens, _, closes = text.partition("-")
        return cls(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))

    def after(self, start: datetime, length: timedelta, zone: ZoneInfo = BEIJING) -> datetime:
        """Return the instant when `length` has been counted inside the window since `start`."""
        local = start.astimezone(zone)
        left = length
        while True:
            begin, closes = self._open(local, zone)
            room = closes - begin
            if room > timedelta(0):
                if left <= room:
                    return (begin + left).astimezone(UTC)
                left -= room
            local = datetime.combine(local.date() + timedelta(days=1), time(0), zone)

    def between(self, start: datetime, end: datetime, zone: ZoneInfo = BEIJING) -> timedelta:
        """Return how much of the time from `start` to `end` lies inside the window."""
        local, last = start.astimezone(zone), end.astimezone(zone)
        counted = timedelta(0)
        while local < last:
            begin, closes = self._open(local, zone)
            counted += max(timedelta(0), min(closes, last) - begin)
            local = datetime.combine(local.date() + timedelta(days=1), time(0), zone)
        return counted

    def _open(self, local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return from when the window is open on the day of `local`, not before it; to when."""
        opens = datetime.combine(local.date(), self.opens, zone)
        return max(local, opens), datetime.combine(local.date(), self.closes, zone)


def next_midnight(instant: datetime, zone: ZoneInfo = BEIJING) -> datetime:
    """Return 00:00 of the day after `instant` in `zone`, where many statutory clocks start."""
    local = instant.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), time(0), zone).astimezone(UTC)


def parse_instant(text: object, *, field: str = "at") -> datetime:
    """Read an ISO-8601 instant with an offset and return it in UTC; BadInput otherwise."""
    if isinstance(text, str):
        try:
            instant = datetime.fromisoformat(text.strip())
        except ValueError:
            instant = None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    raise BadInput(
        Finding(
            code="time.not_an_instant",
            field=field,
            message=Text(f"“{text}”不是带时区的时刻", f"`{text}` is not an instant with an offset"),
            cure=Text(
                "请写成 2024-01-03T10:00:00+08:00", "write it like 2024-01-03T10:00:00+08:00"
            ),
        )
    )


def beijing(instant: datetime) -> str:
    """Write an instant as people read it: `2024-01-03 10:00:00`, Beijing time."""
    return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
