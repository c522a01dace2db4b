"""Webhooks page (消息推送): endpoints, test events, what was delivered, dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongdao.app import webhook_endpoints
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.frame import marketplace_titles
from gongdao.web.desk.marketplace_clock import clocks_of
from gongdao.web.desk.shop_choice import choose_shop

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.app.webhook_endpoints import MadeEndpoint
    from gongdao.store.webhooks import DeliveryState

STATES = ("all", "waiting", "delivered", "dead")
PAGE_ROWS = 30


@for_callers
def endpoint_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's endpoints; make a new one, whose secret is shown this once."""
    made = _make(request, caller) if request.method == "POST" else None
    return _endpoints(request, caller, made)


def _endpoints(
    request: HttpRequest, caller: Caller, made: MadeEndpoint | None = None
) -> HttpResponse:
    titles = marketplace_titles()
    choice = choose_shop(request, caller)
    context = {
        "endpoints": webhook_endpoints.list_endpoints(caller),
        "made": made,
        "places": [(name, titles.get(name, name)) for name in sorted(caller.marketplace_ids)],
        "shops": choice.shops,
        "must_name_shop": caller.role is Role.MERCHANT,
        "kinds": webhook_endpoints.MESSAGE_KINDS,
    }
    return render(request, "desk/manage/webhooks.html", context)


def _make(request: HttpRequest, caller: Caller) -> MadeEndpoint:
    given = request.POST
    return webhook_endpoints.make_endpoint(
        caller,
        given.get("marketplace_id", ""),
        given.get("url", "").strip(),
        shop_id=given.get("shop_id") or None,
        kinds=tuple(given.getlist("kinds")),
    )


@for_callers
def endpoint_page(request: HttpRequest, caller: Caller, endpoint_id: str) -> HttpResponse:
    """Show the messages of one endpoint."""
    state = request.GET.get("state", "all")
    state = state if state in STATES else "all"
    page = webhook_endpoints.list_deliveries(
        caller,
        str(endpoint_id),
        state=cast("DeliveryState", state),
        cursor=request.GET.get("cursor") or None,
        limit=PAGE_ROWS,
    )
    known = webhook_endpoints.list_endpoints(caller)
    following = {"state": state, "cursor": page.next_cursor}
    context = {
        "endpoint": next(e for e in known if e.id == str(endpoint_id)),
        "rows": page.rows,
        "state": state,
        "states": [(word, _state(word)) for word in STATES],
        "next_url": f"?{urlencode(following)}" if page.next_cursor else "",
        "now": max(clocks_of(caller).values(), default=None),
    }
    return render(request, "desk/manage/endpoint.html", context)


def _state(word: str) -> str:
    return {
        "all": _("All"),
        "waiting": _("Waiting"),
        "delivered": _("Delivered"),
        "dead": _("Given up"),
    }[word]


@for_callers
@require_POST
def endpoint_act(request: HttpRequest, caller: Caller, endpoint_id: str) -> HttpResponse:
    """Send a test event, change the secret, disable the endpoint, or replay what was given up."""
    here, what = str(endpoint_id), request.POST.get("what", "")
    if what == "secret":
        return _endpoints(request, caller, webhook_endpoints.rotate_secret(caller, here))
    if what == "disable":
        webhook_endpoints.disable(caller, here)
        messages.success(request, _("The endpoint hears nothing any more."))
        return redirect("desk:webhooks")
    if what == "test":
        webhook_endpoints.send_test(caller, here)
        messages.success(request, _("A test event goes out within seconds."))
    elif what == "replay":
        done = webhook_endpoints.replay(caller, here, request.POST.get("delivery") or None)
        messages.success(request, _("Messages that go out again: {n}.").format(n=done))
    else:
        raise BadInput(
            Finding(code="input.invalid", field="what", message=Text("请选择一项", "choose one"))
        )
    return redirect("desk:endpoint", endpoint_id=here)
