"""Checking processes (流程检查): a way out of every state, a clock for every waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gongdao.core.kernel.findings import Finding, Severity
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.check import Place, nowhere
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse_process import SIDE_TRACKS
from gongdao.core.rulebook.processes import Process, State

_Found = tuple[Severity, str, str, Text, Text | None]
_AUTOMATIC = (Role.CLOCK, Role.RULING)


def check_processes(book: Rulebook, place: Place = nowhere) -> tuple[Finding, ...]:
    """Return what is wrong with the shape of the processes of a rulebook that parsed."""
    return tuple(
        Finding(
            code=code,
            field=field,
            message=message,
            cure=cure,
            severity=severity,
            where=place(field),
        )
        for process in book.processes.values()
        for severity, code, field, message, cure in _check(process)
    )


def _check(process: Process) -> Iterator[_Found]:
    reached = _reach({process.start}, _moves(process))
    ends = {s.name for s in process.states.values() if s.final is not None}
    back: dict[str, set[str]] = {}
    for name, targets in _moves(process).items():
        for target in targets:
            back.setdefault(target, set()).add(name)
    escaping = _reach(ends, back)
    clockwork = {
        s.name: {s.actions[c.then].to for c in s.clocks}
        for s in process.states.values()
        if s.clocks
    }
    calendar = _is_calendar(process)
    for state in process.states.values():
        field = f"processes.{process.name}.states.{state.name}"
        if state.name not in reached:
            yield _unreachable(field, state)
        yield from _exits(field, state)
        if process.serves.track not in SIDE_TRACKS or state.name != process.start:
            yield from _clocks(field, state)
        if state.final is None and state.actions and state.name not in escaping:
            yield _dead_end(field, state)
        if state.name in clockwork and not _stops(state.name, clockwork) and not calendar:
            yield _livelock(field, state)


def _moves(process: Process) -> dict[str, set[str]]:
    return {s.name: {a.to for a in s.actions.values()} for s in process.states.values()}


def _reach(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def _is_calendar(process: Process) -> bool:
    """Tell whether clocks may go round for ever: no case waits for it, and each clock takes time.

    A daily evaluation is no livelock.
    """
    clocks = [c for s in process.states.values() for c in s.clocks]
    return process.serves.track == "governance" and all(
        c.starts == "next_midnight" or (c.after is not None and c.after != Span()) for c in clocks
    )


def _stops(name: str, clockwork: Mapping[str, set[str]]) -> bool:
    """Tell whether clocks alone come to rest: at a state without a clock."""
    return any(target not in clockwork for target in _reach({name}, clockwork))


def _unreachable(field: str, state: State) -> _Found:
    return (
        "error",
        "process.state_unreachable",
        field,
        Text(f"状态“{state.name}”到不了", f"the state `{state.name}` cannot be reached"),
        Text("请加上通向它的操作，或删去", "add an action that leads to it, or remove it"),
    )


def _exits(field: str, state: State) -> Iterator[_Found]:
    if state.final is not None and any(a.to != state.name for a in state.actions.values()):
        yield (
            "error",
            "process.final_has_exit",
            field,
            Text(f"终态“{state.name}”仍有出口", f"the final state `{state.name}` has a way out"),
            Text("请去掉 final 或这些操作", "drop `final`, or these actions"),
        )
    leaves = any(a.to != state.name for a in state.actions.values())
    if state.final is None and not leaves:
        yield (
            "error",
            "process.no_exit",
            field,
            Text(f"状态“{state.name}”没有出口", f"the state `{state.name}` has no way out"),
            Text("请加上操作，或标为 final", "add an action, or mark it `final`"),
        )


def _clocks(field: str, state: State) -> Iterator[_Found]:
    if state.final is not None:
        return
    if state.waits_for and not state.suspended and not state.clocks:
        yield (
            "error",
            "process.no_clock",
            field,
            Text(
                f"状态“{state.name}”在等人，却没有时限",
                f"the state `{state.name}` waits for somebody without a deadline",
            ),
            Text("请加上 deadlines", "add a deadline"),
        )
    if not state.waits_for and not state.suspended:
        people = {r for a in state.actions.values() for r in a.by if r not in _AUTOMATIC}
        if people and not state.clocks:
            yield (
                "warning",
                "process.waits_for_nobody",
                field,
                Text(
                    f"状态“{state.name}”没有写明在等谁，也没有时限",
                    f"the state `{state.name}` says neither whom it waits for nor until when",
                ),
                Text("请加上 waits_for 和 deadlines", "add `waits_for` and a deadline"),
            )
    for clock in state.clocks:
        if clock.after is None:
            yield (
                "note",
                "process.clock_unset",
                f"{field}.deadlines.{clock.name}",
                Text(f"时限“{clock.name}”没有长度", f"the deadline `{clock.name}` has no length"),
                Text("请给参数赋值", "give its parameter a value"),
            )


def _dead_end(field: str, state: State) -> _Found:
    return (
        "error",
        "process.dead_end",
        field,
        Text(f"从“{state.name}”到不了任何终态", f"no end can be reached from `{state.name}`"),
        Text("请让某条路通向终态", "let some path lead to a final state"),
    )


def _livelock(field: str, state: State) -> _Found:
    return (
        "error",
        "process.livelock",
        field,
        Text(
            f"从“{state.name}”起，时限会无休止地互相触发",
            f"from `{state.name}` on, deadlines keep setting off one another without end",
        ),
        Text("请让某个时限通向没有时限的状态", "let one lead to a state without a deadline"),
    )
