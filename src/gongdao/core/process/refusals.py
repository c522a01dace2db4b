"""Refusals (拒绝理由): why an act is not open to somebody in a state."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.words import Role, label
from gongdao.core.rulebook.evaluate import holds
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.core.rulebook.processes import Action, State


def refusal(
    book: Rulebook,
    state: State,
    by: Role,
    do: str,
    given: Mapping[str, object],
    facts: Mapping[str, Value],
) -> Finding | None:
    """Return why `by` may not `do` this in `state`, or None when it may be done."""
    action = state.actions.get(do)
    if action is None:
        return _not_offered(state, do)
    if by not in action.by:
        return _not_yours(action, by)
    if by is Role.CLOCK:
        return None  # neither fields nor guards bind the clock
    for name in action.needs:
        value = given.get(name)
        if value is None or not str(value).strip():
            return _field_required(action, name)
    if action.when is not None:
        truth = holds(book, action.when, facts)
        if truth.answer is not True:
            return _condition_not_met(action, book, truth.unknown)
    return None


def _not_offered(state: State, do: str) -> Finding:
    if state.final is not None:
        return Finding(
            code="case.closed",
            field=do,
            message=Text(
                f"流程已结束（{state.title.zh}）", f"the process has ended ({state.title.en})"
            ),
        )
    names = ", ".join(state.actions)
    return Finding(
        code="case.action_not_offered",
        field=do,
        message=Text(
            f"“{state.title.zh}”时没有操作“{do}”", f"`{do}` is not open in state `{state.name}`"
        ),
        cure=Text(f"可做：{names}", f"open here: {names}"),
    )


def _not_yours(action: Action, by: Role) -> Finding:
    who = list_in(tuple(label(r) for r in action.by))
    return Finding(
        code="case.not_your_action",
        field=action.name,
        message=Text(
            f"“{action.title.zh}”不由{label(by).zh}操作",
            f"`{action.name}` is not for the {label(by).en} to do",
        ),
        cure=Text(f"应由：{who.zh}", f"it is done by: {who.en}"),
    )


def _field_required(action: Action, name: str) -> Finding:
    return Finding(
        code="case.field_required",
        field=f"{action.name}.{name}",
        message=Text(f"“{action.title.zh}”须提供 {name}", f"`{action.name}` needs `{name}`"),
        cure=Text(f"请补上 {name}", f"give `{name}`"),
    )


def _condition_not_met(action: Action, book: Rulebook, unknown: tuple[str, ...]) -> Finding:
    titles = list_in(tuple(book.facts[n].title if n in book.facts else Text(n, n) for n in unknown))
    return Finding(
        code="case.condition_not_met",
        field=action.name,
        message=Text(
            f"尚不具备“{action.title.zh}”的条件", f"the condition of `{action.name}` is not met"
        ),
        cure=Text(f"请先查明：{titles.zh}", f"establish first: {titles.en}") if unknown else None,
    )
