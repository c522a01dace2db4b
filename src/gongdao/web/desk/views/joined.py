"""Joined cases from pages (并案): join, separate, rule together, read what was ruled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongdao.app.join_act import Payloads, act_in_all, preview_in_all
from gongdao.app.join_cases import join, separate
from gongdao.app.queries.joined import group_statement
from gongdao.core.kernel.words import Role, label
from gongdao.web.desk.confirming import to_case
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import queue_title
from gongdao.web.desk.joined_card import MemberShown, members_shown
from gongdao.web.desk.preview import Preview, preview_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.core.kernel.findings import Finding

_JUDGES = (Role.ARBITRATOR, Role.REVIEWER)
#: Actions that may be done in all cases of a group from its page, as the processes name them.
_TOGETHER = ("close_evidence", "rule", "confirm_ruling")


@dataclass(frozen=True, slots=True)
class RulingShown:
    """What ruling would lead to in a case, or why it cannot be done."""

    member: MemberShown
    preview: Preview | None
    refused: Finding | None


@for_callers
@require_POST
def join_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Hear the case together with those chosen."""
    chosen = [str(case_id), *request.POST.getlist("case_ids")]
    join(caller, chosen, request.POST.get("reason", ""), key=request.POST.get("key", ""))
    messages.success(request, _("The cases are heard together."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def separate_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Hear the case by itself again."""
    separate(caller, str(case_id), request.POST.get("reason", ""), key=request.POST.get("key", ""))
    messages.success(request, _("The case is heard by itself."))
    return to_case(request, str(case_id))


@for_callers
@require_GET
def group_page(request: HttpRequest, caller: Caller, group_id: str) -> HttpResponse:
    """Show the cases of a group; to those who rule, what an action would lead to in each."""
    key = str(group_id)
    members = members_shown(caller, key)
    asked = request.GET.get("action", "")
    action = asked if asked in _TOGETHER and caller.role in _JUDGES else ""
    prospects = _prospects(caller, key, action, members) if action else []
    context = {
        "group": key,
        "queue_title": queue_title(caller.role),
        "members": members,
        "may_rule": caller.role in _JUDGES
        and any(m.standing.case.closed_at is None for m in members),
        "ruled": any(m.standing.case.rulings for m in members),
        "action": action,
        "prospects": prospects,
        "possible": [p.member.standing.case.id for p in prospects if p.preview is not None],
        "key": str(uuid4()),
    }
    return render(request, "desk/joined/page.html", context)


def _prospects(
    caller: Caller, group_id: str, action: str, members: list[MemberShown]
) -> list[RulingShown]:
    by_id = {m.standing.case.id: m for m in members}
    return [
        RulingShown(
            member=by_id[one.case_id],
            preview=preview_of(one.outcome) if one.outcome is not None else None,
            refused=one.refused.findings[0] if one.refused is not None else None,
        )
        for one in preview_in_all(caller, group_id, action, {})
    ]


@for_callers
@require_POST
def act_page(request: HttpRequest, caller: Caller, group_id: str) -> HttpResponse:
    """Do the action in the cases of the group that the form names, or in none of them."""
    action = request.POST.get("action", "")
    chosen: Payloads = {case_id: {} for case_id in request.POST.getlist("case_ids")}
    act_in_all(caller, str(group_id), action, chosen, key=request.POST.get("key", ""))
    messages.success(request, _("Done in these cases."))
    return redirect("desk:joined", group_id=group_id)


@for_callers
@require_GET
def statement_page(request: HttpRequest, caller: Caller, group_id: str) -> HttpResponse:
    """Show every ruling of the group on paper, as the reader's side is told of it."""
    told = group_statement(caller, str(group_id))
    context = {"told": told, "audience": label(told.audience), "group": str(group_id)}
    return render(request, "desk/joined/statement.html", context)
