"""Open a case (申请售后): the buyer asks for after-sales service on an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import uuid_utils

from gongdao.app.carry_out import again, check_key, fingerprint
from gongdao.app.decide_opening import Opening
from gongdao.app.force_majeure.at_opening import StandingDeclarations
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import ORDER, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.app.privacy import seal_command, shown
from gongdao.app.shop_address import ShopAddresses
from gongdao.app.strategies import strategies_of
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.store.cases import find_case, marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.held import Decision
from gongdao.store.orders import KnownOrder, find_order
from gongdao.store.record import record
from gongdao.store.trail import AuditEntry, Receipt, add_audit, add_receipt, find_receipt


def open_case(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    *,
    shop_id: str,
    order_id: str,
    claim: Claim,
    reason: Reason,
    key: str,
    lines: Sequence[LineAsked] = (),
    requested_fen: int | None = None,
    description: str = "",
    preview: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Open a case on an order; no `lines`: all of it; no `requested_fen`: all that they cost.

    Raises Refused: NotVisible for an order that is not the caller's, Conflict when the rules do not
    accept it or nothing is left to claim, BadInput for wrong lines or amounts.
    """
    allow(caller, Verb.OPEN_CASE)
    check_key(key)
    check_text(description, "description")
    opening = Opening(
        case_id=str(uuid_utils.uuid7()),
        shop_id=shop_id,
        order_id=order_id,
        claim=claim,
        reason=reason,
        lines=tuple(lines),
        requested_fen=requested_fen,
        description=description,
        by=caller.actor,
        at=now,
    )
    if preview:
        with transaction() as on:
            known = _visible_order(on, caller, opening, lock=False)
            at = now or marketplace_now(on, known.marketplace_id)
            strategies = strategies_of(on, [shop_id]).get(shop_id, ())
            shops = ShopAddresses(on, preview=True)
            decided = shops.decide_opening(opening, known, at, strategies)
            decided = StandingDeclarations(on).over(decided, at)
        return _outcome(decided, at, preview=True)
    return open_as(caller, opening, key, Verb.OPEN_CASE)


def open_as(caller: Caller, opening: Opening, key: str, verb: Verb) -> Outcome:
    """Open what the caller asks for under `verb`, once for its key. Raises Refused."""
    mark = fingerprint(verb, _content(opening))
    with transaction() as on:
        known = _visible_order(on, caller, opening, lock=True)
        receipt = find_receipt(on, opening.shop_id, caller.user_id, key)
        held = find_case(on, receipt.case_id, lock=False) if receipt is not None else None
        if receipt is not None and held is not None:
            return shown(on, caller, known.order, again(on, held, receipt, mark))
        at = opening.at or marketplace_now(on, known.marketplace_id)
        decided: Decision | Refused
        sealed = seal_command(on, known.marketplace_id, known.order, Role.BUYER, opening)
        try:
            strategies = strategies_of(on, [opening.shop_id]).get(opening.shop_id, ())
            decided = ShopAddresses(on).decide_opening(sealed, known, at, strategies)
            decided = StandingDeclarations(on).over(decided, at)
        except Refused as refusal:
            decided = refusal
            _log(on, caller, opening, key, verb, refusal.code)
        else:
            record(on, [decided])
            add_receipt(on, _receipt(caller, decided, key, mark))
            _log(on, caller, opening, key, verb, "done")
    if isinstance(decided, Refused):
        raise decided
    with transaction() as on:
        return shown(on, caller, known.order, _outcome(decided, at, preview=False))


def _content(opening: Opening) -> dict[str, object]:
    """What makes this opening the same as an earlier one; not its id, which is new each time."""
    return {
        "shop_id": opening.shop_id,
        "order_id": opening.order_id,
        "claim": opening.claim,
        "reason": opening.reason,
        "lines": opening.lines,
        "requested_fen": opening.requested_fen,
        "description": opening.description,
    }


def _outcome(decided: Decision, at: datetime, *, preview: bool) -> Outcome:
    return Outcome(
        case=decided.after,
        events=decided.events,
        marketplace_id=decided.marketplace_id,
        at=at,
        preview=preview,
    )


def _visible_order(on: Connection, caller: Caller, opening: Opening, *, lock: bool) -> KnownOrder:
    known = find_order(on, opening.shop_id, opening.order_id, lock=lock)
    if known is None or not caller.sees(
        marketplace_id=known.marketplace_id,
        shop_id=opening.shop_id,
        buyer_id=known.order.buyer_id,
    ):
        raise not_visible(ORDER, "order_id")
    return known


def _receipt(caller: Caller, decided: Decision, key: str, mark: bytes) -> Receipt:
    return Receipt(
        shop_id=decided.after.shop_id,
        actor=caller.user_id,
        key=key,
        fingerprint=mark,
        case_id=decided.after.id,
        first_seq=1,
        last_seq=decided.after.version,
    )


def _log(
    on: Connection, caller: Caller, opening: Opening, key: str, verb: Verb, result: str
) -> None:
    entry = AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=verb,
        shop_id=opening.shop_id,
        case_id=opening.case_id if result == "done" else None,
        key=key,
        result=result,
    )
    add_audit(on, entry)
