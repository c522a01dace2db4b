"""Marks page (行为认定): what was found about buyers, merchants and adjudicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongdao.app.queries.marks import marks
from gongdao.core.kernel.words import Role
from gongdao.library.shelf import Shelf
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller

ABOUT = (Role.BUYER, Role.MERCHANT, Role.ARBITRATOR, Role.REVIEWER)


@for_callers
@require_GET
def mark_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the marks of the caller's marketplaces, newest first."""
    about = next((role for role in ABOUT if role == request.GET.get("about")), None)
    subject = request.GET.get("subject", "").strip()[:200]
    standing = request.GET.get("all") != "yes"
    kinds = _kinds()
    rows = marks(caller, about=about, subject=subject or None, standing=standing)
    context = {
        "rows": [(row, kinds.get(row.kind, row.kind), wording(Role(row.about))) for row in rows],
        "abouts": ABOUT,
        "about": about or "",
        "subject": subject,
        "standing": standing,
    }
    return render(request, "desk/manage/marks.html", context)


def _kinds() -> dict[str, str]:
    """Return what the rulebooks of conduct and of complaints call each kind."""
    found: dict[str, str] = {}
    shelf = Shelf()
    for subject in ("house/conduct", "house/complaint"):
        for book in shelf.versions(subject):
            for enum in book.enums.values():
                for word, title in enum.members.items():
                    found.setdefault(word, wording(title))
            for process in book.processes.values():
                for state in process.states.values():
                    for action in state.actions.values():
                        found.setdefault(action.name, wording(action.title))
    return found
