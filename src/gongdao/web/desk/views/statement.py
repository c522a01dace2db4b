"""Statement of reasons (裁决书): a ruling on paper, both languages side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongdao.app.queries.statement_of_reasons import statement
from gongdao.core.kernel.words import Role, label
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller


@for_callers
@require_GET
def statement_page(request: HttpRequest, caller: Caller, case_id: str, number: int) -> HttpResponse:
    """Show a ruling as the caller's side, or for the platform either side, is told of it."""
    asked = request.GET.get("audience", "")
    audience = next((role for role in (Role.BUYER, Role.MERCHANT) if role == asked), None)
    told = statement(caller, str(case_id), number, audience=audience)
    context = {
        "told": told,
        "case_url": reverse("desk:case", args=[case_id]),
        "audience": label(told.audience),
    }
    return render(request, "desk/case/statement.html", context)
