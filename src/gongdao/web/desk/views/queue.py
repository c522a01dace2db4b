"""Queue pages (案件队列): by role, what waits for me first; filters, search, pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import gettext as _

from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.queue import Page, count, queue
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Arbitration, Claim, Goods, MoneyState, Reason, Role
from gongdao.store.queue import QueueRow, Wanted
from gongdao.web.desk.countdown import Countdown, countdown
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import queue_title
from gongdao.web.desk.invoice_card import invoices_waiting
from gongdao.web.desk.language import wording
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.stage_titles import platforms, stage_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller

PAGE_ROWS = 30


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A case as the list shows it."""

    row: QueueRow
    claim: str
    reason: str
    stage: str
    goods: str
    money: str
    arbitration: str
    due: Countdown | None
    due_reason: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the queue's views."""

    name: str
    title: str
    count: int | None


def tabs_of(role: Role) -> dict[str, tuple[str, Wanted]]:
    """Return the views of a role's queue, the one shown first in front."""
    mine = (_("Waiting for me"), Wanted(waits_for=role.value))
    opened = (_("Open"), Wanted())
    closed = (_("Closed"), Wanted(open=False, order="opened"))
    disputed = (_("Disputes"), Wanted(disputed=True))
    if role is Role.BUYER:
        return {"open": opened, "mine": mine, "closed": closed}
    if role is Role.OPERATOR:
        return {"open": opened, "disputes": disputed, "closed": closed}
    return {"mine": mine, "disputes": disputed, "open": opened, "closed": closed}


@for_callers
def queue_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's queue; htmx asks for the list alone while its owner types."""
    tabs = tabs_of(caller.role)
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in tabs else next(iter(tabs))
    wanted = _narrowed(tabs[chosen][1], request.GET)
    page = queue(caller, wanted, cursor=request.GET.get("cursor") or None, limit=PAGE_ROWS)
    nows = clocks_of(caller)
    kinds = platforms()
    context: dict[str, Any] = {
        "entries": [
            _entry(row, nows[row.marketplace_id], caller.role, kinds[row.marketplace_id])
            for row in page.rows
        ],
        "now": max(nows.values(), default=None),
        "tab": chosen,
        "next_url": _next_url(request, page),
        "search": request.GET.get("search", ""),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "desk/queue_list.html", context)
    context |= {
        "title": queue_title(caller.role),
        "may_take": PERMISSIONS[Verb.TAKE_CASE].covers(caller.post),
        "tabs": [
            Tab(name, title, count(caller, view) if name == "mine" else None)
            for name, (title, view) in tabs.items()
        ],
        "claims": [(c.value, wording(c)) for c in Claim],
        "invoices_waiting": invoices_waiting(caller),
        "chosen_claim": request.GET.get("claim", ""),
    }
    return render(request, "desk/queue.html", context)


def _narrowed(view: Wanted, given: Mapping[str, str]) -> Wanted:
    claim = given.get("claim", "")
    return Wanted(
        order=view.order,
        open=view.open,
        waits_for=view.waits_for,
        disputed=view.disputed,
        claim=claim if claim in set(Claim) else None,
        search=given.get("search", "").strip()[:100] or None,
    )


def _next_url(request: HttpRequest, page: Page) -> str:
    if page.next_cursor is None:
        return ""
    kept = {k: v for k, v in request.GET.items() if k != "cursor"}
    return f"?{urlencode(kept | {'cursor': page.next_cursor})}"


def _entry(row: QueueRow, now: datetime, role: Role, platform: str) -> QueueEntry:
    return QueueEntry(
        row=row,
        claim=wording(Claim(row.claim)),
        reason=wording(Reason(row.reason)),
        stage=stage_title(row.stage, platform),
        goods=wording(Goods(row.goods)),
        money=wording(MoneyState(row.money)) if row.money != MoneyState.NONE else "",
        arbitration=(
            wording(Arbitration(row.arbitration)) if row.arbitration != Arbitration.NONE else ""
        ),
        due=countdown(row.next_due_at, now) if row.next_due_at else None,
        due_reason=wording(Text(row.next_due_zh or "", row.next_due_en or "")),
        mine=role.value in row.waits_for,
    )
