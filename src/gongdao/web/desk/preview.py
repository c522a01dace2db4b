"""Preview (试算): what an action would lead to, before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.events import (
    Acted,
    Closed,
    Marked,
    MoneyGranted,
    Opened,
    PartLifted,
    Penalised,
    Ruled,
    RulingProposed,
    TrackStarted,
)
from gongdao.core.cases.offer_events import Agreed, OfferAnswered, Offered
from gongdao.core.kernel.words import Party
from gongdao.web.desk.timeline import entries
from gongdao.web.desk.timeline_entry import Entry

if TYPE_CHECKING:
    from gongdao.app.outcome import Outcome
    from gongdao.core.cases.model import Timer

#: Events that tell what would follow; the others only repeat what the form says.
_TOLD = (
    Acted,
    Agreed,
    Closed,
    Marked,
    MoneyGranted,
    OfferAnswered,
    Offered,
    Opened,
    PartLifted,
    Penalised,
    Ruled,
    RulingProposed,
    TrackStarted,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would follow: events said as the timeline says them, clocks, and the buyer's money."""

    entries: list[Entry]
    timers: list[Timer]
    buyer_fen: int
    closes: bool


def preview_of(outcome: Outcome) -> Preview:
    """Return what the outcome of a previewed command says."""
    case = outcome.case
    told = [event for event in outcome.events if isinstance(event, _TOLD)]
    granted = [e.grant for e in outcome.events if isinstance(e, MoneyGranted)]
    return Preview(
        entries=entries(told, case, playbooks().running(case, outcome.at)),
        timers=sorted(case.timers, key=lambda t: t.due_at),
        buyer_fen=sum(g.net_fen(Party.BUYER) for g in granted),
        closes=case.closed_at is not None,
    )
