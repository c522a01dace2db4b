"""Reading processes (流程解析): states, actions, deadlines, effects from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import DailyWindow, Span
from gongdao.core.kernel.words import Arbitration, Claim, Goods, Remedy, Role
from gongdao.core.rulebook.draft import Draft
from gongdao.core.rulebook.literal import how_to_write, read_literal
from gongdao.core.rulebook.model import Kind, TypeOf
from gongdao.core.rulebook.processes import (
    Action,
    Clock,
    Effect,
    EffectKind,
    Process,
    Serves,
    State,
)
from gongdao.core.rulebook.reading import Path, shown

WordT = TypeVar("WordT", bound=StrEnum)

#: Processes beside the after-sale and the dispute, begun when somebody asks for them.
SIDE_TRACKS = ("correction", "relief", "complaint", "suspension", "conduct")
TRACKS = ("order", "after_sale", "dispute", "agreement", "governance", *SIDE_TRACKS)
_SPAN = TypeOf(kind=Kind.SPAN)
_MONEY = TypeOf(kind=Kind.MONEY)
_STATE_KEYS = (
    "title", "waits_for", "actions", "deadlines", "final", "suspended", "arbitration",
    "another",
)  # fmt: skip
_ACTION_KEYS = ("by", "to", "zh", "en", "needs", "when", "does", "goods", "remedies", "cite")
_CLOCK_KEYS = ("after", "then", "zh", "en", "cite", "starts", "window")
_WITH_MONEY = (EffectKind.REFUND, EffectKind.COMPENSATE, EffectKind.ADVANCE_PAYOUT)


def parse_process(draft: Draft, name: str, data: object) -> Process | None:
    """Read one process; findings go to the draft's reader."""
    path: Path = ("processes", name)
    reader = draft.reader
    found = reader.mapping(
        data,
        path,
        allowed=("title", "serves", "start", "cite", "states"),
        required=("title", "serves", "start", "cite", "states"),
    )
    raw_states = {
        n: s
        for n, s in reader.mapping(found.get("states"), (*path, "states")).items()
        if reader.name(n, (*path, "states", n))
    }
    states = {
        n: _state(draft, n, s, (*path, "states", n), tuple(raw_states))
        for n, s in raw_states.items()
    }
    start = reader.one_of(found.get("start"), (*path, "start"), raw_states)
    serves = _serves(draft, found.get("serves"), (*path, "serves"))
    title = reader.title(found.get("title"), (*path, "title"))
    cite = draft.cite(found.get("cite"), (*path, "cite"))
    if start is None or serves is None:
        return None
    return Process(name=name, title=title, serves=serves, start=start, states=states, cite=cite)


def _serves(draft: Draft, data: object, path: Path) -> Serves | None:
    found = draft.reader.mapping(
        data, path, allowed=("track", "claims", "when"), required=("track",)
    )
    track = draft.reader.one_of(found.get("track"), (*path, "track"), TRACKS)
    claims = _words(draft, found.get("claims", []), (*path, "claims"), Claim)
    when = draft.guard(found.get("when"), (*path, "when"))
    return None if track is None else Serves(track=track, claims=claims, when=when)


def _words(draft: Draft, data: object, path: Path, words: type[WordT]) -> tuple[WordT, ...]:
    """Read a word or a list of words of a closed list."""
    found = [
        draft.reader.one_of(item, (*path, index), words)
        for index, item in enumerate(draft.reader.items(data, path))
    ]
    return tuple(w for w in found if w is not None)


def _state(draft: Draft, name: str, data: object, path: Path, states: tuple[str, ...]) -> State:
    reader = draft.reader
    found = reader.mapping(data, path, allowed=_STATE_KEYS, required=("title",))
    actions: dict[str, Action] = {}
    raw_actions = reader.mapping(found.get("actions", {}), (*path, "actions"))
    for action, raw in raw_actions.items():
        here = (*path, "actions", action)
        if reader.name(action, here):
            read = _action(draft, action, raw, here, states)
            if read is not None:
                actions[action] = read
    raw_clocks = reader.mapping(found.get("deadlines", {}), (*path, "deadlines"))
    clocks = [
        _clock(draft, clock, raw, (*path, "deadlines", clock), actions)
        for clock, raw in raw_clocks.items()
        if reader.name(clock, (*path, "deadlines", clock))
    ]
    final, arbitration = found.get("final"), found.get("arbitration")
    if final is not None:
        reader.name(final, (*path, "final"))
    return State(
        name=name,
        title=reader.title(found.get("title"), (*path, "title")),
        waits_for=_words(draft, found.get("waits_for", []), (*path, "waits_for"), Role),
        actions=actions,
        clocks=tuple(c for c in clocks if c is not None),
        final=final if isinstance(final, str) else None,
        suspended=reader.flag(found.get("suspended", False), (*path, "suspended")),
        another=reader.flag(found.get("another", False), (*path, "another")),
        arbitration=None
        if arbitration is None
        else reader.one_of(arbitration, (*path, "arbitration"), Arbitration),
    )


