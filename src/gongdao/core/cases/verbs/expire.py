"""Expire (到期): nobody acted in time; the rule says what happens then."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Actor, Expire
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.offer_states import OFFER
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.cases.verbs.offer import expire_offer
from gongdao.core.kernel.words import Role

CLOCK = Actor(role=Role.CLOCK, id="clock")


def expire(draft: Draft, command: Expire) -> None:
    """Draft the automatic act of a deadline that has passed."""
    case = draft.case
    running = any(
        t.track == command.track
        and t.name == command.name
        and t.due_at == command.due_at
        and t.paused_left_seconds is None
        for t in case.timers
    )
    if not running:
        raise refusals.not_due(command.name)
    if command.track == OFFER:
        expire_offer(draft, CLOCK)
        return
    timer = next(t for t in case.timers if t.track == command.track and t.name == command.name)
    track = case.tracks[command.track]
    state = draft.playbook.state(track.rulebook, track.process, track.state)
    step = Step(command.track, state.actions[timer.action], CLOCK)
    do(draft, step, due_at=command.due_at)
    close_if_done(draft)
