"""Challenge (质证): a party says why a piece of the other side's evidence should not count."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.ask import ask, clauses
from gongdao.core.cases.commands import ChallengeEvidence
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.events import EvidenceChallenged
from gongdao.core.cases.hearing import Challenge
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role

PARTIES = (Role.BUYER, Role.MERCHANT)


def challenge_evidence(draft: Draft, command: ChallengeEvidence) -> None:
    """Draft a challenge: of the other side's piece, with a reason, once, while the rules allow it.

    Refuses with `evidence.unknown`, `evidence.not_yours_to_challenge`, `evidence.reason_required`,
    `evidence.challenged_already`, `evidence.challenge_closed`.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    item = next((e for e in case.evidence if e.id == command.evidence), None)
    if item is None:
        raise BadInput(
            Finding(
                code="evidence.unknown",
                field="evidence_id",
                message=Text("案件没有该凭证", "the case has no such evidence"),
            )
        )
    if command.by.role not in PARTIES or command.by.role is item.by:
        raise _not_yours()
    if not command.reason.strip():
        raise BadInput(
            Finding(
                code="evidence.reason_required",
                field="reason",
                message=Text("质证须写明理由", "say why the evidence should not count"),
            )
        )
    if any(c.evidence == item.id and c.by is command.by.role for c in case.challenges):
        raise _again()
    found = ask(
        case,
        draft.playbook,
        draft.now,
        "challenge",
        {"phase": str(case.arbitration), "submitted_at": item.at},
    )
    if found is not None and found[1].outputs.get("open") is False:
        raise _closed(clauses(*found))
    challenge = Challenge(
        evidence=item.id,
        by=command.by.role,
        actor=command.by.id,
        reason=command.reason,
        at=draft.now,
    )
    cite = found[1].cite if found is not None else ()
    draft.add(EvidenceChallenged(at=draft.now, challenge=challenge, cite=cite))


def _not_yours() -> NotAllowed:
    return NotAllowed(
        Finding(
            code="evidence.not_yours_to_challenge",
            field="evidence_id",
            message=Text(
                "只有对方当事人可以质证", "evidence is challenged by the party that did not give it"
            ),
        )
    )


def _again() -> Conflict:
    return Conflict(
        Finding(
            code="evidence.challenged_already",
            field="evidence_id",
            message=Text("您已对该凭证质证", "you have challenged this evidence already"),
        )
    )


def _closed(rule: Text) -> Conflict:
    return Conflict(
        Finding(
            code="evidence.challenge_closed",
            field="evidence_id",
            message=Text("质证时限已过", "the time to challenge this evidence is over"),
            cure=Text(f"依据：{rule.zh}", f"rule: {rule.en}"),
        )
    )
