"""Entrance (入口): a page is for people signed in; its view is told who they act as."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse

from gongdao.app.permissions import Caller
from gongdao.web.callers import caller_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

P = ParamSpec("P")


def for_callers(
    view: Callable[Concatenate[HttpRequest, Caller, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Wrap a view of (request, caller, …) so that strangers are asked to sign in first."""

    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        caller = caller_of(request)
        request.caller = caller  # type: ignore[attr-defined] # for the frame of the page
        return view(request, caller, *args, **kwargs)

    update_wrapper(entered, view)
    return entered


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask a stranger to sign in; htmx is told to load the whole page, not to paste it into one."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    asked_on = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    return HttpResponse(headers={"HX-Redirect": redirect_to_login(asked_on)["Location"]})
