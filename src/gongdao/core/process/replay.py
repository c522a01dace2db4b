"""Replaying a process (推演): dated acts in, and what the process and its clocks made of them out.

The replay supposes that clocks act on time: a state entered by a clock is entered at the deadline.
What the case itself adds (other processes, payments, rulings) is not played; effects are reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.process.clocks import due, reason
from gongdao.core.process.refusals import refusal
from gongdao.core.rulebook.evaluate import value_of
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Action, Clock, Effect, EffectKind, Process, State

#: More automatic acts than this between two instants is a loop that only clocks keep going.
MOST_FIRINGS = 1000
_WITH_MONEY = (EffectKind.REFUND, EffectKind.COMPENSATE, EffectKind.ADVANCE_PAYOUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedAct:
    """Somebody did something at an instant."""

    at: datetime
    by: Role
    do: str
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    """What was given with the act: `reason`, `tracking_number`, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A state the process was in."""

    state: str
    entered_at: datetime
    by: str
    """The action that led here; empty for the first state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A deadline that ran out."""

    do: str
    state: str
    clock: str
    at: datetime
    """The deadline itself; the act follows it."""
    reason: Text
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAct:
    """An act that was not open to this person then."""

    act: TimedAct
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneEffect:
    """An effect that an act had."""

    kind: EffectKind
    argument: str | None
    through: str
    amount: Value | None
    """Fen, when the book can compute it from the facts."""
    at: datetime


@dataclass(slots=True, kw_only=True)
class Replay:
    """What became of the process."""

    process: str
    state: str
    visits: list[Visit] = field(default_factory=list[Visit])
    fired: list[Firing] = field(default_factory=list[Firing])
    done: list[TimedAct] = field(default_factory=list[TimedAct])
    refused: list[RefusedAct] = field(default_factory=list[RefusedAct])
    effects: list[DoneEffect] = field(default_factory=list[DoneEffect])
    upcoming: list[Firing] = field(default_factory=list[Firing])
    """Deadlines that run now, the nearest first."""
    waits_for: tuple[Role, ...] = ()
    final: str | None = None

    @property
    def next(self) -> Firing | None:
        """The nearest deadline, if one runs."""
        return self.upcoming[0] if self.upcoming else None


def replay(
    book: Rulebook,
    process: str,
    begin: datetime,
    acts: Sequence[TimedAct],
    facts: Mapping[str, Value],
    now: datetime,
) -> Replay:
    """Run `process` of `book` from `begin` over `acts` up to `now`.

    An act stamped at or before a deadline is in time; the clock acts strictly after it, in order
    of deadlines. Acts of the same instant keep their order. Acts after `now` are left out.
    Raises BadInput for an unknown process, or when only clocks keep it going without end.
    """
    found = book.processes.get(process)
    if found is None:
        raise _no_such(process, book)
    player = _Player(book, found, facts, begin)
    for act in sorted(acts, key=lambda a: a.at):
        if act.at > now:
            break
        player.run_clocks(act.at)
        player.act(act)
    player.run_clocks(now)
    return player.result()


class _Player:
    def __init__(
        self, book: Rulebook, process: Process, facts: Mapping[str, Value], begin: datetime
    ) -> None:
        self._book = book
        self._process = process
        self._facts = dict(facts)
        self._begin = begin
        self._running: list[Firing] = []
        self._replay = Replay(process=process.name, state=process.start)
        self._enter(process.start, begin, "")

    @property
    def _state(self) -> State:
        return self._process.states[self._replay.state]

    def _enter(self, name: str, at: datetime, by: str) -> None:
        self._replay.state = name
        self._replay.visits.append(Visit(state=name, entered_at=at, by=by))
        firings = [self._firing(name, c, at) for c in self._process.states[name].clocks]
        self._running = sorted((f for f in firings if f is not None), key=lambda f: f.at)

    def _firing(self, state: str, clock: Clock, at: datetime) -> Firing | None:
        due_at = due(clock, at, self._facts)
        if due_at is None:
            return None
        return Firing(
            do=clock.then,
            state=state,
            clock=clock.name,
            at=due_at,
            reason=reason(clock, at, self._facts),
            cite=clock.cite,
        )

    def run_clocks(self, until: datetime) -> None:
        """Fire every deadline before `until`, in order, with those that start on the way."""
        count = 0
        while self._running and self._running[0].at < until:
            count += 1
            if count > MOST_FIRINGS:
                raise _endless(self._process)
            firing = self._running.pop(0)
            self._replay.fired.append(firing)
            # A deadline that lay in the past when its state was entered fires at once, not earlier.
            at = max(firing.at, self._replay.visits[-1].entered_at)
            self._do(self._state.actions[firing.do], at)

    def act(self, act: TimedAct) -> None:
        """Do an act, or keep why it was refused."""
        finding = refusal(self._book, self._state, act.by, act.do, act.given, self._facts)
        if act.at < self._begin:
            finding = _too_early(act)
        if finding is not None:
            self._replay.refused.append(RefusedAct(act=act, finding=finding))
            return
        self._replay.done.append(act)
        self._do(self._state.actions[act.do], act.at)

    def _do(self, action: Action, at: datetime) -> None:
        for effect in action.does:
            self._replay.effects.append(self._effect(effect, at))
        # An act that stays in the state leaves its clocks running.
        if action.to != self._replay.state:
            self._enter(action.to, at, action.name)

    def _effect(self, effect: Effect, at: datetime) -> DoneEffect:
        amount = None
        if effect.argument is not None and effect.kind in _WITH_MONEY:
            amount = value_of(self._book, effect.argument, self._facts)
        return DoneEffect(
            kind=effect.kind,
            argument=effect.argument,
            through=effect.through,
            amount=amount,
            at=at,
        )

    def result(self) -> Replay:
        """Return what became of the process."""
        self._replay.upcoming = list(self._running)
        self._replay.waits_for = self._state.waits_for
        self._replay.final = self._state.final
        return self._replay


def _no_such(process: str, book: Rulebook) -> BadInput:
    names = ", ".join(book.processes)
    return BadInput(
        Finding(
            code="rules.no_such_process",
            field="process",
            message=Text(
                f"{book.ref} 中没有流程“{process}”", f"{book.ref} has no process `{process}`"
            ),
            cure=Text(f"可用：{names}", f"processes: {names}"),
        )
    )


def _endless(process: Process) -> BadInput:
    return BadInput(
        Finding(
            code="process.endless",
            field="process",
            message=Text(
                f"流程“{process.name}”仅靠时限就无休止地运转",
                f"only clocks keep the process `{process.name}` going, without end",
            ),
            cure=Text("请让某个时限通向终态", "let one of the deadlines lead to an end"),
        )
    )


def _too_early(act: TimedAct) -> Finding:
    return Finding(
        code="process.before_start",
        field=act.do,
        message=Text("操作早于流程开始", "the act is earlier than the process"),
        cure=Text("请检查时间", "check the instants"),
    )
