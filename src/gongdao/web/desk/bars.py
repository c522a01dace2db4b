"""Bars (条形图): a series of numbers as bars that need no script, with the numbers beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDTH, _HEIGHT, _GAP = 720, 150, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One number among others."""

    title: str
    value: int
    percent: int
    """Of the largest."""


def bars(series: Iterable[tuple[str, int]]) -> list[Bar]:
    """Return the numbers with the length of their bars."""
    known = list(series)
    most = max((abs(value) for _, value in known), default=0) or 1
    return [Bar(title, value, round(100 * abs(value) / most)) for title, value in known]


def columns(series: Sequence[tuple[str, int, str]], title: str) -> SafeString:
    """Draw numbers of days as columns: label, value, and what is said of it when pointed at.

    Numbers below zero hang under the line.
    """
    top = max((value for _, value, _ in series), default=0)
    low = min((value for _, value, _ in series), default=0)
    top, low = max(top, 0), min(low, 0)
    span = (top - low) or 1
    zero = round(_HEIGHT * top / span)
    wide = _WIDTH / max(1, len(series))
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (
            (
                "column under" if value < 0 else "column",
                round(n * wide + _GAP / 2, 1),
                zero if value < 0 else zero - round(_HEIGHT * value / span),
                round(wide - _GAP, 1),
                max(1, round(_HEIGHT * abs(value) / span)) if value else 0,
                said,
            )
            for n, (_, value, said) in enumerate(series)
        ),
    )
    first, last = (series[0][0], series[-1][0]) if series else ("", "")
    return format_html(
        '<svg class="columns-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<line class="zero" x1="0" x2="{}" y1="{}" y2="{}"/></svg>'
        '<div class="ends" aria-hidden="true"><span>{}</span><span>{}</span></div>',
        _WIDTH, _HEIGHT, title, drawn, _WIDTH, zero, zero, first, last,
    )  # fmt: skip
