"""Case page (案件详情): where the case stands, what I may do, why, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.shortcuts import render
from django.utils.translation import gettext as _

from gongdao.app.permissions import PERMISSIONS, Verb
from gongdao.app.queries.case_page import CasePage, case_page
from gongdao.app.queries.dealings import dealings
from gongdao.core.cases.allowed import AllowedAction
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.returning import leads_back
from gongdao.core.kernel.words import MoneyState, Party, Role
from gongdao.core.remedies.offer import OFFER_STATE_LABELS, OfferState
from gongdao.core.rulebook.explain import title_of
from gongdao.library.shelf import Shelf
from gongdao.store.models import Shop
from gongdao.web.desk.actor_names import PLATFORM_ROLES, names_of
from gongdao.web.desk.axes import axes
from gongdao.web.desk.conversation_card import conversation_card
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.evidence_card import evidence_card
from gongdao.web.desk.fact_form import fact_form
from gongdao.web.desk.frame import queue_title
from gongdao.web.desk.invoice_card import case_invoices
from gongdao.web.desk.joined_card import joined_card
from gongdao.web.desk.language import wording
from gongdao.web.desk.negotiation_card import negotiation_card
from gongdao.web.desk.parcel_card import parcel_card
from gongdao.web.desk.payload import PayloadField, address_fields, fields_of, overrule_fields
from gongdao.web.desk.ruling_card import ruling_cards
from gongdao.web.desk.timeline import entries

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller
    from gongdao.core.cases.model import Case, Timer
    from gongdao.core.rulebook.model import Rulebook, Source


@dataclass(frozen=True, slots=True)
class ActionShown:
    """An action as its form shows it."""

    action: AllowedAction
    fields: list[PayloadField]
    overrule: list[PayloadField]
    lacking: str
    sources: list[Source]
    """The clauses it rests on."""
    prefix: str
    key: str
    """Idempotency key of this form: sent twice, done once."""
    only: bool


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A running deadline, and what follows if nobody acts."""

    timer: Timer
    then: str


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A claimed line with its title."""

    title: str
    quantity: int
    goods_fen: int
    seen_fen: int | None
    """What it costs at the lower price seen, in price protection."""


@for_callers
def show_case(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Show one case to the caller."""
    context = case_context(caller, str(case_id))
    case = context["case"]
    context["talk"] = conversation_card(
        caller, case.order, cursor=request.GET.get("talk", ""), case=case
    )
    return render(request, "desk/case/page.html", context)


def case_context(caller: Caller, case_id: str) -> dict[str, Any]:
    """Return what the page of a case shows. Raises NotAllowed, NotVisible."""
    page = case_page(caller, case_id)
    case = page.case
    events = [entry.event for entry in page.timeline]
    open_to = dealings(caller, page)
    shown = _actions(page)
    return {
        "case": case,
        "head": f"{wording(case.claim)} · {wording(case.reason)}",
        "now": page.now,
        "queue_title": queue_title(caller.role),
        "platform_title": Shelf().platform(case.order.platform).title,
        "axes": axes(case, page.playbook, events),
        "actions": [a for a in shown if not a.action.begins],
        "beginnings": [a for a in shown if a.action.begins],
        "negotiation": negotiation_card(caller, page, open_to),
        "evidence": evidence_card(caller, page, open_to),
        "parcels": parcel_card(caller, case, open_to),
        "joined": joined_card(caller, page),
        "open_to": open_to,
        "waits_for": _("/").join(wording(role) for role in page.waits_for),
        "clocks": _clocks(page),
        "timeline": entries(reversed(events), case, page.playbook),
        "rulings": ruling_cards(case, page.playbook, _cited(case)),
        "fact_form": (
            fact_form(case, page.playbook, page.outlook, page.now) if page.outlook else None
        ),
        "names": names_of(events) if caller.role in PLATFORM_ROLES else {},
        "shop_title": Shop.objects.values_list("title", flat=True).filter(id=case.shop_id).first(),
        "fact_key": str(uuid4()),
        "may_find": PERMISSIONS[Verb.RECORD_FINDING].covers(caller.post),
        "told_to": (Role.BUYER, Role.MERCHANT) if caller.role in PLATFORM_ROLES else (),
        "ledger": page.ledger,
        "ledger_sum_fen": sum(line.amount_fen for line in page.ledger),
        "buyer_net_fen": sum(
            g.net_fen(Party.BUYER) for g in case.grants if g.state is not MoneyState.VOID
        ),
        "claimed": _claimed(case),
        "invoice_tasks": case_invoices(caller, case.id),
        "books": _books(page),
    }


def _actions(page: CasePage) -> list[ActionShown]:
    return [
        ActionShown(
            action=action,
            fields=fields_of(action, _book(page, action)) + _way_back(page, action),
            overrule=overrule_fields() if action.rules and action.name in {"rule", "amend"} else [],
            lacking=_lacking(page, action),
            sources=_sources(page, action),
            prefix=f"{action.track}-{action.name}",
            key=str(uuid4()),
            only=len(page.allowed) == 1,
        )
        for action in page.allowed
    ]


def _way_back(page: CasePage, action: AllowedAction) -> list[PayloadField]:
    """Return the inputs for a return address, where the action has the buyer send goods back."""
    back = action.track == AFTER_SALE and leads_back(page.case, page.playbook, action.name)
    if not back or page.case.return_address is not None:
        return []
    return address_fields()


def _book(page: CasePage, action: AllowedAction) -> Rulebook:
    return page.playbook.books[action.rulebook]


def _sources(page: CasePage, action: AllowedAction) -> list[Source]:
    sources = _book(page, action).sources
    return [sources[clause] for clause in action.cite if clause in sources]


def _lacking(page: CasePage, action: AllowedAction) -> str:
    book = _book(page, action)
    return _(", ").join(wording(title_of(book, name)) for name in action.lacking)


def _clocks(page: CasePage) -> list[ClockShown]:
    shown: list[ClockShown] = []
    for timer in sorted(page.case.timers, key=lambda t: t.due_at):
        track = page.case.tracks.get(timer.track)
        if track is None:
            shown.append(ClockShown(timer, wording(OFFER_STATE_LABELS[OfferState.EXPIRED])))
            continue
        state = page.playbook.state(track.rulebook, track.process, track.state)
        action = state.actions.get(timer.action)
        shown.append(ClockShown(timer, wording(action.title) if action else timer.action))
    return shown


def _claimed(case: Case) -> list[ClaimedLine]:
    titles = {line.line_id: line.title for line in case.order.lines}
    return [
        ClaimedLine(titles.get(c.line_id, c.line_id), c.quantity, c.goods_fen, c.seen_fen)
        for c in case.claim_lines
    ]


def _cited(case: Case) -> dict[str, Rulebook]:
    shelf = Shelf()
    return {ruling.rulebook: shelf.exact(ruling.rulebook) for ruling in case.rulings}


def _books(page: CasePage) -> list[Rulebook]:
    refs = dict.fromkeys(track.rulebook for track in page.case.tracks.values())
    refs.update(dict.fromkeys(ruling.rulebook for ruling in page.case.rulings))
    return [page.playbook.books[ref] for ref in refs if ref in page.playbook.books]
