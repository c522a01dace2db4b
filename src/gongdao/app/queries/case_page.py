"""The case page (案件详情): everything a page or a program needs to show one case to one caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.carry_out import visible_case
from gongdao.app.decide_case import follow_clocks
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.playbooks import playbooks
from gongdao.app.privacy import shown
from gongdao.app.queries.joined import with_words
from gongdao.core.cases.allowed import AllowedAction, allowed_actions
from gongdao.core.cases.checklist import Checklist, checklist
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case
from gongdao.core.cases.playbook import Playbook
from gongdao.core.cases.ruling import propose
from gongdao.core.cases.waiting import waits_for
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.model import Rulebook, Source
from gongdao.store.case_page import (
    LedgerLine,
    PaymentRow,
    read_ledger,
    read_payments,
    read_timeline,
)
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """An event and when it was written; None: its clock ran out, and it is about to be."""

    seq: int
    event: Event
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the rulebook would rule on the facts found so far."""

    book: Rulebook
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case as one caller sees it now."""

    case: Case
    """After every clock that has run out, written or about to be."""
    marketplace_id: str
    now: datetime
    playbook: Playbook
    waits_for: tuple[Role, ...]
    allowed: tuple[AllowedAction, ...]
    timeline: tuple[TimelineEntry, ...]
    ledger: tuple[LedgerLine, ...]
    payments: tuple[PaymentRow, ...]
    outlook: Outlook | None
    """Present while a dispute is open, for those who rule."""
    checklist: Checklist
    """The evidence wanted and given: what is missing, and whose it is to give."""
    clauses: Mapping[str, Source]
    """Every clause that the case cites, by id."""

    def facts_wanted(self) -> tuple[str, ...]:
        """Return the facts that would settle the ruling, cheapest first."""
        return self.outlook.answer.needed if self.outlook is not None else ()


def case_page(caller: Caller, case_id: str, *, now: datetime | None = None) -> CasePage:
    """Return the case for the caller. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_CASES)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        at = now or marketplace_now(on, held.marketplace_id)
        written = read_timeline(on, held.case.shop_id, case_id)
        ledger = read_ledger(on, held.case.shop_id, held.case.order.order_id, case_id)
        payments = read_payments(on, held.case.shop_id, case_id)
        seen, events = shown(
            on, caller, held.case.order, (held.case, tuple(e for _, e, _ in written))
        )
        seen = with_words(on, caller, seen)
    coming, case = follow_clocks(seen, at)
    playbook = playbooks().running(case, at)
    timeline = [
        TimelineEntry(seq=s, event=e, recorded_at=r)
        for (s, _, r), e in zip(written, events, strict=True)
        if s <= held.case.version
    ]
    timeline += [
        TimelineEntry(seq=held.case.version + n, event=e, recorded_at=None)
        for n, e in enumerate(coming, start=1)
    ]
    return CasePage(
        case=case,
        marketplace_id=held.marketplace_id,
        now=at,
        playbook=playbook,
        waits_for=waits_for(case, playbook),
        allowed=allowed_actions(case, caller.role, playbook, at, caller.user_id),
        timeline=tuple(timeline),
        ledger=ledger,
        payments=payments,
        outlook=_outlook(caller, case, playbook, at),
        checklist=checklist(case, playbook, at),
        clauses=clauses_of(case, tuple(e.event for e in timeline), playbook),
    )


def _outlook(caller: Caller, case: Case, playbook: Playbook, now: datetime) -> Outlook | None:
    rules_here = caller.role in {Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR}
    if case.closed_at is not None or "dispute" not in case.tracks or not rules_here:
        return None
    if not playbook.asked("ruling", case.claim):
        return None
    book, answer = propose(Draft(case, playbook, now, caller.actor), "ruling")
    return Outlook(book=book, answer=answer)


def clauses_of(case: Case, events: tuple[Event, ...], playbook: Playbook) -> dict[str, Source]:
    """Return the clauses cited by the case's clocks, events, grants and rulings."""
    cited: dict[str, None] = {}
    for owner in (*case.timers, *case.grants, *case.rulings, *case.penalties, *events):
        cited.update(dict.fromkeys(getattr(owner, "cite", ())))
    for event in events:
        for timer in getattr(event, "timers", None) or ():
            cited.update(dict.fromkeys(timer.cite))
    sources: dict[str, Source] = {}
    for book in playbook.books.values():
        sources.update(book.sources)
    return {clause: sources[clause] for clause in cited if clause in sources}
