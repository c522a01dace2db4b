"""Effects (效果): what an action does beyond its move: money, penalties, other processes, rulings.

Each effect adds its events to the draft and returns the steps it calls for on other tracks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from gongdao.core.cases import aftermath, refusals
from gongdao.core.cases.commands import Actor
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.entitlement import (
    agreed_compensation,
    agreed_refund,
    plain_refund,
    ruled_compensation,
    ruled_refund,
)
from gongdao.core.cases.events import MoneyGranted, PaymentMoved, Penalised, TrackStarted
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Penalty, Plain, Track
from gongdao.core.cases.offer_states import agreement_in_force
from gongdao.core.cases.ruling import reopen, rule
from gongdao.core.cases.timers import begin, timers_of
from gongdao.core.kernel.money import round_half_up
from gongdao.core.kernel.words import MoneyState, Party, Role
from gongdao.core.remedies.settle import advance_payout, settlement
from gongdao.core.remedies.transfer import Channel, Grant, Transfer
from gongdao.core.rulebook.evaluate import value_of
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import Action, Effect, EffectKind

Payload = Mapping[str, Plain]
#: The step's own act in the name of a ruling or of a process that ended.
BY_RULING = Actor(role=Role.RULING, id="ruling")


@dataclass(frozen=True, slots=True)
class Doing:
    """An effect being carried out: of which action, under which book, with which payload."""

    draft: Draft
    book: Rulebook
    action: Action
    effect: Effect
    payload: Payload
    track: str


def carry_out(draft: Draft, book: Rulebook, step: Step, payload: Payload) -> Iterator[Step]:
    """Add what the effects of the step's action lead to, one by one, yielding further steps.

    Lazily: a step is done before the next effect is looked at, because a ruling after a reopened
    one must find the after-sale where the reopening put it.
    """
    action = step.action
    for effect in action.does:
        yield from _EFFECTS[effect.kind](Doing(draft, book, action, effect, payload, step.track))


def grant(
    draft: Draft, transfers: tuple[Transfer, ...], channel: str, cite: tuple[str, ...]
) -> None:
    """Record that these transfers are owed, as the case's next grant; none, nothing."""
    if not transfers:
        return
    number = len(draft.case.grants) + 1
    draft.add(
        MoneyGranted(
            at=draft.now,
            grant=Grant(
                number=number,
                transfers=transfers,
                channel=Channel(channel),
                state=MoneyState.GRANTED,
                cite=cite,
            ),
        )
    )


def _refund(doing: Doing) -> tuple[Step, ...]:
    case = doing.draft.case
    agreement = agreement_in_force(case)
    if agreement is not None and agreement.terms.refund_fen:
        transfers, cite = agreed_refund(case, agreement), agreement.cite
    elif case.ruling is not None:
        transfers = ruled_refund(case, case.ruling)
        cite = case.ruling.cite
    else:
        amount, cite = _amount(doing)
        transfers = plain_refund(case, amount)
    grant(doing.draft, transfers, doing.effect.through, cite)
    return ()


def _compensate(doing: Doing) -> tuple[Step, ...]:
    case = doing.draft.case
    agreement = agreement_in_force(case)
    if agreement is not None:
        transfers, cite = agreed_compensation(case, agreement), agreement.cite
    elif case.ruling is not None:
        transfers = ruled_compensation(case, case.ruling)
        cite = case.ruling.cite
    else:
        amount, cite = _amount(doing)
        transfers = settlement(goods_fen=0, compensation_fen=amount)
    grant(doing.draft, transfers, doing.effect.through, cite)
    return ()


def _amount(doing: Doing) -> tuple[int, tuple[str, ...]]:
    """Return the amount that the effect names, in fen, and its clauses; else the claim."""
    name, book = doing.effect.argument, doing.book
    if name is None:
        return doing.draft.case.requested_fen, doing.action.cite
    value = value_of(book, name, doing.draft.facts(book)[0])
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise refusals.amount_unknown(name)
    formula = book.formulas.get(name)
    cite = (*doing.action.cite, *(formula.cite if formula is not None else ()))
    return max(0, round_half_up(value)), tuple(dict.fromkeys(cite))


def _confirm_refund(doing: Doing) -> tuple[Step, ...]:
    """The merchant proved by voucher that he paid what he owed outside the platform."""
    for owed in _owed_by_merchant(doing.draft):
        doing.draft.add(
            PaymentMoved(
                at=doing.draft.now,
                number=owed.number,
                state=MoneyState.CONFIRMED,
                amount_fen=owed.net_fen(Party.BUYER),
                external_ref=str(doing.payload.get("voucher", "")) or None,
            )
        )
    return ()


def _advance(doing: Doing) -> tuple[Step, ...]:
    """The platform pays what the merchant did not, and the merchant's deposit repays it."""
    draft = doing.draft
    total = 0
    for owed in _owed_by_merchant(draft):
        total += owed.net_fen(Party.BUYER)
        draft.add(
            PaymentMoved(
                at=draft.now,
                number=owed.number,
                state=MoneyState.VOID,
                amount_fen=owed.net_fen(Party.BUYER),
                external_ref=None,
            )
        )
    grant(draft, advance_payout(total), Channel.PLATFORM, _last_cite(draft))
    return ()


