"""Timeline (时间线): what happened in a case, said for people: who, what, when, by which clause.

A preview (试算) is said by the same words: its events simply have not been recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongdao.core.cases.events import (
    Acted,
    Closed,
    Event,
    EvidenceSubmitted,
    FactFound,
    MoneyGranted,
    Opened,
    PaymentMoved,
    Penalised,
    Ruled,
    TrackStarted,
)
from gongdao.core.cases.model import Case, Plain
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.cases.parcel_events import (
    ParcelLost,
    PickupMoved,
    PickupRequested,
    ReturnAddressGiven,
    ReturnInspected,
    ReturnReceived,
    ReturnSent,
)
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.words import Role
from gongdao.core.remedies.transfer import PURPOSE_LABELS, Transfer
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import State
from gongdao.web.desk.event_kind import event_kind
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import Input, shown_payload
from gongdao.web.desk.ruling_text import verdict
from gongdao.web.desk.timeline_dealings import dealt
from gongdao.web.desk.timeline_entry import Entry
from gongdao.web.desk.timeline_parcels import said_of_parcels
from gongdao.web.desk.timeline_platform import said_of_platform


def entries(events: Iterable[Event], case: Case, playbook: Playbook) -> list[Entry]:
    """Say every event of `case`, oldest first."""
    return [_entry(event, case, playbook) for event in events]


def _entry(event: Event, case: Case, playbook: Playbook) -> Entry:
    match event:
        case Opened():
            return _opened(event)
        case Acted():
            return _acted(event, case, playbook)
        case TrackStarted():
            book = playbook.books[event.track.rulebook]
            process = book.processes[event.track.process]
            what = _("{process} begins").format(process=wording(process.title))
            return Entry(at=event.at, kind="act", what=what, cite=process.cite)
        case MoneyGranted():
            return Entry(
                at=event.at,
                kind="money",
                what=_("Payment decided"),
                details=[_transfer(t) for t in event.grant.transfers],
                cite=event.grant.cite,
            )
        case PaymentMoved():
            return _moved(event)
        case EvidenceSubmitted():
            return _given(event)
        case FactFound():
            return _found(event, playbook)
        case Ruled():
            return _ruled(event)
        case Penalised():
            return Entry(
                at=event.at,
                kind="ruling",
                what=_("Breach recorded against the merchant"),
                details=[(_("Code"), event.penalty.code, "line")],
                cite=event.penalty.cite,
            )
        case Offered() | OfferAnswered() | Agreed():
            return dealt(event)
        case ReturnAddressGiven() | PickupRequested() | PickupMoved() | ReturnSent():
            return said_of_parcels(event)
        case ReturnReceived() | ReturnInspected() | ParcelLost():
            return said_of_parcels(event)
        case Closed():
            what = _("Case closed: {state}").format(state=final_title(case, playbook))
            return Entry(at=event.at, kind="end", what=what)
        case _:
            return said_of_platform(event) or _unsaid(event)


def _given(event: EvidenceSubmitted) -> Entry:
    return Entry(
        at=event.at,
        kind="evidence",
        what=_("Evidence given: {name}").format(name=event.item.name),
        who=wording(event.item.by),
        actor=event.actor,
    )


def _unsaid(event: Event) -> Entry:
    """Say an event that this version has no words for: a page shows it, whatever it is."""
    return Entry(at=event.at, kind="act", what=event_kind(event))


def _ruled(event: Ruled) -> Entry:
    ruling = event.ruling
    return Entry(
        at=event.at,
        kind="ruling",
        what=_("Ruling: {verdict}").format(verdict=verdict(ruling)),
        who=wording(ruling.by),
        actor=ruling.actor,
        cite=ruling.cite,
    )


def _moved(event: PaymentMoved) -> Entry:
    what = _("Payment {number}: {state}").format(number=event.number, state=wording(event.state))
    details: list[tuple[str, Plain, Input]] = [(_("Amount"), event.amount_fen, "money")]
    if event.external_ref:
        details.append((_("Reference"), event.external_ref, "line"))
    return Entry(at=event.at, kind="money", what=what, details=details)


def _opened(event: Opened) -> Entry:
    details: list[tuple[str, Plain, Input]] = [(_("Asked back"), event.requested_fen, "money")]
    if event.description:
        details.append((_("In the buyer's words"), event.description, "text"))
    return Entry(
        at=event.at,
        kind="act",
        what=_("After-sale opened: {claim}, {reason}").format(
            claim=wording(event.claim), reason=wording(event.reason)
        ),
        who=wording(event.by),
        actor=event.actor,
        details=details,
    )


def _acted(event: Acted, case: Case, playbook: Playbook) -> Entry:
    before = _state(case, playbook, event.track, event.from_state)
    after = _state(case, playbook, event.track, event.to_state)
    action = before.actions.get(event.action) if before else None
    moved = ""
    if before and after and before.name != after.name:
        moved = f"{wording(before.title)} → {wording(after.title)}"
    return Entry(
        at=event.at,
        kind="clock" if event.by is Role.CLOCK else "act",
        what=wording(action.title) if action else _("Opened again"),
        who=wording(event.by),
        actor="" if event.by in {Role.CLOCK, Role.RULING} else event.actor,
        moved=moved,
        details=shown_payload(event.payload, event.action, _book(case, playbook, event.track)),
        cite=event.cite,
    )


def _found(event: FactFound, playbook: Playbook) -> Entry:
    fact = event.fact
    declared = next(
        (b.facts[fact.name] for b in playbook.books.values() if fact.name in b.facts), None
    )
    title = wording(declared.title) if declared else fact.name
    value = said_value(fact.name, fact.value, playbook)
    return Entry(
        at=event.at,
        kind="finding",
        what=_("Finding: {fact} = {value}").format(fact=title, value=value),
        who=wording(fact.by),
        actor=fact.actor,
        details=[(_("Note"), fact.note, "text")] if fact.note else [],
    )


def said_value(name: str, value: Plain, playbook: Playbook) -> str:
    """Say the value of a found fact with the words of the book that declares it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    for book in playbook.books.values():
        declared = book.facts.get(name)
        if declared is not None and declared.type.enum in book.enums:
            words = book.enums[declared.type.enum or ""].members
            if str(value) in words:
                return wording(words[str(value)])
    return str(value)


def _state(case: Case, playbook: Playbook, track: str, name: str) -> State | None:
    running = case.tracks.get(track)
    if running is None:
        return None
    process = playbook.books[running.rulebook].processes[running.process]
    return process.states.get(name)


def _book(case: Case, playbook: Playbook, track: str) -> Rulebook | None:
    running = case.tracks.get(track)
    return playbook.books[running.rulebook] if running is not None else None


def final_title(case: Case, playbook: Playbook) -> str:
    """Return the title of the state in which the after-sale stands."""
    state = _state(case, playbook, "after_sale", case.stage())
    return wording(state.title) if state else case.stage()


def _transfer(transfer: Transfer) -> tuple[str, Plain, Input]:
    said = _("{purpose}: {giver} → {taker}").format(
        purpose=wording(PURPOSE_LABELS[transfer.purpose]),
        giver=wording(transfer.giver),
        taker=wording(transfer.taker),
    )
    return (said, transfer.amount_fen, "money")
