"""Running golden cases (跑金例): differences, and what no case ever reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.time import beijing
from gongdao.core.process.replay import DoneEffect, Replay, replay
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.literal import plain, read_literal
from gongdao.core.rulebook.model import Kind, Rulebook, Table, TypeOf, Value
from gongdao.core.rulebook.syntax import read_instant
from gongdao.library.golden import Golden

_MONEY = TypeOf(kind=Kind.MONEY)


@dataclass(slots=True)
class Outcome:
    """How one case went: no differences means it passed."""

    golden: Golden
    differences: list[str] = field(default_factory=list[str])

    @property
    def passed(self) -> bool:
        """Whether the book answered as expected."""
        return not self.differences


@dataclass(slots=True)
class Coverage:
    """What the cases reached: `table/row`, `process/state`, `process/state/clock`, clauses."""

    rows: set[str] = field(default_factory=set[str])
    states: set[str] = field(default_factory=set[str])
    clocks: set[str] = field(default_factory=set[str])
    clauses: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Report:
    """All cases of a book."""

    outcomes: list[Outcome]
    unreached: Mapping[str, tuple[str, ...]]
    """`rows`, `states`, `clocks`, `clauses` that no case reached."""

    @property
    def failed(self) -> list[Outcome]:
        """The cases that went otherwise than expected."""
        return [o for o in self.outcomes if not o.passed]


def run_goldens(book: Rulebook, goldens: Sequence[Golden]) -> Report:
    """Run every case and say what none of them reached."""
    coverage = Coverage()
    outcomes = [run_golden(book, g, coverage) for g in goldens]
    rows = [f"{t.name}/{r.id}" for t in book.tables.values() for r in t.rows]
    states = [f"{p.name}/{s}" for p in book.processes.values() for s in p.states]
    clocks = [
        f"{p.name}/{s.name}/{c.name}"
        for p in book.processes.values()
        for s in p.states.values()
        for c in s.clocks
    ]
    unreached = {
        "rows": tuple(r for r in rows if r not in coverage.rows),
        "states": tuple(s for s in states if s not in coverage.states),
        "clocks": tuple(c for c in clocks if c not in coverage.clocks),
        "clauses": tuple(c for c in book.sources if c not in coverage.clauses),
    }
    return Report(outcomes, unreached)


def run_golden(book: Rulebook, golden: Golden, coverage: Coverage | None = None) -> Outcome:
    """Run one case against its book."""
    reached = coverage or Coverage()
    reached.clauses.update(golden.clause)
    if golden.table is not None:
        answer = evaluate(book, golden.table, golden.facts)
        reached.rows.update(f"{h.table}/{h.row}" for h in answer.hits)
        return Outcome(golden, _compare_answer(book, golden, answer))
    if golden.process is None or golden.timeline is None or golden.now is None:
        return Outcome(golden, ["the case names neither table nor process"])
    begin, acts = golden.timeline.begin, golden.timeline.acts
    try:
        played = replay(book, golden.process, begin, acts, golden.facts, golden.now)
    except BadInput as fault:
        return Outcome(golden, [str(fault)])
    reached.states.update(f"{golden.process}/{v.state}" for v in played.visits)
    reached.clocks.update(f"{golden.process}/{f.state}/{f.clock}" for f in played.fired)
    return Outcome(golden, _compare_replay(golden, played))


def _compare_answer(book: Rulebook, golden: Golden, answer: Answer) -> list[str]:
    expect, table = golden.expect, book.tables[answer.table]
    found: list[str] = []
    rows = [h.row for h in answer.hits if h.table == answer.table]
    if "undecided" in expect:
        _differ(found, "status", "undecided", answer.status)
        _differ(found, "needed", sorted(_words(expect["undecided"])), sorted(answer.needed))
    else:
        _differ(found, "status", "decided", answer.status)
        if answer.status == "undecided":
            found.append(f"needed: {', '.join(answer.needed) or 'no row applies'}")
    if "row" in expect:
        _differ(found, "row", _words(expect["row"]), rows)
    if "rows" in expect:
        _differ(found, "rows", _words(expect["rows"]), rows)
    _compare_outputs(
        found, book, table, cast("dict[str, object]", expect.get("gives", {})), answer.outputs
    )
    if "collected" in expect:
        wanted = _mappings(expect["collected"])
        _differ(found, "collected", len(wanted), len(answer.collected))
        for each, given in zip(wanted, answer.collected, strict=False):
            _compare_outputs(found, book, table, each, given)
    return found


def _compare_outputs(
    found: list[str],
    book: Rulebook,
    table: Table,
    expected: Mapping[str, object],
    outputs: Mapping[str, Value | None],
) -> None:
    for output, wanted in expected.items():
        type_ = table.gives[output]
        value = read_literal(wanted, type_, enums_of(book), bare_yuan=True)
        if wanted is not None and value is None:
            found.append(f"{output}: cannot read the expected value `{wanted}`")
        elif value != outputs.get(output):
            _differ(found, output, plain(value, type_), plain(outputs.get(output), type_))


def _compare_replay(golden: Golden, played: Replay) -> list[str]:
    expect = golden.expect
    found: list[str] = []
    if "state" in expect:
        _differ(found, "state", expect["state"], played.state)
    if "final" in expect:
        _differ(found, "final", expect["final"], played.final)
    if "waits_for" in expect:
        _differ(found, "waits_for", _words(expect["waits_for"]), [str(r) for r in played.waits_for])
    if "fired" in expect:
        actual = [f"{f.do} {beijing(f.at)}" for f in played.fired]
        _differ(found, "fired", [_dated(f) for f in _list(expect["fired"])], actual)
    if "next" in expect:
        following = played.next and f"{played.next.do} {beijing(played.next.at)}"
        _differ(found, "next", _dated(expect["next"]), following)
    if "refused" in expect:
        wanted = [(r.get("do"), r.get("code")) for r in _mappings(expect["refused"])]
        _differ(found, "refused", wanted, [(r.act.do, r.finding.code) for r in played.refused])
    if "effects" in expect:
        wanted_effects = _list(expect["effects"])
        texts = [_effect_text(e) for e in played.effects]
        if len(wanted_effects) != len(played.effects) or not all(
            _is_effect(w, e) for w, e in zip(wanted_effects, played.effects, strict=True)
        ):
            found.append(f"effects: expected {wanted_effects}, got {texts}")
    return found


def _differ(found: list[str], what: str, expected: object, actual: object) -> None:
    if expected != actual:
        found.append(f"{what}: expected {expected}, got {actual}")


def _list(data: object) -> list[object]:
    return cast("list[object]", data) if isinstance(data, list) else [] if data is None else [data]


def _mappings(data: object) -> list[dict[str, object]]:
    return [cast("dict[str, object]", m) for m in _list(data) if isinstance(m, dict)]


def _words(data: object) -> list[str]:
    return [str(w) for w in _list(data)]


def _dated(data: object) -> str | None:
    """Write `{do, at}` as the replay does; None stands for no deadline."""
    if not isinstance(data, dict):
        return None
    entry = cast("dict[str, object]", data)
    instant = read_instant(str(entry.get("at")))
    return f"{entry.get('do')} {beijing(instant) if instant else entry.get('at')}"


def _is_effect(wanted: object, effect: DoneEffect) -> bool:
    """Compare one effect: `rule`, `{refund: name}`, `{refund: 30 yuan, through: merchant}`."""
    if isinstance(wanted, str):
        return wanted == effect.kind and effect.argument is None
    if not isinstance(wanted, dict):
        return False
    entry = dict(cast("dict[str, object]", wanted))
    if entry.pop("through", effect.through) != effect.through or list(entry) != [effect.kind]:
        return False
    value = entry[effect.kind]
    amount = read_literal(value, _MONEY, {})
    return value == effect.argument if amount is None else amount == effect.amount


def _effect_text(effect: DoneEffect) -> str:
    amount = "" if effect.amount is None else f" = {plain(effect.amount, _MONEY)}"
    return f"{effect.kind.value}: {effect.argument}{amount} through {effect.through}"