def _owed_by_merchant(draft: Draft) -> tuple[Grant, ...]:
    done = (MoneyState.CONFIRMED, MoneyState.VOID)
    return tuple(
        g for g in draft.case.grants if g.channel is Channel.MERCHANT and g.state not in done
    )


def _last_cite(draft: Draft) -> tuple[str, ...]:
    return draft.case.grants[-1].cite if draft.case.grants else ()


def _penalise(doing: Doing) -> tuple[Step, ...]:
    draft = doing.draft
    code = doing.effect.argument or "breach"
    penalty = Penalty(code=code, cite=doing.action.cite, at=draft.now)
    draft.add(Penalised(at=draft.now, penalty=penalty))
    return ()


def _start(doing: Doing) -> tuple[Step, ...]:
    """Start another process of the playbook in the case; the clocks of the new one begin."""
    draft = doing.draft
    name = doing.effect.argument or "dispute"
    case = draft.case
    facts = draft.facts(draft.playbook.tracks[name][0])[0]
    book, process = draft.playbook.choose(name, case.claim, facts)
    state = process.states[process.start]
    draft.add(
        TrackStarted(
            at=draft.now,
            name=name,
            track=Track(
                rulebook=book.ref, process=process.name, state=state.name, entered_at=draft.now
            ),
            timers=begin(draft, timers_of(name, state, draft.now, facts), state),
            arbitration=state.arbitration,
        )
    )
    return ()


def _resume(doing: Doing) -> tuple[Step, ...]:
    """The dispute was withdrawn: the after-sale takes the way out it has for that."""
    draft = doing.draft
    track = draft.case.tracks[AFTER_SALE]
    state = draft.playbook.state(track.rulebook, track.process, track.state)
    action = state.actions.get("resume")
    return (Step(AFTER_SALE, action, BY_RULING),) if action is not None else ()


def _rule(doing: Doing) -> tuple[Step, ...]:
    """Rule on the facts found, and have the after-sale carry the ruling out."""
    draft = doing.draft
    ruling = rule(draft, doing.effect.argument or "ruling", doing.payload)
    for code in ruling.penalties:
        penalty = Penalty(code=code, cite=ruling.cite, at=draft.now, ruling=ruling.number)
        draft.add(Penalised(at=draft.now, penalty=penalty))
    track = draft.case.tracks[AFTER_SALE]
    state = draft.playbook.state(track.rulebook, track.process, track.state)
    for action in state.actions.values():
        if Role.RULING in action.by and ruling.remedy in action.remedies:
            return (Step(AFTER_SALE, action, BY_RULING),)
    raise refusals.ruling_not_executable(ruling.remedy, state)


def _reopen(doing: Doing) -> tuple[Step, ...]:
    """An appeal is granted: the money of the ruling is undone and the after-sale waits again."""
    draft = doing.draft
    for owed in reopen(draft):
        grant(draft, owed, Channel.PLATFORM, _last_cite(draft))
    track = draft.case.tracks[AFTER_SALE]
    process = draft.playbook.process(track.rulebook, track.process)
    waiting = next((s for s in process.states.values() if s.suspended), None)
    if waiting is None or waiting.name == track.state:
        return ()
    back = replace(
        next(iter(waiting.actions.values())),
        name="reopen",
        to=waiting.name,
        does=(),
        goods=None,
        cite=(),
    )
    return (Step(AFTER_SALE, back, BY_RULING),)


def _pause(doing: Doing) -> tuple[Step, ...]:
    aftermath.pause(doing.draft, doing.track, doing.action.title)
    return ()


def _release(doing: Doing) -> tuple[Step, ...]:
    aftermath.release(doing.draft, doing.track)
    return ()


def _correct(doing: Doing) -> tuple[Step, ...]:
    owed = aftermath.correct(doing.draft, doing.action, doing.payload)
    grant(doing.draft, owed, Channel.PLATFORM, doing.action.cite)
    return ()


def _lift(doing: Doing) -> tuple[Step, ...]:
    parts = aftermath.parts_of(doing.effect.argument, doing.payload)
    aftermath.lift(doing.draft, doing.track, parts, str(doing.payload.get("note", "")))
    return ()


def _restore(doing: Doing) -> tuple[Step, ...]:
    aftermath.restore(doing.draft, doing.track)
    return ()


def _mark(doing: Doing) -> tuple[Step, ...]:
    about = doing.effect.argument or "buyer"
    aftermath.mark(doing.draft, doing.track, doing.action, about, doing.payload)
    return ()


def _unmark(doing: Doing) -> tuple[Step, ...]:
    aftermath.unmark(doing.draft, doing.track)
    return ()


_EFFECTS: dict[EffectKind, Callable[[Doing], tuple[Step, ...]]] = {
    EffectKind.REFUND: _refund,
    EffectKind.COMPENSATE: _compensate,
    EffectKind.CONFIRM_REFUND: _confirm_refund,
    EffectKind.ADVANCE_PAYOUT: _advance,
    EffectKind.PENALISE: _penalise,
    EffectKind.START: _start,
    EffectKind.RESUME: _resume,
    EffectKind.RULE: _rule,
    EffectKind.REOPEN: _reopen,
    EffectKind.PAUSE: _pause,
    EffectKind.RELEASE: _release,
    EffectKind.CORRECT: _correct,
    EffectKind.LIFT: _lift,
    EffectKind.RESTORE: _restore,
    EffectKind.MARK: _mark,
    EffectKind.UNMARK: _unmark,
}
