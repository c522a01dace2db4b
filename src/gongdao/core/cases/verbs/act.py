"""Act (操作): somebody does what the process offers him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Act
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.cases.events import Reopened, TrackStarted
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.independence import PLATFORM, barred
from gongdao.core.cases.model import Plain, Track
from gongdao.core.cases.returning import leads_back, without_address
from gongdao.core.cases.second_review import ACTIONS, propose_instead, review
from gongdao.core.cases.side import Offer, offers
from gongdao.core.cases.transition import close_if_done, do
from gongdao.core.cases.verbs.return_address import agreed_to_return
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.model import Enumeration, Rulebook
from gongdao.core.rulebook.processes import Action, State


def act(draft: Draft, command: Act) -> None:
    """Draft an action: offered here, his to do, complete, and its condition fulfilled."""
    if command.action in ACTIONS:
        review(draft, command)
        close_if_done(draft)
        return
    meant = _find(draft, command)
    action, book = meant.action, meant.book
    if command.by.role not in action.by:
        raise refusals.not_yours(action, command.by.role)
    _check_independence(draft, command, meant)
    for name in action.needs:
        if not str(command.payload.get(name, "")).strip():
            raise refusals.missing_field(action, name)
    payload = _in_words(action, book, command.payload)
    _check_amounts(command)
    if action.when is not None:
        truth = holds(book, action.when, draft.facts(book)[0])
        if truth.answer is not True:
            raise refusals.guard_failed(action, book, truth.unknown)
    if meant.begins is not None:
        _begin(draft, meant.begins, command)
    step = Step(meant.track, action, command.by)
    back = meant.track == AFTER_SALE and leads_back(draft.case, draft.playbook, action.name)
    if not propose_instead(draft, step, payload):
        do(draft, step, without_address(payload) if back else payload)
        if back:
            agreed_to_return(draft, command)
    close_if_done(draft)


#: What people write themselves, even where a rulebook lists reasons of another kind.
_IN_OWN_WORDS = ("reason", "note")


@dataclass(frozen=True, slots=True)
class _Meant:
    """The action meant: on which track, in which state, by which book."""

    track: str
    state: State
    action: Action
    book: Rulebook
    begins: Offer | None = None
    """The side process that the action begins."""


def _find(draft: Draft, command: Act) -> _Meant:
    """Return the action meant: of a newer track first, and of one whose role fits.

    Side processes that may be begun come last; when the case has ended, they alone are open.
    """
    case, playbook = draft.case, draft.playbook
    states: list[State] = []
    found: list[_Meant] = []
    for name, track in reversed(list(case.tracks.items())):
        state = playbook.state(track.rulebook, track.process, track.state)
        if command.track in (None, name) and case.closed_at is None:
            states.append(state)
            action = state.actions.get(command.action)
            if action is not None:
                found.append(_Meant(name, state, action, playbook.books[track.rulebook]))
    for offer in offers(case, playbook):
        action = offer.state.actions.get(command.action)
        if action is not None and command.track in (None, offer.track):
            found.append(_Meant(offer.track, offer.state, action, offer.book, offer))
    if not found:
        raise refusals.closed() if case.closed_at else refusals.not_offered(command.action, states)
    return next((m for m in found if command.by.role in m.action.by), found[0])


def _check_independence(draft: Draft, command: Act, meant: _Meant) -> None:
    if command.by.role not in PLATFORM:
        return
    if command.by.id in barred(draft.case, meant.track, meant.state):
        raise refusals.not_independent(meant.state)
    decides = command.by.role is not Role.OPERATOR and meant.track == "dispute"
    suspended = next((p for p in draft.case.pauses if p.cause == "suspension"), None)
    if decides and suspended is not None:
        raise refusals.stands_still(suspended.reason)


def listed_words(action: str, name: str, book: Rulebook) -> Mapping[str, Text]:
    """Return the words that the book lists for what an action needs; none: in one's own words."""
    listed = _listed(action, name, book)
    return listed.members if listed is not None else {}


def _listed(action: str, name: str, book: Rulebook) -> Enumeration | None:
    if name in _IN_OWN_WORDS:
        return None
    # `appeal_ground` lists the words of `appeal` alone, where `ground` means something else.
    return book.enums.get(f"{action}_{name}", book.enums.get(name))


def _in_words(action: Action, book: Rulebook, payload: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """Return the payload with every need that the book lists the words of in those words."""
    given = dict(payload)
    for name in action.needs:
        listed = _listed(action.name, name, book)
        if listed is None:
            continue
        word = str(given[name]).strip()
        word = listed.synonyms.get(word, word)
        if word not in listed.members:
            raise refusals.not_a_word(action, name, listed.members)
        given[name] = word
    return given


def _begin(draft: Draft, offer: Offer, command: Act) -> None:
    """Begin a side process; a case that had ended is opened again for it."""
    case = draft.case
    if case.closed_at is not None:
        left = refundable_left_fen(case)
        mine = case.refundable_fen - left
        others = left if command.order_left_fen is None else command.order_left_fen
        draft.add(
            Reopened(
                at=draft.now,
                by=command.by.role,
                actor=command.by.id,
                refundable_fen=mine + max(0, min(left, others)),
            )
        )
    draft.add(
        TrackStarted(
            at=draft.now,
            name=offer.track,
            track=Track(
                rulebook=offer.book.ref,
                process=offer.process.name,
                state=offer.process.start,
                entered_at=draft.now,
            ),
            timers=(),
            arbitration=None,
        )
    )


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
