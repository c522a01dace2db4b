"""Open joined cases (并案申请): a buyer asks on several orders of a shop at once, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import uuid_utils

from gongdao.app.carry_out import check_key
from gongdao.app.decide_opening import Opening, decide_opening
from gongdao.app.force_majeure.at_opening import StandingDeclarations
from gongdao.app.jointly import (
    Done,
    JointRequest,
    decider,
    done_before,
    in_part,
    write_trail,
)
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import ORDER, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.app.privacy import seal_command, shown
from gongdao.app.strategies import strategies_of
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.join import MOST_JOINED, Grouping, join_all
from gongdao.core.kernel.findings import BadInput, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Decision
from gongdao.store.orders import KnownOrder, lock_orders
from gongdao.store.record import record
from gongdao.store.trail import AuditEntry, add_audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked on one of the orders; no `lines`: all of it; no amount: all that they cost."""

    order_id: str
    claim: Claim
    reason: Reason
    lines: tuple[LineAsked, ...] = ()
    requested_fen: int | None = None
    description: str = ""


def open_together(
    caller: Caller,
    shop_id: str,
    asked: Sequence[Asked],
    *,
    key: str,
    preview: bool = False,
    now: datetime | None = None,
) -> tuple[Outcome, ...]:
    """Open a case for each request and join them; one that is refused bars all of them.

    What ends at once, by a strategy of the merchant, is not joined. Raises Refused: NotVisible for
    an order that is not the caller's, BadInput `joined.too_few`, `joined.too_many`,
    `joined.other_buyer`, and what opening a case refuses, with the request in front of the field.
    """
    allow(caller, Verb.OPEN_CASE)
    check_key(key)
    _check(asked)
    request = JointRequest(
        caller=caller,
        verb=Verb.OPEN_CASE,
        key=key,
        content={"shop_id": shop_id, "together": list(asked)},
        preview=preview,
        now=now,
    )
    refused: Refused | None = None
    outcomes: tuple[Outcome, ...] = ()
    with transaction() as on:
        known = _orders(on, caller, shop_id, asked)
        if not preview:
            earlier = done_before(on, request, shop_id)
            if earlier:
                return earlier
        try:
            decided = _decide(on, request, known, shop_id, asked)
        except Refused as refusal:
            refused, decided = refusal, {}
        if not preview:
            record(on, decided.values())
            done: Done = {i: (d.events, d.after) for i, d in decided.items()}
            write_trail(on, request, done, {}, (), refused)
            if refused is not None:
                add_audit(on, _refusal(request, shop_id, refused))
        outcomes = tuple(_outcome(on, request, d) for d in decided.values())
    if refused is not None:
        raise refused
    return outcomes


def _decide(
    on: Connection,
    request: JointRequest,
    known: dict[str, KnownOrder],
    shop_id: str,
    asked: Sequence[Asked],
) -> dict[str, Decision]:
    first = next(iter(known.values()))
    at = request.now or marketplace_now(on, first.marketplace_id)
    opened: dict[str, Decision] = {}
    for number, one in enumerate(asked):
        opening = _opening(request.caller, shop_id, one, at)
        if not request.preview:
            order = known[one.order_id]
            opening = seal_command(on, order.marketplace_id, order.order, Role.BUYER, opening)
        decided = _open(on, opening, known, number)
        opened[opening.case_id] = decided
    return _joined(on, request, opened, at)


def _open(on: Connection, opening: Opening, known: dict[str, KnownOrder], number: int) -> Decision:
    order = known[opening.order_id]
    strategies = strategies_of(on, [opening.shop_id]).get(opening.shop_id, ())
    at = opening.at
    if at is None:
        raise LookupError("the instant of a joint opening is the same for all")
    try:
        decided = decide_opening(opening, order, at, strategies)
        decided = StandingDeclarations(on).over(decided, at)
    except Refused as refusal:
        raise in_part(refusal, f"requests.{number}") from refusal
    left = order.refundable_fen - decided.after.refundable_fen
    known[opening.order_id] = replace(order, refundable_fen=left)
    return decided


def _joined(
    on: Connection, request: JointRequest, opened: Mapping[str, Decision], at: datetime
) -> dict[str, Decision]:
    running = [d.after for d in opened.values() if d.after.closed_at is None]
    if len(running) < len(("this", "that")):
        return dict(opened)
    marketplace_id = next(iter(opened.values())).marketplace_id
    grouping = Grouping(group=str(uuid_utils.uuid7()), reason="", by=request.caller.actor)
    done = join_all(running, grouping, decider(on, request, marketplace_id, at))
    return {
        case_id: replace(d, events=d.events + done[case_id][0], after=done[case_id][1])
        if case_id in done
        else d
        for case_id, d in opened.items()
    }


def _orders(
    on: Connection, caller: Caller, shop_id: str, asked: Sequence[Asked]
) -> dict[str, KnownOrder]:
    wanted = sorted({(shop_id, one.order_id) for one in asked})
    known = {k.order.order_id: k for k in lock_orders(on, wanted)}
    for number, one in enumerate(asked):
        order = known.get(one.order_id)
        if order is None or not caller.sees(
            marketplace_id=order.marketplace_id, shop_id=shop_id, buyer_id=order.order.buyer_id
        ):
            raise in_part(not_visible(ORDER, "order_id"), f"requests.{number}")
    return known


def _opening(caller: Caller, shop_id: str, one: Asked, at: datetime) -> Opening:
    return Opening(
        case_id=str(uuid_utils.uuid7()),
        shop_id=shop_id,
        order_id=one.order_id,
        claim=one.claim,
        reason=one.reason,
        lines=one.lines,
        requested_fen=one.requested_fen,
        description=one.description,
        by=caller.actor,
        at=at,
    )


def _check(asked: Sequence[Asked]) -> None:
    for number, one in enumerate(asked):
        check_text(one.description, f"requests.{number}.description")
    if not 1 < len(asked) <= MOST_JOINED:
        raise BadInput(
            Finding(
                code="joined.too_few" if len(asked) <= 1 else "joined.too_many",
                field="requests",
                message=Text(
                    f"并案申请须有 2 至 {MOST_JOINED} 项",
                    f"requests opened together are 2 to {MOST_JOINED}",
                ),
            )
        )


def _refusal(request: JointRequest, shop_id: str, refused: Refused) -> AuditEntry:
    return AuditEntry(
        user_id=request.caller.user_id,
        role=request.caller.role,
        verb=request.verb,
        shop_id=shop_id,
        case_id=None,
        key=request.key,
        result=refused.code,
    )


def _outcome(on: Connection, request: JointRequest, decided: Decision) -> Outcome:
    outcome = Outcome(
        case=decided.after,
        events=decided.events,
        marketplace_id=decided.marketplace_id,
        at=decided.events[0].at,
        preview=request.preview,
    )
    return shown(on, request.caller, decided.after.order, outcome)
