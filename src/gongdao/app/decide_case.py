"""Deciding on a case held: its clocks first, then what is asked, then the record of both."""

from __future__ import annotations

from datetime import datetime

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.commands import Command
from gongdao.core.cases.decide import catch_up, decide
from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case
from gongdao.core.cases.waiting import waits_for
from gongdao.store.held import Decision, Held


def follow_clocks(case: Case, now: datetime) -> tuple[tuple[Event, ...], Case]:
    """Return what the clocks that ran out before `now` led to, and the case after it."""
    return catch_up(case, playbooks().running, now)


def decide_now(case: Case, command: Command, now: datetime) -> tuple[tuple[Event, ...], Case]:
    """Return the events that `command` leads to under the rules of `now`. Raises Refused."""
    return decide(case, command, playbooks().running(case, now), now)


def decision(held: Held, events: tuple[Event, ...], after: Case, now: datetime) -> Decision:
    """Return what is to be recorded."""
    return Decision(
        held=held,
        marketplace_id=held.marketplace_id,
        after=after,
        events=events,
        waits_for=waits_for(after, playbooks().running(after, now)),
    )
