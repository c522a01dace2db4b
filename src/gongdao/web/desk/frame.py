"""Frame (页面框架): what every page carries: the way to the others, and the countdown's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongdao.app.permissions import PERMISSIONS, Caller, Verb
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.models import Marketplace, User
from gongdao.web.callers import roles_of
from gongdao.web.desk.countdown import patterns

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation."""

    title: str
    url: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame; for templates of every page, errors included."""
    caller: Caller | None = getattr(request, "caller", None)
    user = request.user if caller else None
    callers = roles_of(user) if isinstance(user, User) else {}
    return {
        "caller": caller,
        "callers": callers,
        "titles": marketplace_titles() if len(callers) > 1 else {},
        "navigation": _navigation(request, caller),
        "may_keys": caller is not None and _may(caller, Verb.MANAGE_KEYS),
        "countdown_patterns": patterns(),
    }


def marketplace_titles() -> dict[str, Text]:
    """Return marketplace id -> title."""
    rows = Marketplace.objects.values_list("id", "title_zh", "title_en")
    return {name: Text(zh, en) for name, zh, en in rows}


def queue_title(role: Role) -> str:
    """Return what the queue is called for a role."""
    return {
        Role.BUYER: _("My after-sales"),
        Role.MERCHANT: _("To answer"),
        Role.ARBITRATOR: _("Disputes to rule"),
        Role.REVIEWER: _("Reviews and appeals"),
    }.get(role, _("Cases"))


def _may(caller: Caller, verb: Verb) -> bool:
    return PERMISSIONS[verb].covers(caller.post)


def _navigation(request: HttpRequest, caller: Caller | None) -> list[Way]:
    if caller is None:
        return []
    ways = [
        (Verb.SEE_CLOCKS, _("Overview"), "overview"),
        (Verb.SEE_CASES, queue_title(caller.role), "queue"),
        (Verb.SEE_ORDERS, _("Orders"), "orders"),
        (Verb.HANDLE_INVOICE, _("Invoices"), "invoices"),
        (Verb.REPORT_PAYMENT, _("Payments"), "payments"),
        (Verb.SEE_LEDGER, _("Money"), "shop_money"),
        (Verb.SEE_SERVICE, _("Service"), "service"),
        (Verb.MANAGE_STRATEGIES, _("Strategies"), "strategies"),
        (Verb.SEE_FORCE_MAJEURE, _("Force majeure"), "force_majeure"),
        (Verb.SEE_MARKS, _("Conduct"), "marks"),
        (Verb.SEE_RULES, _("Rulebooks"), "rulebooks"),
    ]
    return [
        Way(title, url, request.path.startswith(url))
        for verb, title, name in ways
        if _may(caller, verb)
        for url in [reverse(f"desk:{name}")]
    ]
