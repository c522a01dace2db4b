"""Overview (总览): do the clocks keep time, what is disputed, and where the money went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from gongdao.app.queries.clocks import clocks, troubles
from gongdao.app.queries.ledger import balance
from gongdao.app.queries.queue import count
from gongdao.store.queue import Wanted
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import marketplace_titles
from gongdao.web.desk.marketplace_clock import clocks_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller


@for_callers
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the operator how the marketplace stands."""
    rows = clocks(caller)
    money = balance(caller)
    titles = marketplace_titles()
    context = {
        "clocks": [(row, titles.get(row.marketplace_id, row.marketplace_id)) for row in rows],
        "troubles": troubles(caller),
        "balance": money,
        "bearers": sorted(money.by_bearer_fen.items()),
        "purposes": sorted(money.by_purpose_fen.items()),
        "open_count": count(caller, Wanted()),
        "disputed_count": count(caller, Wanted(disputed=True)),
        "now": max(clocks_of(caller).values(), default=None),
    }
    return render(request, "desk/overview.html", context)
