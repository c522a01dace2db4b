"""Time (时间): instants with an offset, spans of months and seconds, counting windows.

An instant is an aware datetime. A span is what a rule writes: `48h`, `7d`, `6mo`. Months are kept
apart from seconds because six months is not a number of days until it is added to a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

BEIJING = ZoneInfo("Asia/Shanghai")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"(?:(\d+)mo)?((?:\d+[wdhms])*)")
_PART = re.compile(r"(\d+)([wdhms])")
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A length of time as a rule states it."""

    months: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str, *, field: str = "span") -> Span:
        """Read `48h`, `7d`, `6mo`, `1d12h`, `90m`, `30s`; BadInput otherwise."""
        stripped = text.strip()
        found = _SPAN.fullmatch(stripped)
        if not stripped or found is None:
            raise BadInput(
                Finding(
                    code="time.not_a_span",
                    field=field,
                    message=Text(f"“{text}”不是时长", f"`{text}` is not a span of time"),
                    cure=Text("请写成 48h、7d、6mo 或 90m", "write it like 48h, 7d, 6mo or 90m"),
                )
            )
        seconds = sum(int(n) * _UNIT_SECONDS[unit] for n, unit in _PART.findall(found.group(2)))
        return cls(months=int(found.group(1) or 0), seconds=seconds)

    def after(self, start: datetime, zone: ZoneInfo = BEIJING) -> datetime:
        """Return the instant this span after `start` (UTC).

        Months are counted on the calendar of `zone`; the 31st becomes the last day of a shorter
        month.
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
        return (instant + timedelta(seconds=self.seconds)).astimezone(UTC)

    def __str__(self) -> str:
        parts = [f"{self.months}mo"] if self.months else []
        rest = self.seconds
        for unit in "dhms":
            count, rest = divmod(rest, _UNIT_SECONDS[unit])
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"

    def in_words(self) -> Text:
        """Say the span as people say it: 48 hours stays 48 hours, not two days."""
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

    def after(self, start: datetime, seconds: int, zone: ZoneInfo = BEIJING) -> datetime:
        """Return the instant when `seconds` have been counted inside the window since `start`."""
        local = start.astimezone(zone)
        left = timedelta(seconds=seconds)
        while True:
            opens = datetime.combine(local.date(), self.opens, zone)
            closes = datetime.combine(local.date(), self.closes, zone)
            begin = max(local, opens)
            room = closes - begin
            if room > timedelta(0):
                if left <= room:
                    return (begin + left).astimezone(UTC)
                left -= room
            local = datetime.combine(local.date() + timedelta(days=1), time(0), zone)


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
