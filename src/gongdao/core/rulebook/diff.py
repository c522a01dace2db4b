"""Differences of two versions (版本对照): what changed, in the words of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.explain import said
from gongdao.core.rulebook.model import Row, Rulebook, Table
from gongdao.core.rulebook.processes import Action, Clock, Process, State
from gongdao.core.rulebook.written import write, write_condition

Kind = Literal["added", "removed", "changed"]
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs."""

    kind: Kind
    section: str
    """`sources`, `facts`, `parameters`, `formulas`, `rows`, `states`, `actions`, `deadlines`, …"""
    name: str
    """`merchant_reply`, `ruling/late`, `return_refund/awaiting_merchant`."""
    old: Text = _NOTHING
    new: Text = _NOTHING


def differences(old: Rulebook, new: Rulebook) -> tuple[Difference, ...]:
    """Return everything that differs between two versions of a rulebook, section by section."""
    return tuple(
        Difference(
            kind="added" if was is None else "removed" if now is None else "changed",
            section=section, name=name, old=was or _NOTHING, new=now or _NOTHING,
        )
        for section, before, after in _sections(old, new)
        for name, was, now in _compared(before, after)
    )  # fmt: skip


_Named = Mapping[str, Text]


def _compared(before: _Named, after: _Named) -> Iterator[tuple[str, Text | None, Text | None]]:
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield name, was, now


def _sections(old: Rulebook, new: Rulebook) -> Iterator[tuple[str, _Named, _Named]]:
    for section, read in (
        ("sources", _sources),
        ("facts", _facts),
        ("parameters", _parameters),
        ("formulas", _formulas),
        ("tables", _tables),
        ("rows", _rows),
        ("processes", _processes),
        ("states", _states),
        ("actions", _actions),
        ("deadlines", _deadlines),
    ):
        yield section, read(old), read(new)


def _both(text: str) -> Text:
    return Text(text, text)


def _sources(book: Rulebook) -> _Named:
    return {s.id: s.text for s in book.sources.values()}


def _facts(book: Rulebook) -> _Named:
    return {
        f.name: Text(
            f"{f.title.zh}（{f.type.enum or f.type.kind.value}）",
            f"{f.title.en} ({f.type.enum or f.type.kind.value})",
        )
        for f in book.facts.values()
    }


def _parameters(book: Rulebook) -> _Named:
    found: dict[str, Text] = {}
    for each in book.parameters.values():
        value = said(book, each.name, each.value)
        found[each.name] = Text(f"{each.title.zh} = {value.zh}", f"{each.title.en} = {value.en}")
    return found


def _formulas(book: Rulebook) -> _Named:
    return {
        f.name: Text(
            f"{f.title.zh} = {write(f.expression)}", f"{f.title.en} = {write(f.expression)}"
        )
        for f in book.formulas.values()
    }


def _tables(book: Rulebook) -> _Named:
    return {t.name: t.title for t in book.tables.values()}


def _rows(book: Rulebook) -> _Named:
    return {
        f"{table.name}/{row.id}": _both(f"{when_of(row)} → {_then(table, row)}")
        for table in book.tables.values()
        for row in table.rows
    }


def when_of(row: Row) -> str:
    """Write the conditions of a row: `claim == exchange, days > 15 | …`; `—` for none."""
    return " | ".join(
        ", ".join(f"{c.name} {write_condition(c)}" for c in cells) or "—"
        for cells in row.alternatives
    )


def _then(table: Table, row: Row) -> str:
    return ", ".join(f"{o} = {write(row.then[o])}" for o in table.gives if o in row.then)


def _processes(book: Rulebook) -> _Named:
    return {p.name: p.title for p in book.processes.values()}


def _each_state(book: Rulebook) -> Iterator[tuple[Process, State]]:
    for process in book.processes.values():
        for state in process.states.values():
            yield process, state


def _states(book: Rulebook) -> _Named:
    return {
        f"{p.name}/{s.name}": Text(
            f"{s.title.zh}{f'（终态 {s.final}）' if s.final else ''}",
            f"{s.title.en}{f' (final: {s.final})' if s.final else ''}",
        )
        for p, s in _each_state(book)
    }


def _actions(book: Rulebook) -> _Named:
    return {
        f"{p.name}/{s.name}/{a.name}": _action(a)
        for p, s in _each_state(book)
        for a in s.actions.values()
    }


def _action(action: Action) -> Text:
    does = ", ".join(f"{e.kind.value} {e.argument or ''}".strip() for e in action.does)
    more = "".join(
        [
            f" needs {', '.join(action.needs)}" if action.needs else "",
            f" when {write(action.when)}" if action.when else "",
            f" does {does}" if does else "",
        ]
    )
    tail = f" ({', '.join(action.by)}) → {action.to}{more}"
    return Text(f"{action.title.zh}{tail}", f"{action.title.en}{tail}")


def _deadlines(book: Rulebook) -> _Named:
    return {
        f"{p.name}/{s.name}/{c.name}": _deadline(c) for p, s in _each_state(book) for c in s.clocks
    }


def _deadline(clock: Clock) -> Text:
    span = Text("未定", "not set") if clock.after is None else clock.after.in_words()
    start = "" if clock.starts == "entry" else f" [{clock.starts}]"
    return Text(f"{span.zh}{start} → {clock.then}", f"{span.en}{start} → {clock.then}")
