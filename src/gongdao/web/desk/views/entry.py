"""Entry (进门): where a person lands, in which role, and the demonstration's buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import LoginView
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongdao.core.kernel.words import Role
from gongdao.store.config import current
from gongdao.store.models import User
from gongdao.web.callers import ACTING, act_as
from gongdao.web.demo_accounts import ACCOUNTS
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller


@for_callers
def home(_request: HttpRequest, caller: Caller) -> HttpResponse:
    """Lead to the page the role begins its day with."""
    return redirect("desk:overview" if caller.role is Role.OPERATOR else "desk:queue")


@for_callers
@require_POST
def choose_role(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Act in another role that the account holds."""
    if isinstance(request.user, User):
        act_as(request.session, request.user, request.POST.get("role", ""))
    return redirect("desk:home")


class SignInView(LoginView):  # type: ignore[misc] # allauth ships no types
    """allauth's sign-in, with the demonstration's accounts beside it."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Return allauth's context and the demo accounts that exist."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if current().demo:
            names = set(
                User.objects.filter(
                    username__in=[a.username for a in ACCOUNTS], is_active=True
                ).values_list("username", flat=True)
            )
            context["demo_accounts"] = [a for a in ACCOUNTS if a.username in names]
        return context


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo account; there is no such address outside the demonstration."""
    name = request.POST.get("account", "")
    if not current().demo or name not in {a.username for a in ACCOUNTS}:
        raise Http404
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.pop(ACTING, None)
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        return redirect(onward)
    return redirect("desk:home")
