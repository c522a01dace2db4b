"""Working days of China (工作日历): the announced holidays, as data for the pure part.

Source: `chinesecalendar`, which writes down the yearly announcements of the State Council. A new
year comes with a new release of it; until then that year is not covered.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

from gongdao.core.kernel.calendar import Calendar

_SATURDAY = 5


@cache
def chinese_working_days() -> Calendar:
    """Return the holidays and worked weekend days of every year announced so far."""
    off: dict[date, str] = chinese_calendar.holidays
    worked: dict[date, str] = chinese_calendar.workdays
    return Calendar(
        min(off).year,
        max(off).year,
        frozenset(d for d in off if d.weekday() < _SATURDAY),
        frozenset(d for d in worked if d.weekday() >= _SATURDAY),
    )
