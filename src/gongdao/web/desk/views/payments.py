"""Payments page (款项): what is to be paid, what did not go as decided, and how it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongdao.app import report_outside_refund, resolve_payment, settle_reports
from gongdao.app.queries.payments import exceptions, payments
from gongdao.app.report_payment import RESULTS
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.words import MoneyState
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.app.report_payment import PaymentResult
    from gongdao.app.resolve_payment import Resolution
    from gongdao.store.payments import ExceptionRow

PAGE_ROWS = 30
STATES = (
    MoneyState.GRANTED,
    MoneyState.SENT,
    MoneyState.FAILED,
    MoneyState.CONFIRMED,
    MoneyState.VOID,
)


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """An exception and the ways out of it."""

    row: ExceptionRow
    kind: str
    resolutions: list[tuple[str, str]]
    resolved_as: str


@for_callers
@require_GET
def payment_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show exceptions, open ones first asked for, or payments in one state."""
    tab = request.GET.get("tab", "open")
    cursor = request.GET.get("cursor") or None
    context: dict[str, object] = {
        "tab": tab if tab in {"open", "resolved", *STATES} else "open",
        "states": STATES,
        "results": [(word, _result(word)) for word in RESULTS],
    }
    if context["tab"] in STATES:
        page = payments(caller, state=tab, cursor=cursor, limit=PAGE_ROWS)
        context |= {"payments": page.rows, "next_url": _next(tab, page.next_cursor)}
    else:
        is_open = context["tab"] == "open"
        found = exceptions(caller, is_open=is_open, cursor=cursor, limit=PAGE_ROWS)
        context |= {
            "exceptions": [_shown(row) for row in found.rows],
            "next_url": _next(str(context["tab"]), found.next_cursor),
        }
    return render(request, "desk/manage/payments.html", context)


def _next(tab: str, cursor: str | None) -> str:
    return f"?{urlencode({'tab': tab, 'cursor': cursor})}" if cursor else ""


def _shown(row: ExceptionRow) -> ExceptionShown:
    ways = resolution_words()
    return ExceptionShown(
        row,
        kind_words().get(row.kind, row.kind),
        [(word, ways[word]) for word in resolve_payment.RESOLUTIONS.get(row.kind, ())],
        ways.get(row.resolution, row.resolution),
    )


def kind_words() -> dict[str, str]:
    """Return what people read for each kind of exception."""
    return {
        "amount_differs": _("another amount was paid"),
        "retries_exhausted": _("it failed again and again"),
        "failed_after_confirmation": _("it failed after it was confirmed"),
        "paid_twice": _("it was paid twice"),
        "paid_after_withdrawal": _("it was paid after it was withdrawn"),
        "refunded_outside_too_much": _("more was refunded outside than was left"),
    }


def resolution_words() -> dict[str, str]:
    """Return what people read for each way to resolve an exception."""
    return {
        "confirm_settled": _("settled elsewhere: the payment counts as made"),
        "retry": _("instruct it again now"),
        "recovered": _("the money came back"),
        "written_off": _("the platform bears it"),
        "dismiss": _("reported in error"),
    }


def _result(word: str) -> str:
    return {"sent": _("sent"), "confirmed": _("confirmed"), "failed": _("failed")}[word]


@for_callers
@require_POST
def resolve_page(request: HttpRequest, caller: Caller, exception_id: str) -> HttpResponse:
    """Resolve an exception in one of its ways, with what shows it."""
    resolve_payment.resolve(
        caller,
        str(exception_id),
        cast("Resolution", request.POST.get("resolution", "")),
        request.POST.get("note", ""),
    )
    messages.success(request, _("Resolved."))
    return redirect("desk:payments")


@for_callers
@require_POST
def report_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Say by hand how a payment fares, as the payment system would."""
    given = request.POST
    told = settle_reports.Report(
        reference=given.get("reference", ""),
        result=cast("PaymentResult", given.get("result", "")),
        amount_fen=fen_from_yuan(given.get("amount", ""), field="amount_fen"),
        external_ref=given.get("external_ref", ""),
    )
    (done,) = settle_reports.settle(caller, [told])
    if done.finding is not None:
        messages.error(request, wording(done.finding.message))
    else:
        messages.success(request, _("Noted."))
    return redirect(f"{reverse('desk:payments')}?tab={given.get('tab', MoneyState.GRANTED)}")


@for_callers
@require_POST
def outside_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Note a refund that somebody made outside."""
    given = request.POST
    done = report_outside_refund.report_outside_refund(
        caller,
        given.get("shop_id", "").strip(),
        given.get("order_id", "").strip(),
        amount_fen=fen_from_yuan(given.get("amount", ""), field="amount_fen"),
        external_ref=given.get("external_ref", ""),
    )
    if done.too_much_fen:
        messages.error(request, _("More was refunded than was left: see the exceptions."))
    else:
        messages.success(request, _("Noted."))
    return redirect("desk:payments")
