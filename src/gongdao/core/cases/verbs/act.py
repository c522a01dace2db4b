"""Act (操作): somebody does what the process offers him."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Act
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.processes import Action, State


def act(draft: Draft, command: Act) -> None:
    """Draft an action: offered here, his to do, complete, and its condition fulfilled."""
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    track, action = _find(draft, command)
    if command.by.role not in action.by:
        raise refusals.not_yours(action, command.by.role)
    for name in action.needs:
        if not str(command.payload.get(name, "")).strip():
            raise refusals.missing_field(action, name)
    _check_amounts(command)
    if action.when is not None:
        book = draft.playbook.books[case.tracks[track].rulebook]
        truth = holds(book, action.when, draft.facts(book)[0])
        if truth.answer is not True:
            raise refusals.guard_failed(action, book, truth.unknown)
    do(draft, Step(track, action, command.by), command.payload)
    close_if_done(draft)


def _find(draft: Draft, command: Act) -> tuple[str, Action]:
    """Return the track and action meant: of a newer track first, and of one whose role fits."""
    states: list[State] = []
    found: list[tuple[str, Action]] = []
    for name, track in reversed(list(draft.case.tracks.items())):
        if command.track not in (None, name):
            continue
        state = draft.playbook.state(track.rulebook, track.process, track.state)
        states.append(state)
        action = state.actions.get(command.action)
        if action is not None:
            found.append((name, action))
    if not found:
        raise refusals.not_offered(command.action, states)
    return next((pair for pair in found if command.by.role in pair[1].by), found[0])


def _check_amounts(command: Act) -> None:
    for name, value in command.payload.items():
        if not name.endswith("_fen"):
            continue
        if isinstance(value, bool | str) or not 0 <= value <= LARGEST_FEN:
            raise BadInput(
                Finding(
                    code="case.bad_amount",
                    field=f"payload.{name}",
                    message=Text(
                        f"{name} 须为非负整数（分）", f"`{name}` is whole fen, not negative"
                    ),
                )
            )
