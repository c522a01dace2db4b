"""Force majeure page (不可抗力): what is declared; preview, declare, end, revoke."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app.force_majeure import declare as declaring
from gongdao.app.force_majeure import withdraw
from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.core.kernel.calendar import BEIJING
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.web.desk.bars import bars
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import marketplace_titles
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.stage_titles import platforms, stage_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from gongdao.app.force_majeure.declare import Declared
    from gongdao.app.permissions import Caller


@for_callers
def declarations(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show every declaration of the caller's marketplaces, and the form for a new one."""
    titles = marketplace_titles()
    rows = withdraw.listed(caller)
    now = max(clocks_of(caller).values(), default=None)
    context = {
        "rows": [(row, titles.get(row.marketplace_id, row.marketplace_id)) for row in rows],
        "places": [(name, titles.get(name, name)) for name in sorted(caller.marketplace_ids)],
        "may_declare": PERMISSIONS[Verb.DECLARE_FORCE_MAJEURE].covers(caller.post),
        "key": str(uuid4()),
        "now": now,
        "since": (now or datetime.now(BEIJING)).astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "desk/manage/force_majeure.html", context)


@for_callers
@require_POST
def declare_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Preview a declaration, or make it once its giver has confirmed what it reaches."""
    given = request.POST.dict()
    confirmed = given.get("confirm") == "yes"
    done = declaring.declare(caller, _read(given), key=given.get("key", ""), preview=not confirmed)
    if confirmed:
        messages.success(
            request,
            _("Declared: {clocks} clocks of {cases} cases.").format(
                clocks=done.reach.clocks, cases=done.reach.cases
            ),
        )
        return _back(request)
    context = _shown(done)
    if request.headers.get("HX-Request") == "true":
        return render(request, "desk/manage/reach.html", context)
    context["carried"] = [(n, v) for n, v in request.POST.items() if n != "csrfmiddlewaretoken"]
    return render(request, "desk/manage/reach_page.html", context)


@for_callers
@require_POST
def withdraw_page(request: HttpRequest, caller: Caller, declaration_id: str) -> HttpResponse:
    """End an open declaration, or revoke one with a reason."""
    if request.POST.get("how") == "end":
        reach = withdraw.end(caller, str(declaration_id))
    else:
        reach = withdraw.revoke(caller, str(declaration_id), request.POST.get("because", ""))
    messages.success(
        request,
        _("Done: {clocks} clocks of {cases} cases go on.").format(
            clocks=reach.clocks, cases=reach.cases
        ),
    )
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    url = reverse("desk:force_majeure")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _shown(done: Declared) -> dict[str, Any]:
    platform = platforms().get(done.row.marketplace_id, "")
    stages = sorted(done.reach.by_stage.items())
    return {
        "done": done,
        "stages": bars((stage_title(stage, platform), n) for stage, n in stages),
    }


def _read(given: Mapping[str, str]) -> declaring.Declaring:
    title = given.get("title", "").strip()
    return declaring.Declaring(
        marketplace_id=given.get("marketplace_id", ""),
        province=given.get("province", ""),
        city=given.get("city", ""),
        district=given.get("district", ""),
        since=_instant(given, "since") or datetime.now(BEIJING) - timedelta(seconds=1),
        until=_instant(given, "until"),
        title=Text(
            title or "不可抗力", given.get("title_en", "").strip() or title or "force majeure"
        ),
        proof=given.get("proof", ""),
    )


def _instant(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        raise BadInput(
            Finding(
                code="input.invalid",
                field=name,
                message=Text("请填写日期和时间", "give a date and a time"),
            )
        ) from None
