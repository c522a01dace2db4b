"""Transition (流转): an action is done: the process moves, clocks change, effects follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.effects import carry_out
from gongdao.core.cases.events import Acted, Closed
from gongdao.core.cases.model import Plain
from gongdao.core.cases.timers import enter
from gongdao.core.rulebook.model import Rulebook

_NOTHING: Mapping[str, Plain] = {}


def do(
    draft: Draft,
    step: Step,
    payload: Mapping[str, Plain] = _NOTHING,
    *,
    due_at: datetime | None = None,
) -> None:
    """Do a step on the drafted case: its move, its effects, and the steps these call for."""
    book = _move(draft, step, payload, due_at)
    for called_for in carry_out(draft, book, step, payload):
        do(draft, called_for)


def _move(
    draft: Draft, step: Step, payload: Mapping[str, Plain], due_at: datetime | None
) -> Rulebook:
    track = draft.case.tracks[step.track]
    action = step.action
    book = draft.playbook.books[track.rulebook]
    target = book.processes[track.process].states[action.to]
    stays = action.to == track.state
    draft.add(
        Acted(
            at=draft.now,
            by=step.by.role,
            actor=step.by.id,
            track=step.track,
            action=action.name,
            from_state=track.state,
            to_state=action.to,
            payload=payload,
            goods=action.goods,
            arbitration=target.arbitration,
            timers=() if stays else enter(draft, step.track, target, book),
            keeps_clocks=stays,
            due_at=due_at,
            cite=action.cite,
        )
    )
    return book


def close_if_done(draft: Draft) -> None:
    """Close the case when every process of it has come to an end."""
    case = draft.case
    if case.closed_at is not None:
        return
    outcome: str | None = None
    for name, track in case.tracks.items():
        state = draft.playbook.state(track.rulebook, track.process, track.state)
        if state.final is None:
            return
        if name == "after_sale":
            outcome = state.final
    draft.add(Closed(at=draft.now, outcome=outcome or "closed"))
