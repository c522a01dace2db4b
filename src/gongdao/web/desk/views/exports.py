"""Exports page (导出): the days that the worker wrote, each file to be downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongdao.app.export.rows import Dataset
from gongdao.app.permissions import Verb, allow
from gongdao.connectors.nightly_export import next_night
from gongdao.web.desk.day_field import read_day
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import marketplace_titles
from gongdao.web.desk.language import wording
from gongdao.web.export_shelf import exports_of, is_configured

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.connectors.export_files import Manifest

DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Shelf:
    """The days of one marketplace, newest first."""

    marketplace_id: str
    title: str
    days: list[Manifest]
    earlier: date | None
    """Days up to this one are not shown here."""


@for_callers
@require_GET
def export_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show what was exported of the caller's marketplaces, day by day."""
    allow(caller, Verb.SEE_EXPORTS)
    until = read_day(request.GET.get("until", ""), "until")
    now = datetime.now(UTC)
    titles = marketplace_titles()
    context = {
        "configured": is_configured(),
        "shelves": [
            _shelf(caller, name, wording(titles.get(name, name)), until)
            for name in sorted(caller.marketplace_ids)
            if is_configured()
        ],
        "datasets": _datasets(),
        "until": until,
        "now": now,
        "next": next_night(now),
    }
    return render(request, "desk/manage/exports.html", context)


def _shelf(caller: Caller, marketplace_id: str, title: str, until: date | None) -> Shelf:
    found = list(islice(exports_of(caller, marketplace_id, until=until), DAYS_SHOWN + 1))
    more = len(found) > DAYS_SHOWN
    days = found[:DAYS_SHOWN]
    earlier = days[-1].day - timedelta(days=1) if more else None
    return Shelf(marketplace_id, title, days, earlier)


def _datasets() -> dict[str, str]:
    return {
        Dataset.CASES.value: _("Cases"),
        Dataset.DEADLINES.value: _("Deadlines"),
        Dataset.EVENTS.value: _("Events"),
        Dataset.LEDGER.value: _("Ledger"),
        Dataset.ORDERS.value: _("Orders"),
    }
