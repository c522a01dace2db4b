"""Words of invoice tasks (发票用语): their history as a timeline, and their fields."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gongdao.core.invoices.events import TaskEvent, TaskOpened
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Role, label
from gongdao.web.desk.language import wording
from gongdao.web.desk.timeline_entry import Entry

if TYPE_CHECKING:
    from gongdao.core.invoices.model import InvoiceTask
    from gongdao.core.rulebook.model import Rulebook


def happened(event: TaskEvent, task: InvoiceTask, book: Rulebook) -> Entry:
    """Say one event of a task."""
    if isinstance(event, TaskOpened):
        return Entry(
            at=event.at,
            kind="act",
            what=_("Task opened: {title}").format(title=wording(book.processes[task.kind].title)),
            who="" if event.by is Role.RULING else wording(label(event.by)),
            actor=event.actor,
            cite=event.task.cite,
        )
    states = book.processes[task.kind].states
    before, after = states[event.from_state].title, states[event.to_state].title
    action = states[event.from_state].actions.get(event.action)
    return Entry(
        at=event.at,
        kind="clock" if event.due_at is not None else "act" if event.outcome is None else "end",
        what=wording(action.title) if action is not None else event.action,
        who=wording(label(event.by)),
        actor=event.actor,
        moved=f"{wording(before)} → {wording(after)}",
        details=[(field_word(n), said(book, n, v), "line") for n, v in event.payload.items()],
        cite=event.cite,
    )


def field_word(name: str) -> str:
    """Return what people read for a field of a task."""
    return {
        "red_invoice_number": _("Number of the red invoice"),
        "confirmation_number": _("Number of the red confirmation"),
        "invoice_number": _("Number of the invoice"),
        "void_code": _("Code of the void confirmation"),
        "copies_recovered": _("All copies are back"),
        "tracking_number": _("Tracking number"),
        "note": _("Note"),
    }.get(name, name.replace("_", " "))


def said(book: Rulebook, name: str, value: object) -> str:
    """Say a value given with an act, in the book's words where it lists them."""
    listed = book.enums.get(name)
    if listed is not None and str(value) in listed.members:
        return wording(listed.members[str(value)])
    return _("yes") if value is True else str(value)


def instant_of(text: str, field: str) -> datetime:
    """Read a date and time as the page gives them, Beijing time. Raises BadInput."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=BEIJING)
    except ValueError:
        raise BadInput(
            Finding(
                code="input.invalid",
                field=field,
                message=Text("请填写日期和时间", "give a date and a time"),
            )
        ) from None
