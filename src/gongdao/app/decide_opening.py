"""Deciding on an opening: for one request, or for thousands of orders of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.commands import Actor, LineAsked, OpenCase
from gongdao.core.cases.decide import decide
from gongdao.core.cases.strategy import Strategy, apply
from gongdao.core.cases.waiting import waits_for
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.held import Decision
from gongdao.store.orders import KnownOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A case to be opened, under an id chosen beforehand."""

    case_id: str
    shop_id: str
    order_id: str
    claim: Claim
    reason: Reason
    by: Actor
    lines: tuple[LineAsked, ...] = ()
    requested_fen: int | None = None
    description: str = ""
    track: Literal["after_sale", "order"] = "after_sale"
    """`order`: the order's own process runs, for its cancellation or its expiry unpaid."""
    cancel: bool = False
    """The order is to be cancelled, not only watched over."""
    at: datetime | None = None
    """The instant of the request; None: now."""


def decide_opening(
    opening: Opening,
    known: KnownOrder,
    at: datetime,
    strategies: Sequence[Strategy] = (),
    *,
    has_address: bool = False,
) -> Decision:
    """Return the decision that opens the case at `at`; the shop's strategies may agree at once.

    Raises Refused.
    """
    command = OpenCase(
        case_id=opening.case_id,
        order=known.order,
        refundable_fen=known.refundable_fen,
        price_back=known.price_back,
        returned=known.returned,
        not_kept=known.not_kept,
        claim=opening.claim,
        reason=opening.reason,
        lines=opening.lines,
        requested_fen=opening.requested_fen,
        description=opening.description,
        by=opening.by,
        track=opening.track,
        cancel=opening.cancel,
    )
    playbook = playbooks().opening(known.order, at)
    events, case = decide(None, command, playbook, at)
    if strategies and opening.track == "after_sale":
        now = playbooks().running(case, at)
        agreed, case = apply(case, strategies, now, at, has_address=has_address)
        events += agreed
    return Decision(
        held=None,
        marketplace_id=known.marketplace_id,
        after=case,
        events=events,
        waits_for=waits_for(case, playbook),
    )
