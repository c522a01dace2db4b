"""Keys (密钥): what programs show to act for a person in his role; made, seen once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app import keys
from gongdao.app.permissions import PERMISSIONS, Caller, Verb
from gongdao.core.kernel.words import Role
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.shop_choice import choose_shop

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def scopes_of(caller: Caller) -> list[str]:
    """Return the scopes that are of use in the caller's role."""
    return sorted({p.scope for p in PERMISSIONS.values() if p.covers(caller.post)})


@for_callers
def key_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's keys; make a new one, which is shown this once."""
    made = _make(request, caller) if request.method == "POST" else ""
    return _page(request, caller, made)


def _make(request: HttpRequest, caller: Caller) -> str:
    given = request.POST
    cases = frozenset(given.get("case_ids", "").split())
    return keys.add_key(
        caller,
        given.get("name", ""),
        frozenset(given.getlist("scopes")),
        shop_id=given.get("shop_id") or None,
        case_ids=cases or None,
    ).key


def _page(request: HttpRequest, caller: Caller, made: str) -> HttpResponse:
    context = {
        "keys": keys.list_keys(caller),
        "scopes": scopes_of(caller),
        "shops": choose_shop(request, caller).shops if caller.role is Role.MERCHANT else [],
        "may_webhooks": PERMISSIONS[Verb.MANAGE_WEBHOOKS].covers(caller.post),
        "made": made,
    }
    return render(request, "desk/keys.html", context)


@for_callers
@require_POST
def revoke_key(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Revoke one of the caller's own keys: from now on it opens nothing."""
    keys.revoke(caller, request.POST.get("id", ""))
    messages.success(request, _("The key is revoked."))
    return redirect("desk:keys")


@for_callers
@require_POST
def rotate_key(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show a new key in the place of an old one, which opens for a day more."""
    return _page(request, caller, keys.rotate(caller, request.POST.get("id", "")).key)
