"""Refusals (拒绝理由): why a command cannot be done, in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterable

from gongdao.core.kernel.findings import BadInput, Conflict, Finding, NotAllowed
from gongdao.core.kernel.text import Text, list_in
from gongdao.core.kernel.words import Remedy, Role, label
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.processes import Action, State


def closed() -> Conflict:
    """The case has ended."""
    return Conflict(
        Finding(
            code="case.closed",
            message=Text("案件已结束", "the case is closed"),
            cure=Text("如有新情况，请重新申请售后", "open a new request if something has changed"),
        )
    )


def not_offered(action: str, states: Iterable[State]) -> Conflict:
    """No process of the case offers this action now."""
    here = list(states)
    offered = sorted({name for state in here for name in state.actions})
    where = list_in(tuple(state.title for state in here))
    return Conflict(
        Finding(
            code="case.action_not_offered",
            field="action",
            message=Text(
                f"当前状态（{where.zh}）不能执行 {action}",
                f"`{action}` is not possible while the case is at: {where.en}",
            ),
            cure=Text(
                f"当前可执行：{'、'.join(offered) or '无'}",
                f"possible now: {', '.join(offered) or 'nothing'}",
            ),
        )
    )


def not_yours(action: Action, role: Role) -> NotAllowed:
    """The action is for other roles."""
    who = list_in(tuple(label(r) for r in action.by))
    return NotAllowed(
        Finding(
            code="case.not_your_action",
            field="action",
            message=Text(
                f"“{action.title.zh}”须由{who.zh}操作，您是{label(role).zh}",
                f"`{action.name}` is done by: {who.en}; you act as {label(role).en}",
            ),
        )
    )


def missing_field(action: Action, name: str) -> BadInput:
    """A payload field that the action needs was not given."""
    return BadInput(
        Finding(
            code="case.field_required",
            field=f"payload.{name}",
            message=Text(f"“{action.title.zh}”需要填写 {name}", f"`{action.name}` needs `{name}`"),
            cure=Text(f"请填写 {name}", f"give `{name}`"),
        )
    )


def guard_failed(action: Action, book: Rulebook, unknown: tuple[str, ...]) -> Conflict:
    """The condition of the action does not hold, or cannot be told to hold."""
    if unknown:
        titles = list_in(tuple(_fact_title(book, name) for name in unknown))
        message = Text(
            f"尚不能“{action.title.zh}”：缺少事实 {titles.zh}",
            f"`{action.name}` cannot be done yet; still unknown: {titles.en}",
        )
    else:
        message = Text(
            f"不满足“{action.title.zh}”的条件", f"the condition for `{action.name}` does not hold"
        )
    clauses = list_in(tuple(book.sources[c].text for c in action.cite if c in book.sources))
    return Conflict(
        Finding(
            code="case.condition_not_met",
            field="action",
            message=message,
            cure=Text(f"依据：{clauses.zh}", f"rule: {clauses.en}") if action.cite else None,
        )
    )


def ruling_undecided(book: Rulebook, needed: tuple[str, ...]) -> Conflict:
    """The rulebook cannot rule yet: these facts would settle it."""
    titles = list_in(tuple(_fact_title(book, name) for name in needed))
    return Conflict(
        *(
            Finding(
                code="case.ruling_undecided",
                field=f"facts.{name}",
                message=Text(
                    f"依现有事实尚不能裁决，还需认定：{titles.zh}",
                    f"the facts found do not settle the ruling; still needed: {titles.en}",
                ),
                cure=Text(
                    f"请认定“{_fact_title(book, name).zh}”",
                    f"establish `{name}` ({_fact_title(book, name).en})",
                ),
            )
            for name in needed
        )
    )


def _fact_title(book: Rulebook, name: str) -> Text:
    declared = book.facts.get(name)
    return declared.title if declared is not None else Text(name, name)


def amount_unknown(name: str) -> Conflict:
    """An amount that the action grants cannot be computed from the facts known."""
    return Conflict(
        Finding(
            code="case.amount_unknown",
            field=f"facts.{name}",
            message=Text(f"无法计算金额 {name}", f"the amount `{name}` cannot be computed yet"),
            cure=Text("请补充所需事实", "establish the facts it needs"),
        )
    )


def ruling_not_executable(remedy: Remedy, state: State) -> Conflict:
    """The after-sale has no way to carry this remedy out from where it stands."""
    return Conflict(
        Finding(
            code="case.ruling_not_executable",
            field="payload.remedy",
            message=Text(
                f"当前售后状态（{state.title.zh}）无法执行“{label(remedy).zh}”",
                f"`{remedy}` cannot be carried out while the after-sale is at: {state.title.en}",
            ),
        )
    )


def no_such_question(question: str) -> Conflict:
    """The platform's profile names no table for the question."""
    return Conflict(
        Finding(
            code="case.no_rules",
            message=Text(
                f"平台没有“{question}”的规则", f"the platform has no rules for `{question}`"
            ),
        )
    )


def not_independent(state: State) -> NotAllowed:
    """Who decided in the matter before does not decide whether that was right."""
    return NotAllowed(
        Finding(
            code="case.not_independent",
            field="action",
            message=Text(
                f"“{state.title.zh}”须由未参与过此事裁断的人处理",
                f"`{state.name}` is for somebody who has not decided in the matter before",
            ),
            cure=Text("请转交其他人员", "hand it to somebody else"),
        )
    )


def stands_still(reason: Text) -> Conflict:
    """The dispute is suspended: the platform does not decide meanwhile."""
    return Conflict(
        Finding(
            code="case.suspended",
            field="action",
            message=Text(f"案件已中止：{reason.zh}", f"the case is suspended: {reason.en}"),
            cure=Text("恢复处理后再操作", "decide when it has been resumed"),
        )
    )


def not_a_word(action: Action, name: str, words: Iterable[Text | str]) -> BadInput:
    """A payload field takes one of the words that the rulebook lists."""
    listed = ", ".join(str(w) for w in words)
    return BadInput(
        Finding(
            code="case.not_a_choice",
            field=f"payload.{name}",
            message=Text(
                f"“{action.title.zh}”的 {name} 须为所列之一",
                f"`{name}` of `{action.name}` is one of the words listed",
            ),
            cure=Text(f"可选：{listed}", f"choose from: {listed}"),
        )
    )


def nobody_ruled() -> Conflict:
    """There is no ruling by a person to correct or to complain about."""
    return Conflict(
        Finding(
            code="case.nobody_ruled",
            field="action",
            message=Text("案件没有由人作出的裁决", "no person has ruled in this case"),
        )
    )


def corrected_beyond_claim() -> BadInput:
    """A correction cannot grant more than was claimed."""
    return BadInput(
        Finding(
            code="case.correction_exceeds_claim",
            field="payload.refund_fen",
            message=Text(
                "更正后的退款超过诉求金额", "the corrected refund exceeds what is claimed"
            ),
            cure=Text("超出诉求的改变须经申诉", "a change beyond the claim needs an appeal"),
        )
    )


def not_due(name: str) -> Conflict:
    """The deadline is not running, or has not passed."""
    return Conflict(
        Finding(
            code="case.deadline_not_due",
            field="name",
            message=Text(
                f"时限 {name} 未到期或已结束", f"deadline `{name}` is not due, or has ended"
            ),
        )
    )
