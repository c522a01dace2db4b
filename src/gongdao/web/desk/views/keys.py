"""Keys (密钥): what programs show to act for a person in his role; made, seen once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app.callers import make_key
from gongdao.app.permissions import PERMISSIONS, Caller
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.models import ApiToken
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST_NAME_CHARACTERS = 100


def scopes_of(caller: Caller) -> list[str]:
    """Return the scopes that are of use in the caller's role."""
    return sorted({p.scope for p in PERMISSIONS.values() if p.covers(caller.post)})


@for_callers
def key_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's keys; make a new one, which is shown this once."""
    made = _make(request, caller) if request.method == "POST" else ""
    context = {
        "keys": ApiToken.objects.filter(user_id=caller.user_id).order_by("-created_at"),
        "scopes": scopes_of(caller),
        "made": made,
    }
    return render(request, "desk/keys.html", context)


def _make(request: HttpRequest, caller: Caller) -> str:
    name = request.POST.get("name", "").strip()
    if not name or len(name) > LONGEST_NAME_CHARACTERS:
        raise BadInput(
            Finding(
                code="token.bad_name",
                field="name",
                message=Text(
                    "请为密钥命名，最多 100 字", "name the key, in at most 100 characters"
                ),
            )
        )
    return make_key(caller, name, frozenset(request.POST.getlist("scopes")))


@for_callers
@require_POST
def revoke_key(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Revoke one of the caller's own keys: from now on it opens nothing."""
    try:
        key_id = UUID(request.POST.get("id", ""))
    except ValueError:
        raise Http404 from None
    ApiToken.objects.filter(pk=key_id, user_id=caller.user_id, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    messages.success(request, _("The key is revoked."))
    return redirect("desk:keys")
