"""Claims on offer (可申请的诉求): what may be asked for on an order now, and what bars the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.facts import order_facts
from gongdao.core.cases.model import Order
from gongdao.core.cases.playbook import Playbook
from gongdao.core.cases.verbs.open_case import check_admitted
from gongdao.core.kernel.findings import Finding, Refused
from gongdao.core.kernel.words import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedClaim:
    """A claim, and what bars it now; nothing does: it may be asked for."""

    claim: Claim
    barred: Finding | None = None


def offered_claims(order: Order, playbook: Playbook, now: datetime) -> tuple[OfferedClaim, ...]:
    """Return every claim, judged by what the order alone shows at `now`.

    The reason, the goods and the amounts may still bar one that is open here.
    """
    return tuple(_judged(order, playbook, now, claim) for claim in Claim)


def _judged(order: Order, playbook: Playbook, now: datetime, claim: Claim) -> OfferedClaim:
    facts = order_facts(order, now) | {"claim": claim.value, "opened_at": now}
    try:
        check_admitted(order, playbook, claim, facts)
        playbook.choose("after_sale", claim, facts)
    except Refused as refusal:
        return OfferedClaim(claim=claim, barred=refusal.findings[0])
    return OfferedClaim(claim=claim)
