"""Report a refund made outside (场外退款): the buyer has it already, so it is not given again.

What the order could still refund shrinks by it: first in the case named, then in the order's open
cases, newest first, then in what no case holds. What goes beyond is an exception for the operator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.decide_case import decide_now, decision, follow_clocks
from gongdao.app.permissions import ORDER, Caller, Verb, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import ReportOutsideRefund
from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import LARGEST_FEN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.ledger import pair
from gongdao.store.cases import lock_cases, marketplace_now
from gongdao.store.connection import Connection
from gongdao.store.held import Decision, Held
from gongdao.store.orders import KnownOrder, find_order
from gongdao.store.payments import (
    Movement,
    NewException,
    add_exception,
    add_outside_refund,
    known_outside_refund,
    open_cases_of,
)
from gongdao.store.record import record

PURPOSE = "refunded_outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRefundReport:
    """What a refund made outside led to."""

    absorbed_fen: int
    """By this much less can be refunded now."""
    too_much_fen: int
    """What could not be taken off anything: an exception."""
    case_ids: tuple[str, ...]
    """Cases that can refund less now."""
    repeated: bool = False


def report_outside_refund(
    caller: Caller,
    shop_id: str,
    order_id: str,
    *,
    amount_fen: int,
    external_ref: str,
    case_id: str | None = None,
    now: datetime | None = None,
) -> OutsideRefundReport:
    """Take in a refund made outside; the same reference again changes nothing.

    Raises NotVisible; BadInput `payment.bad_amount`; Conflict `payment.reference_reused` when the
    reference was reported before for another amount.
    """
    _check(amount_fen, external_ref)
    with audited(caller, Verb.REPORT_OUTSIDE_REFUND, shop_id, key=external_ref) as on:
        known = find_order(on, shop_id, order_id, lock=False)
        if known is None or not caller.sees(
            marketplace_id=known.marketplace_id, shop_id=shop_id, buyer_id=known.order.buyer_id
        ):
            raise not_visible(ORDER, "order_id")
        movement = Movement(
            shop_id=shop_id,
            order_id=order_id,
            external_ref=external_ref,
            amount_fen=amount_fen,
            reported_by=caller.user_id,
            at=now or marketplace_now(on, known.marketplace_id),
        )
        return _take(on, caller, known, movement, case_id)


def _take(
    on: Connection, caller: Caller, known: KnownOrder, movement: Movement, first: str | None
) -> OutsideRefundReport:
    ids = open_cases_of(on, movement.shop_id, movement.order_id)
    held = {h.case.id: h for h in lock_cases(on, ids)}
    locked = find_order(on, movement.shop_id, movement.order_id, lock=True) or known
    before = known_outside_refund(on, movement)
    if before is not None:
        if before != movement.amount_fen:
            raise _reused()
        return OutsideRefundReport(absorbed_fen=0, too_much_fen=0, case_ids=(), repeated=True)
    left = movement.amount_fen
    decisions: list[Decision] = []
    shrunk: list[str] = []
    for case_id in sorted((i for i in ids if i in held), key=lambda i: i != first):
        decided, less_fen = _shrink(held[case_id], caller, movement, left)
        decisions.append(decided)
        left -= less_fen
        if less_fen:
            shrunk.append(case_id)
    record(on, decisions)
    left -= min(left, locked.refundable_fen)
    absorbed = movement.amount_fen - left
    entry = pair(Party.MERCHANT, Party.BUYER, movement.amount_fen, PURPOSE)
    add_outside_refund(on, movement, absorbed, entry)
    if left:
        add_exception(on, _too_much(locked, movement, absorbed))
    return OutsideRefundReport(absorbed_fen=absorbed, too_much_fen=left, case_ids=tuple(shrunk))


def _shrink(held: Held, caller: Caller, movement: Movement, left_fen: int) -> tuple[Decision, int]:
    """Return the case able to refund less, after its clocks, and by how much, in fen."""
    events, case = follow_clocks(held.case, movement.at)
    still = refundable_left_fen(case) if case.closed_at is None else 0
    less_fen = min(left_fen, still)
    if less_fen:
        command = ReportOutsideRefund(
            amount_fen=less_fen, external_ref=movement.external_ref, by=caller.actor
        )
        done, case = decide_now(case, command, movement.at)
        events += done
    return decision(held, events, case, movement.at), less_fen


def _too_much(known: KnownOrder, movement: Movement, absorbed_fen: int) -> NewException:
    return NewException(
        marketplace_id=known.marketplace_id,
        shop_id=movement.shop_id,
        order_id=movement.order_id,
        kind="refunded_outside_too_much",
        expected_fen=absorbed_fen,
        reported_fen=movement.amount_fen,
        external_ref=movement.external_ref,
    )


def _check(amount_fen: int, external_ref: str) -> None:
    check_text(external_ref, "external_ref")
    if not external_ref.strip() or not 0 < amount_fen <= LARGEST_FEN:
        raise BadInput(
            Finding(
                code="payment.bad_amount",
                field="amount_fen",
                message=Text(
                    "金额须为正数，并写明流水号", "a positive amount and its reference are wanted"
                ),
            )
        )


def _reused() -> Conflict:
    return Conflict(
        Finding(
            code="payment.reference_reused",
            field="external_ref",
            message=Text(
                "该流水号已按另一金额上报", "this reference was reported for another amount"
            ),
        )
    )
