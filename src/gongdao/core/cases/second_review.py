"""Second review (复核): a ruling that the rules want confirmed waits for a reviewer.

The arbitrator's own action stays what the process offers; where the rules demand a second person,
it is kept as a proposal. The clocks of the review run on, so a silent reviewer changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.cases import refusals
from gongdao.core.cases.ask import ask
from gongdao.core.cases.commands import Act, Actor
from gongdao.core.cases.draft import Draft, Step
from gongdao.core.cases.events import ProposalReturned, RulingProposed
from gongdao.core.cases.hearing import Proposal
from gongdao.core.cases.model import Case, Plain
from gongdao.core.cases.transition import do
from gongdao.core.kernel.findings import Conflict, Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Remedy, Role
from gongdao.core.rulebook.processes import Action, EffectKind

CONFIRM = Action(
    name="confirm_ruling",
    by=(Role.REVIEWER,),
    to="",
    title=Text("确认拟裁决", "confirm the proposed ruling"),
)
RETURN = Action(
    name="return_ruling",
    by=(Role.REVIEWER,),
    to="",
    title=Text("退回拟裁决", "return the proposed ruling"),
    needs=("note",),
)
ACTIONS: Mapping[str, Action] = {CONFIRM.name: CONFIRM, RETURN.name: RETURN}
_REFUNDS = (Remedy.REFUND_ONLY, Remedy.RETURN_REFUND, Remedy.PARTIAL_REFUND)


def rules_freely(action: Action) -> bool:
    """Tell whether an action rules on the facts found: not a concession, not the facts on file."""
    return any(e.kind is EffectKind.RULE and e.argument in (None, "ruling") for e in action.does)


def propose_instead(draft: Draft, step: Step, payload: Mapping[str, Plain]) -> bool:
    """Draft a proposal in place of the arbitrator's ruling, if the rules want it confirmed.

    Raises whatever would refuse the ruling itself. Returns False when he may rule alone.
    """
    if step.by.role is not Role.ARBITRATOR or not rules_freely(step.action):
        return False
    if not draft.playbook.questions.get("second_review"):
        return False
    ruling = _tried(draft, step, payload)
    given = {"at_stake": at_stake_fen(draft.case, ruling), "overruled": ruling.overruled}
    found = ask(draft.case, draft.playbook, draft.now, "second_review", given)
    if found is None or found[1].outputs.get("required") is not True:
        return False
    proposal = Proposal(
        track=step.track,
        action=step.action.name,
        payload=payload,
        ruling=ruling,
        cite=found[1].cite,
    )
    draft.add(RulingProposed(at=draft.now, proposal=proposal))
    return True


def at_stake_fen(case: Case, ruling: Ruling) -> int:
    """Return what a ruling gives the buyer, refund and compensation together, in fen."""
    refund = 0
    if ruling.remedy in _REFUNDS:
        refund = case.requested_fen if ruling.refund_fen is None else ruling.refund_fen
    return refund + ruling.compensation_fen


def review(draft: Draft, command: Act) -> None:
    """Draft the confirmation or the return of the proposed ruling."""
    action = ACTIONS[command.action]
    proposal = draft.case.proposal
    if draft.case.closed_at is not None:
        raise refusals.closed()
    if proposal is None:
        raise _nothing_proposed()
    if command.by.role not in action.by:
        raise refusals.not_yours(action, command.by.role)
    if command.by.id == proposal.ruling.actor:
        raise _own()
    if action is CONFIRM:
        _confirm(draft, proposal, command.by)
        return
    reason = str(command.payload.get("note", "")).strip()
    if not reason:
        raise refusals.missing_field(action, "note")
    draft.add(
        ProposalReturned(at=draft.now, by=command.by.role, actor=command.by.id, reason=reason)
    )


def _confirm(draft: Draft, proposal: Proposal, by: Actor) -> None:
    track = draft.case.tracks[proposal.track]
    state = draft.playbook.state(track.rulebook, track.process, track.state)
    offered = state.actions.get(proposal.action)
    if offered is None or Role.REVIEWER not in offered.by:
        raise refusals.not_offered(proposal.action, [state])
    step = Step(proposal.track, offered, by)
    if _content(_tried(draft, step, proposal.payload)) != _content(proposal.ruling):
        raise _outdated()
    do(draft, step, {**proposal.payload, "proposed_by": proposal.ruling.actor})


def _tried(draft: Draft, step: Step, payload: Mapping[str, Plain]) -> Ruling:
    """Return the ruling that a step would lead to, without drafting it."""
    trial = Draft(draft.case, draft.playbook, draft.now, step.by)
    do(trial, step, payload)
    return trial.case.rulings[len(draft.case.rulings)]


def _content(ruling: Ruling) -> tuple[object, ...]:
    return (
        ruling.remedy,
        ruling.liable,
        ruling.outbound_freight,
        ruling.return_freight,
        ruling.refund_fen,
        ruling.compensation_fen,
        ruling.overruled,
    )


def _nothing_proposed() -> Conflict:
    return Conflict(
        Finding(
            code="ruling.nothing_proposed",
            field="action",
            message=Text("没有待复核的裁决", "no ruling waits for review"),
        )
    )


def _own() -> NotAllowed:
    return NotAllowed(
        Finding(
            code="ruling.own_proposal",
            field="action",
            message=Text("拟裁决人不能自行复核", "whoever proposed a ruling may not review it"),
            cure=Text("请由另一名复审员处理", "let another reviewer do it"),
        )
    )


def _outdated() -> Conflict:
    return Conflict(
        Finding(
            code="ruling.proposal_outdated",
            field="action",
            message=Text(
                "拟裁决之后认定的事实改变了结论",
                "facts found since then change what the proposed ruling would be",
            ),
            cure=Text("请退回，由仲裁员重新裁决", "return it, and let the arbitrator rule again"),
        )
    )
