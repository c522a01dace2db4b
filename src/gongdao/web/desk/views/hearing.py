"""Hearing from pages (审理): take a case and give it back, challenge evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app import challenge_evidence
from gongdao.app.release_case import release_case
from gongdao.app.take_case import take, take_next
from gongdao.web.desk.confirming import to_case
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller


@for_callers
@require_POST
def take_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Take the case, or give it back."""
    if request.POST.get("release"):
        release_case(caller, str(case_id))
        messages.success(request, _("The case is back in the pool."))
    else:
        take(caller, str(case_id))
        messages.success(request, _("The case is yours."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def next_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take the disputed case that has waited longest, and go to it."""
    taken = take_next(caller)
    if taken is None:
        messages.info(request, _("No case waits to be taken."))
        return redirect("desk:queue")
    return to_case(request, taken.case_id)


@for_callers
@require_POST
def challenge_page(
    request: HttpRequest, caller: Caller, case_id: str, evidence_id: str
) -> HttpResponse:
    """Say why a piece of the other side's evidence should not count."""
    challenge_evidence.challenge(
        caller,
        str(case_id),
        evidence_id,
        request.POST.get("reason", "").strip(),
        key=request.POST.get("key", ""),
    )
    messages.success(request, _("The challenge is on record."))
    return to_case(request, str(case_id))
