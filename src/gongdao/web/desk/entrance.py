"""Entrance (入口): a page is for people signed in; its view is told who they act as."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required

from gongdao.app.permissions import Caller
from gongdao.web.callers import caller_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")


def for_callers(
    view: Callable[Concatenate[HttpRequest, Caller, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Wrap a view of (request, caller, …) so that strangers are asked to sign in first."""

    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        caller = caller_of(request)
        request.caller = caller  # type: ignore[attr-defined] # for the frame of the page
        return view(request, caller, *args, **kwargs)

    update_wrapper(entered, view)
    return login_required(entered)
