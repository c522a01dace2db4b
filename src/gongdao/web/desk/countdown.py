"""Countdown (倒计时): how long is left, in words, as of the instant the page was made.

`desk.js` goes on counting from here with the same patterns; without it the page still says the
time left and the due instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3600, 86400
SOON_SECONDS = 6 * HOUR_SECONDS
Level = Literal["ample", "soon", "late"]


@dataclass(frozen=True, slots=True)
class Countdown:
    """What is left until a deadline."""

    due_at: datetime
    text: str
    level: Level


def patterns() -> dict[str, str]:
    """Return the patterns of a countdown in the reader's language, for the page's script."""
    return {
        "days": _("{d} d {h} h"),
        "hours": _("{h} h {m} min"),
        "minutes": _("{m} min {s} s"),
        "left": _("{time} left"),
        "late": _("{time} overdue"),
    }


def countdown(due_at: datetime, now: datetime) -> Countdown:
    """Return the countdown to `due_at` at `now`."""
    left = int((due_at - now).total_seconds() // 1)
    words = patterns()
    level: Level = "late" if left < 0 else "soon" if left < SOON_SECONDS else "ample"
    pattern = words["late" if left < 0 else "left"]
    return Countdown(due_at, pattern.format(time=_spell(abs(left), words)), level)


def _spell(seconds: int, words: dict[str, str]) -> str:
    days, rest = divmod(seconds, DAY_SECONDS)
    hours, rest = divmod(rest, HOUR_SECONDS)
    minutes, rest = divmod(rest, MINUTE_SECONDS)
    key = "days" if days else "hours" if hours else "minutes"
    return words[key].format(d=days, h=hours, m=minutes, s=rest)
