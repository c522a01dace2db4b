"""Invoice pages (发票): what waits to be done with invoices, one task, and telling an invoice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongdao.app.invoices.act import act_on_task
from gongdao.app.invoices.ask import reverse_wrong_invoice
from gongdao.app.invoices.tell import Told, tell_invoice
from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.invoices import invoice_task, invoice_tasks
from gongdao.core.invoices.model import KIND_LABELS, MEDIUM_LABELS, Medium
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role, label
from gongdao.core.rulebook.facts import enums_of
from gongdao.store.invoices import TasksWanted
from gongdao.web.desk.countdown import countdown
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.invoice_words import field_word, happened, instant_of, said
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import field, read_payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.app.queries.invoices import OpenAction, TaskShown
    from gongdao.core.invoices.model import InvoiceTask
    from gongdao.core.rulebook.model import Rulebook
    from gongdao.web.desk.countdown import Countdown
    from gongdao.web.desk.payload import PayloadField

PAGE_ROWS = 30
#: The field that is ticked, not written.
COPIES = "copies_recovered"
#: Ends in which the thing was done.
_TAKEN = ("red_issued", "copies_voided", "endorsed", "given_back", "reissued")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as a list shows it."""

    task: InvoiceTask
    kind: str
    title: str
    mine: bool
    done: bool
    due: Countdown | None
    reason: str


@dataclass(frozen=True, slots=True)
class ActionForm:
    """What may be done with a task, as a form."""

    name: str
    title: str
    open: bool
    fields: list[PayloadField]
    sources: list[tuple[str, str]]
    key: str
    copies: bool
    """Whether it is to be ticked that all copies are back."""


@for_callers
@require_GET
def task_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Show the caller's tasks: those that wait for him, all that are open, or those done."""
    tabs = _tabs(caller)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else next(iter(tabs))
    cursor = request.GET.get("cursor") or None
    page = invoice_tasks(caller, tabs[tab][1], cursor=cursor, limit=PAGE_ROWS)
    following = urlencode({"tab": tab, "cursor": page.next_cursor}) if page.next_cursor else ""
    context = {
        "rows": [task_row(row, caller.role) for row in page.rows],
        "tabs": [(name, title) for name, (title, _wanted) in tabs.items()],
        "tab": tab,
        "next_url": f"?{following}" if following else "",
    }
    return render(request, "desk/invoices/list.html", context)


def _tabs(caller: Caller) -> dict[str, tuple[str, TasksWanted]]:
    every = frozenset[str]()
    tabs = {
        "open": (_("Open"), TasksWanted(marketplace_ids=every, open=True)),
        "closed": (_("Closed"), TasksWanted(marketplace_ids=every, open=False)),
    }
    if caller.role not in {Role.BUYER, Role.MERCHANT}:
        return tabs
    mine = TasksWanted(marketplace_ids=every, open=True, waits_for=caller.role.value)
    return {"mine": (_("Waiting for me"), mine), **tabs}


def task_row(shown: TaskShown, role: Role) -> TaskRow:
    """Return a task as a list shows it to somebody in `role`."""
    task = shown.task
    first = min(task.timers, key=lambda t: t.due_at, default=None)
    return TaskRow(
        task=task,
        kind=wording(KIND_LABELS[task.kind]),
        title=wording(shown.title),
        mine=role in shown.waits_for,
        done=task.outcome in _TAKEN,
        due=None if first is None else countdown(first.due_at, shown.now),
        reason="" if first is None else wording(first.reason),
    )


@for_callers
@require_GET
def task_page(request: HttpRequest, caller: Caller, task_id: str) -> HttpResponse:
    """Show one task: where it stands, what may be done, until when, and its history."""
    shown, events = invoice_task(caller, str(task_id))
    task, book = shown.task, shown.book
    sources = [book.sources[c] for c in task.cite if c in book.sources]
    reasons = enums_of(book)["red_reason"].members
    may = PERMISSIONS[Verb.HANDLE_INVOICE].covers(caller.post)
    context = {
        "row": task_row(shown, caller.role),
        "task": task,
        "now": shown.now,
        "code": shown.code,
        "medium": wording(MEDIUM_LABELS[task.medium]),
        "red_reason": wording(reasons[task.red_reason]) if task.red_reason else "",
        "sources": sources,
        "waits_for": _("/").join(wording(label(role)) for role in shown.waits_for),
        "actions": [_form(a, book) for a in shown.actions] if may else [],
        "given": [(field_word(name), said(book, name, v)) for name, v in task.given.items()],
        "events": [happened(e.event, task, book) for e in reversed(events)],
        "book": book,
    }
    return render(request, "desk/invoices/page.html", context)


def _form(offered: OpenAction, book: Rulebook) -> ActionForm:
    action = offered.action
    listed = {n: book.enums[n].members if n in book.enums else {} for n in action.needs}
    return ActionForm(
        name=action.name,
        title=wording(action.title),
        open=offered.open,
        fields=[
            replace(field(n, listed=listed[n]), label=field_word(n))
            for n in action.needs
            if n != COPIES
        ],
        copies=COPIES in action.needs,
        sources=[(c, wording(book.sources[c].text)) for c in action.cite if c in book.sources],
        key=str(uuid4()),
    )


@for_callers
@require_POST
def task_act(request: HttpRequest, caller: Caller, task_id: str) -> HttpResponse:
    """Do what the form asks for."""
    given = request.POST.dict()
    names = [n for n in given if n not in {"csrfmiddlewaretoken", "action", "key", "version"}]
    payload = read_payload(given, names)
    if payload.pop(COPIES, "") == "yes":
        payload[COPIES] = True
    version = given.get("version", "")
    act_on_task(
        caller,
        str(task_id),
        given.get("action", ""),
        payload,
        key=given.get("key", ""),
        expected_version=int(version) if version.isdecimal() else None,
    )
    messages.success(request, _("Done."))
    return redirect("desk:invoice_task", task_id)


@for_callers
@require_POST
def tell(request: HttpRequest, caller: Caller, shop_id: str, order_id: str) -> HttpResponse:
    """Note an invoice that was issued for the order."""
    given = request.POST.dict()
    tell_invoice(
        caller,
        Told(
            shop_id=shop_id,
            order_id=order_id,
            number=given.get("number", ""),
            medium=_medium(given),
            amount_fen=fen_from_yuan(given.get("amount", ""), field="amount_fen"),
            issued_at=instant_of(given.get("issued_at", ""), "issued_at"),
        ),
    )
    messages.success(request, _("The invoice is on record."))
    return redirect("desk:order", shop_id, order_id)


@for_callers
@require_POST
def wrong(request: HttpRequest, caller: Caller, shop_id: str) -> HttpResponse:
    """Open the reversal of an invoice that was issued wrongly."""
    given = request.POST
    task = reverse_wrong_invoice(caller, shop_id, given.get("number", ""), key=given.get("key", ""))
    return redirect("desk:invoice_task", task.id)


def _medium(given: Mapping[str, str]) -> Medium:
    try:
        return Medium(given.get("medium", ""))
    except ValueError:
        raise BadInput(
            Finding(code="input.invalid", field="medium", message=Text("请选择一项", "choose one"))
        ) from None
