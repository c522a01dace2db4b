"""Filters and tags of the desk: words, money, Beijing time, countdowns, icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongdao.app.permissions import POST_LABELS, Post
from gongdao.core.invoices.model import MEDIUM_LABELS, Medium
from gongdao.core.kernel import time
from gongdao.core.kernel.money import yuan as yuan_of
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState
from gongdao.core.remedies.ledger import account_label, purpose_label
from gongdao.web.desk.countdown import countdown as countdown_of
from gongdao.web.desk.icons import icon as icon_of
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()
SHORT_SECONDS, MINUTES_FROM_SECONDS, HOURS_FROM_SECONDS = 10, 120, 7200
register.filter("words", wording)
register.simple_tag(icon_of, name="icon")


@register.filter
def yuan(fen: int) -> str:
    """Write fen as yuan: 123456 -> ¥1,234.56."""
    whole, _, cents = yuan_of(abs(fen)).partition(".")
    return f"{'−' if fen < 0 else ''}¥{int(whole):,}.{cents}"


@register.filter
def beijing(instant: datetime) -> SafeString:
    """Write an instant in Beijing time, machine-readable beside it."""
    return format_html(
        '<time datetime="{}">{}</time>', instant.isoformat(), time.beijing(instant)[:16]
    )


@register.simple_tag
def countdown(due_at: datetime, now: datetime) -> SafeString:
    """Say what is left until `due_at`; the page's script counts on from there."""
    left = countdown_of(due_at, now)
    return format_html(
        '<time class="countdown" role="timer" datetime="{}" data-due="{}" data-level="{}"'
        ' title="{}">{}</time>',
        due_at.isoformat(),
        due_at.isoformat(),
        left.level,
        time.beijing(due_at),
        left.text,
    )


@register.filter
def output_title(name: str) -> str:
    """Return the label of a table's output; its name when it has no label of its own."""
    return {
        "remedy": _("Remedy"),
        "liable": _("Liable"),
        "outbound_freight": _("Outbound freight"),
        "return_freight": _("Return freight"),
        "refund": _("Refund"),
        "compensation": _("Compensation"),
        "accepted": _("Accepted"),
        "penalty": _("Penalty"),
        "days": _("Days"),
    }.get(name, name.replace("_", " "))


@register.filter
def title_in(titles: dict[str, Text], place: str) -> str:
    """Return the title of a marketplace; its id when there is none."""
    return wording(titles.get(place, place))


@register.filter
def role_words(name: str) -> str:
    """Return the label of a post given by its wire value."""
    return wording(POST_LABELS[Post(name)])


@register.filter
def money_words(name: str) -> str:
    """Return the label of how far a payment has come, given by its wire value."""
    return wording(MoneyState(name))


@register.filter
def medium_words(name: str) -> str:
    """Return the label of an invoice's form, given by its wire value."""
    return wording(MEDIUM_LABELS[Medium(name)])


@register.filter
def purpose(name: str) -> str:
    """Return the label of what a transfer or a ledger line is for."""
    return wording(purpose_label(name))


@register.filter
def account(name: str) -> str:
    """Return the label of a ledger account: a party, what is payable, or the deposit."""
    return wording(account_label(name))


@register.filter
def seconds(length: float) -> str:
    """Write a lateness: `0.4 s`, `12 s`, `3 min`."""
    if length < SHORT_SECONDS:
        return _("{n} s").format(n=f"{length:.1f}")
    if length < MINUTES_FROM_SECONDS:
        return _("{n} s").format(n=f"{length:.0f}")
    if length < HOURS_FROM_SECONDS:
        return _("{n} min").format(n=f"{length / 60:.0f}")
    return _("{n} h").format(n=f"{length / 3600:.0f}")


@register.filter
def name_in(actor: str, names: dict[str, str]) -> str:
    """Return the name of an actor, if it is to be told."""
    return names.get(actor, "")
