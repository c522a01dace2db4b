"""Refusal pages (拒绝页面): a refusal of the core, shown as a page or as the piece of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _

from gongdao.core.kernel.findings import NotAllowed, NotVisible, Refused
from gongdao.web.api.problems import status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class RefusalMiddleware:
    """Turns a refusal that a view did not handle into a page that says why and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is left to Django."""
        if not isinstance(exception, Refused):
            return None
        return refusal_page(request, exception)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Return the page for a refusal: 404 says nothing more, the others say why."""
    status = status_of(refused)
    if request.headers.get("HX-Request") == "true":
        return render(request, "desk/refused.html", {"findings": refused.findings}, status=status)
    if isinstance(refused, NotVisible):
        return render(request, "404.html", status=status)
    title = _("Not allowed") if isinstance(refused, NotAllowed) else _("Not done")
    context = {"findings": refused.findings, "refusal_title": title}
    return render(request, "desk/refused_page.html", context, status=status)
