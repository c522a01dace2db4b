"""Challenge evidence (质证): say why a piece of the other side's evidence should not count."""

from __future__ import annotations

from datetime import datetime

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import ChallengeEvidence


def challenge(
    caller: Caller,
    case_id: str,
    evidence_id: str,
    reason: str,
    *,
    key: str,
    now: datetime | None = None,
) -> Outcome:
    """Challenge a piece of evidence, once, while the platform's rules allow it. Raises Refused."""
    check_text(reason, "reason")
    request = Request(
        caller=caller,
        verb=Verb.CHALLENGE_EVIDENCE,
        case_id=case_id,
        key=key,
        content={"evidence": evidence_id, "reason": reason},
        now=now,
    )
    return carry_out(
        request,
        lambda _case, _now: ChallengeEvidence(evidence=evidence_id, reason=reason, by=caller.actor),
    )
