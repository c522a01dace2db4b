"""Strategies page (商家策略): versions of a shop's rules of its own, tried, switched on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app import strategies
from gongdao.app.permissions import Verb, allow
from gongdao.core.kernel.findings import Finding, Refused
from gongdao.library.shelf import Shelf
from gongdao.web.desk.bars import Bar, bars
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.shop_choice import choose_shop, platform_of
from gongdao.web.desk.stage_titles import stage_title
from gongdao.web.strategy_proof import prove

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.store.strategies import StrategyRow

#: Rulebooks that a new strategy may begin from.
MODELS = ("merchant/fast-refund", "merchant/auto-return")
_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version of a strategy."""

    row: StrategyRow
    text: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a dry run told, ready to be drawn."""

    name: str
    version: int
    days: int
    report: strategies.DryRun
    rows: list[Bar]
    outcomes: list[Bar]


@for_callers
def strategy_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the versions of a shop's strategies, and the models for a new one."""
    return _page(request, caller)


@for_callers
@require_POST
def keep_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Check and keep a new version; errors are shown beside the text."""
    shop_id, text = request.POST.get("shop", ""), request.POST.get("text", "")
    try:
        name, version, _remarks = strategies.keep(caller, shop_id, text, prove)
    except Refused as refused:
        if len(refused.findings) == 1 and not refused.code.startswith(("rules.", "strategy.")):
            raise
        return _page(request, caller, text=text, findings=refused.findings, status=422)
    messages.success(
        request, _("Kept: {name}, version {version}.").format(name=name, version=version)
    )
    return redirect(f"{reverse('desk:strategies')}?shop={shop_id}")


@for_callers
@require_POST
def try_page(request: HttpRequest, caller: Caller, name: str, version: int) -> HttpResponse:
    """Try a version on the shop's past requests and show what it would have agreed to."""
    days = request.POST.get("days", "")
    chosen = int(days) if days in {str(d) for d in _DAYS} else strategies.TRIED_DAYS
    shop_id = request.POST.get("shop", "")
    report = strategies.dry_run(caller, shop_id, name, version, days=chosen)
    platform = platform_of(shop_id)
    tried = Tried(
        name,
        version,
        chosen,
        report,
        bars(sorted(report.by_row.items())),
        bars((_outcome(word, platform), n) for word, n in sorted(report.outcomes.items())),
    )
    return _page(request, caller, tried=tried)


@for_callers
@require_POST
def switch_page(request: HttpRequest, caller: Caller, name: str, version: int) -> HttpResponse:
    """Switch a version on, and the others of its name off; or switch it off."""
    shop_id, to = request.POST.get("shop", ""), request.POST.get("to") == "on"
    strategies.switch(caller, shop_id, name, version, to=to)
    messages.success(request, _("Switched on.") if to else _("Switched off."))
    return redirect(f"{reverse('desk:strategies')}?shop={shop_id}")


def _outcome(word: str, platform: str) -> str:
    return _("still open") if word == "open" else stage_title(word, platform)


def _model(subject: str) -> str:
    newest = max(Shelf().files(subject), key=lambda file: file.version)
    return newest.path.read_text(encoding="utf-8")


def _page(
    request: HttpRequest,
    caller: Caller,
    *,
    tried: Tried | None = None,
    text: str = "",
    findings: tuple[Finding, ...] = (),
    status: int = 200,
) -> HttpResponse:
    allow(caller, Verb.MANAGE_STRATEGIES)
    choice = choose_shop(request, caller)
    versions = strategies.versions(caller, choice.chosen) if choice.chosen else ()
    context = {
        "choice": choice,
        "versions": [VersionShown(row, row.body.decode()) for row in versions],
        "tried": tried,
        "text": text,
        "findings": findings,
        "models": [(subject, _model(subject)) for subject in MODELS],
        "days": _DAYS,
        "tried_days": strategies.TRIED_DAYS,
    }
    return render(request, "desk/manage/strategies.html", context, status=status)
