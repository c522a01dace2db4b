"""Quoting from pages (引用会话): chosen messages become evidence of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app.messages.quote import quote
from gongdao.web.desk.confirming import to_case
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller


@for_callers
@require_POST
def quote_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Hand in the chosen messages as one piece of evidence."""
    quote(
        caller,
        str(case_id),
        request.POST.getlist("message"),
        key=request.POST.get("key", ""),
        note=request.POST.get("note", "").strip(),
    )
    messages.success(request, _("Evidence handed in."))
    return to_case(request, str(case_id))
