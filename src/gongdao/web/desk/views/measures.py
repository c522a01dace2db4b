"""Service page (客服指标): how quickly each agent answered, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongdao.app.messages.measures import service_measures
from gongdao.app.permissions import Verb, allow
from gongdao.core.kernel.time import BEIJING
from gongdao.web.desk.bars import Bar, columns
from gongdao.web.desk.day_field import read_day
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.shop_choice import choose_shop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.store.messages import ServiceDay

DAYS_SHOWN = 14


@dataclass(slots=True)
class Tally:
    """Counts of conversations; shares are of 100 conversations, rounded half up."""

    shop: str = ""
    agent: str = ""
    conversations: int = 0
    answered: int = 0
    answered_in_5s: int = 0
    answered_in_30s: int = 0
    answered_in_3m: int = 0
    first_wait_seconds: int = 0
    messages: int = 0

    def add(self, day: ServiceDay) -> None:
        """Count a day in."""
        self.conversations += day.conversations
        self.answered += day.answered
        self.answered_in_5s += day.answered_in_5s
        self.answered_in_30s += day.answered_in_30s
        self.answered_in_3m += day.answered_in_3m
        self.first_wait_seconds += day.first_wait_seconds
        self.messages += day.messages

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Answered at all, within 5 s, 30 s and 3 min: the number, and of 100 conversations."""
        numbers = (self.answered, self.answered_in_5s, self.answered_in_30s, self.answered_in_3m)
        return [(number, share(number, self.conversations)) for number in numbers]

    @property
    def share_in_3m(self) -> int:
        """Answered within 3 minutes, of 100 conversations."""
        return share(self.answered_in_3m, self.conversations)

    @property
    def mean_wait_seconds(self) -> int | None:
        """Wait for a person's first reply, over the answered ones; None: none was answered."""
        return self.first_wait_seconds // self.answered if self.answered else None


def share(part: int, whole: int) -> int:
    """Return `part` of 100 of `whole`, rounded half up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


@for_callers
@require_GET
def service_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the counts of a shop's agents, or of all shops', over some days."""
    allow(caller, Verb.SEE_SERVICE)
    today = max(clocks_of(caller).values()).astimezone(BEIJING).date()
    until = read_day(request.GET.get("until", ""), "until") or today
    since = read_day(request.GET.get("since", ""), "since") or until - timedelta(
        days=DAYS_SHOWN - 1
    )
    shops = choose_shop(request, caller).shops
    chosen = request.GET.get("shop", "").strip()[:200]
    rows = service_measures(caller, since=since, until=until, shop_id=chosen or None)
    titles = dict(shops)
    by_day = _by_day(rows)
    agents = _by_agent(rows, titles)
    context = {
        "shops": shops,
        "chosen": chosen,
        "since": since,
        "until": until,
        "total": _total(rows),
        "agents": agents,
        "rows": [(row.day, _tally([row], titles)) for row in reversed(rows)],
        "drawing": columns(_drawn(by_day, since, until), _("Conversations, by day")),
        "shares": _shares(rows, titles, agents),
    }
    return render(request, "desk/manage/service.html", context)


def _total(rows: Iterable[ServiceDay]) -> Tally:
    total = Tally()
    for row in rows:
        total.add(row)
    return total


def _tally(rows: list[ServiceDay], titles: dict[str, str]) -> Tally:
    tally = _total(rows)
    tally.shop = titles.get(rows[0].shop_id, rows[0].shop_id)
    tally.agent = rows[0].agent_id or _("nobody")
    return tally


def _by_agent(rows: Iterable[ServiceDay], titles: dict[str, str]) -> list[Tally]:
    found: dict[tuple[str, str], list[ServiceDay]] = {}
    for row in rows:
        found.setdefault((row.shop_id, row.agent_id), []).append(row)
    return [_tally(found[key], titles) for key in sorted(found)]


def _shares(rows: Iterable[ServiceDay], titles: dict[str, str], agents: list[Tally]) -> list[Bar]:
    """Return what was answered within 3 minutes: by shop, or by agent where there is one shop."""
    shops: dict[str, Tally] = {}
    for row in rows:
        shops.setdefault(titles.get(row.shop_id, row.shop_id), Tally()).add(row)
    named = shops.items() if len(shops) > 1 else [(tally.agent, tally) for tally in agents]
    return [Bar(name, tally.share_in_3m, tally.share_in_3m) for name, tally in named]


def _by_day(rows: Iterable[ServiceDay]) -> dict[date, Tally]:
    found: dict[date, Tally] = {}
    for row in rows:
        found.setdefault(row.day, Tally()).add(row)
    return found


def _drawn(by_day: dict[date, Tally], since: date, until: date) -> list[tuple[str, int, str]]:
    drawn: list[tuple[str, int, str]] = []
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        tally = by_day.get(day, Tally())
        said = _("{day}: {conversations}, {share}% answered within 3 min").format(
            day=day, conversations=tally.conversations, share=tally.share_in_3m
        )
        drawn.append((f"{day:%m-%d}", tally.conversations, said))
    return drawn
