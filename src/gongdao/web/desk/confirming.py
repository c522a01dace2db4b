"""Confirming (试算后确认): a form is previewed first, and done once its giver has confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongdao.web.desk.preview import preview_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gongdao.app.outcome import Outcome


class Doing(Protocol):
    """What a form asks for."""

    def __call__(self, *, preview: bool) -> Outcome:
        """Do it, or only work out what would follow."""
        ...


def previewed(
    request: HttpRequest, do: Doing, *, back_url: str = "", done: str = ""
) -> HttpResponse:
    """Show what the form would lead to; when it is confirmed, do it and go to the case.

    `back_url` is where a page without script leads back to.
    """
    if request.POST.get("confirm") == "yes":
        outcome = do(preview=False)
        messages.success(request, done or _("Done."))
        return to_case(request, outcome.case.id)
    outcome = do(preview=True)
    context: dict[str, object] = {"preview": preview_of(outcome)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "desk/case/preview.html", context)
    context["carried"] = [(n, v) for n, v in request.POST.items() if n != "csrfmiddlewaretoken"]
    context["back_url"] = back_url or reverse("desk:case", args=[outcome.case.id])
    return render(request, "desk/case/preview_page.html", context)


def to_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Go to the case; htmx is told to load the whole page anew."""
    url = reverse("desk:case", args=[case_id])
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def version_in(request: HttpRequest) -> int | None:
    """Return the version of the case that the form was made for."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004  digits