def _action(
    draft: Draft, name: str, data: object, path: Path, states: tuple[str, ...]
) -> Action | None:
    reader = draft.reader
    found = reader.mapping(data, path, allowed=_ACTION_KEYS, required=("by", "to", "zh", "en"))
    by = _words(draft, found.get("by", []), (*path, "by"), Role)
    to = reader.one_of(found.get("to"), (*path, "to"), states)
    goods = found.get("goods")
    raw_effects = reader.items_of_any(found.get("does", []), (*path, "does"))
    effects = [_effect(draft, e, (*path, "does", i)) for i, e in enumerate(raw_effects)]
    needs = reader.words(found.get("needs", []), (*path, "needs"))
    action = Action(
        name=name,
        by=by,
        to=to or "",
        title=draft.labels(found, path),
        needs=tuple(n for i, n in enumerate(needs) if reader.name(n, (*path, "needs", i))),
        when=draft.guard(found.get("when"), (*path, "when")),
        does=tuple(e for e in effects if e is not None),
        goods=None if goods is None else reader.one_of(goods, (*path, "goods"), Goods),
        remedies=_words(draft, found.get("remedies", []), (*path, "remedies"), Remedy),
        cite=draft.cite(found.get("cite"), (*path, "cite"), required=False),
    )
    return action if to is not None and by else None


def _effect(draft: Draft, data: object, path: Path) -> Effect | None:
    """Read `rule`, `{refund: amount}` or `{refund: amount, through: merchant}`."""
    reader = draft.reader
    if isinstance(data, str):
        kind = reader.one_of(data, path, EffectKind)
        return None if kind is None else Effect(kind=kind)
    found = reader.mapping(data, path, allowed=(*(k.value for k in EffectKind), "through"))
    through = reader.one_of(
        found.pop("through", "platform"), (*path, "through"), ("platform", "merchant")
    )
    if len(found) != 1:
        reader.wrong(path, data, Text("恰好一个效果", "exactly one effect"))
        return None
    word, argument = next(iter(found.items()))
    kind = EffectKind(word)
    if argument is not None and not isinstance(argument, str):
        reader.wrong((*path, word), argument, Text("名称", "a name"))
        return None
    if argument is not None and kind in _WITH_MONEY:
        draft.expression(argument, (*path, word), _MONEY)
    return Effect(kind=kind, argument=argument, through=through or "platform")


def _clock(
    draft: Draft, name: str, data: object, path: Path, actions: Mapping[str, Action]
) -> Clock | None:
    reader = draft.reader
    found = reader.mapping(
        data, path, allowed=_CLOCK_KEYS, required=("after", "then", "zh", "en", "cite")
    )
    then = reader.one_of(found.get("then"), (*path, "then"), actions)
    if then is not None and Role.CLOCK not in actions[then].by:
        reader.report(
            (*path, "then"),
            "rules.clock_may_not",
            Text(f"时限不能执行“{then}”", f"the clock may not do `{then}`"),
            Text("请在该动作的 by 中加入 clock", "add `clock` to the `by` of that action"),
        )
    after, parameter = _after(draft, found.get("after"), (*path, "after"))
    starts = _starts(draft, found.get("starts", "entry"), (*path, "starts"))
    window = _window(draft, found.get("window"), (*path, "window"))
    if window is not None and after is not None and after.workdays:
        draft.reader.report(
            (*path, "window"),
            "rules.window_of_workdays",
            Text("按工作日计的时限不能再限时段", "a clock of working days takes no hours"),
            Text("工作时间请以小时写，例如 24h", "write the hours counted, for example 24h"),
        )
    return (
        None
        if then is None
        else Clock(
            name=name,
            then=then,
            after=after,
            parameter=parameter,
            starts=starts,
            window=window,
            calendar=draft.calendar,
            reason=draft.labels(found, path),
            cite=draft.cite(found.get("cite"), (*path, "cite")),
        )
    )


def _after(draft: Draft, data: object, path: Path) -> tuple[Span | None, str | None]:
    """Read a span, or the name of a span parameter (its value is filled in by the caller)."""
    literal = read_literal(data, _SPAN, {})
    if isinstance(literal, Span):
        return literal, None
    if isinstance(data, str) and draft.names.get(data) == _SPAN and data in draft.spans:
        return draft.spans[data], data
    spans = ", ".join(draft.spans)
    draft.reader.report(
        path,
        "rules.bad_span",
        Text(
            f"“{shown(data)}”既不是时长，也不是时长参数",
            f"`{shown(data)}` is neither a span nor a span parameter",
        ),
        Text(
            f"{how_to_write(_SPAN, {}).zh}；参数：{spans}",
            f"{how_to_write(_SPAN, {}).en}; parameters: {spans}",
        ),
    )
    return None, None


def _starts(draft: Draft, data: object, path: Path) -> str:
    instants = [n for n, t in draft.names.items() if t.kind is Kind.INSTANT and "." not in n]
    return draft.reader.one_of(data, path, ("entry", "next_midnight", *instants)) or "entry"


def _window(draft: Draft, data: object, path: Path) -> DailyWindow | None:
    if data is None:
        return None
    try:
        window = DailyWindow.parse(data) if isinstance(data, str) else None
    except ValueError:
        window = None
    if window is None or window.opens >= window.closes or window.opens.tzinfo is not None:
        draft.reader.wrong(path, data, Text("时段，例如 09:00-18:00", "hours like 09:00-18:00"))
        return None
    return window
