"""Resolve a payment exception (处理支付异常): the operator says how it was put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from gongdao.app.audit_call import audited
from gongdao.app.permissions import Caller, Verb, not_visible
from gongdao.app.plain_values import check_text
from gongdao.app.report_payment import AMOUNT_DIFFERS, MOST_ATTEMPTS, report
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.ledger import pair
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection
from gongdao.store.payments import (
    ExceptionRow,
    Movement,
    instruct_again,
    lock_exception,
    mark_resolved,
    post_entry,
)

Resolution = Literal["confirm_settled", "retry", "recovered", "written_off", "dismiss"]
EXCEPTION = Text("支付异常", "payment exception")
#: Kind of exception -> how it may be resolved.
RESOLUTIONS: Mapping[str, tuple[Resolution, ...]] = {
    AMOUNT_DIFFERS: ("confirm_settled", "retry", "dismiss"),
    "retries_exhausted": ("retry", "confirm_settled"),
    "failed_after_confirmation": ("confirm_settled", "dismiss"),
    "paid_twice": ("recovered", "written_off", "dismiss"),
    "paid_after_withdrawal": ("recovered", "written_off", "dismiss"),
    "refunded_outside_too_much": ("recovered", "written_off", "dismiss"),
}


def resolve(caller: Caller, exception_id: str, resolution: Resolution, note: str) -> None:
    """Resolve an exception, once.

    `confirm_settled`: the difference was settled elsewhere, the payment counts as made; `retry`:
    instruct it again now; `recovered`: the money came back; `written_off`: the platform bears it,
    which is posted; `dismiss`: it was reported in error. Raises NotVisible; Conflict
    `payment.exception_resolved`; BadInput `payment.bad_resolution`, `payment.note_required`.
    """
    check_text(note, "note")
    with audited(caller, Verb.RESOLVE_PAYMENTS) as on:
        found = _find(on, caller, exception_id)
        _check(found, resolution, note)
        if resolution == "confirm_settled" and found.kind != "failed_after_confirmation":
            _confirm(caller, found)
        elif resolution == "retry":
            _retry(on, found)
        elif resolution == "written_off":
            _write_off(on, caller, found)
        mark_resolved(on, found.id, resolution, caller.user_id, note)


def _find(on: Connection, caller: Caller, exception_id: str) -> ExceptionRow:
    try:
        found = lock_exception(on, str(UUID(exception_id)))
    except ValueError:
        found = None
    if found is None or found.marketplace_id not in caller.marketplace_ids:
        raise not_visible(EXCEPTION, "exception_id")
    return found


def _check(found: ExceptionRow, resolution: Resolution, note: str) -> None:
    if found.resolved_at is not None:
        raise Conflict(
            Finding(
                code="payment.exception_resolved",
                field="exception_id",
                message=Text("该异常已处理", "this exception is resolved already"),
            )
        )
    if resolution not in RESOLUTIONS[found.kind]:
        choices = ", ".join(RESOLUTIONS[found.kind])
        raise BadInput(
            Finding(
                code="payment.bad_resolution",
                field="resolution",
                message=Text("此类异常不能这样处理", "this exception is not resolved in this way"),
                cure=Text(f"可选：{choices}", f"choose from: {choices}"),
            )
        )
    if not note.strip():
        raise BadInput(
            Finding(
                code="payment.note_required",
                field="note",
                message=Text("请写明依据", "say what shows it"),
            )
        )


def _confirm(caller: Caller, found: ExceptionRow) -> None:
    if found.case_id is None or found.number is None:
        return
    report(
        caller,
        found.case_id,
        found.number,
        "confirmed",
        amount_fen=found.expected_fen,
        external_ref=found.external_ref,
        key=f"resolve-{found.id}",
    )


def _retry(on: Connection, found: ExceptionRow) -> None:
    """Instruct again, at once. Raises Conflict when it was confirmed or withdrawn meanwhile."""
    if found.case_id is None or found.number is None:
        return
    if not instruct_again(
        on,
        found.shop_id,
        found.case_id,
        found.number,
        trouble="",
        most_attempts=MOST_ATTEMPTS,
        at_once=True,
    ):
        raise Conflict(
            Finding(
                code="payment.not_to_be_made",
                field="resolution",
                message=Text(
                    "该款项已确认或已撤回，不能再次支付",
                    "the payment was confirmed or withdrawn meanwhile; it is not made again",
                ),
                cure=Text("请改为无需处理", "dismiss the exception"),
            )
        )


def _write_off(on: Connection, caller: Caller, found: ExceptionRow) -> None:
    """The buyer keeps what he got too much, out of the platform's pocket.

    What was refunded outside too much is in the ledger already, out of the merchant's.
    """
    too_much = found.reported_fen
    giver, taker = (Party.PLATFORM, Party.BUYER)
    if found.kind == "refunded_outside_too_much":
        too_much = found.reported_fen - found.expected_fen
        taker = Party.MERCHANT
    movement = Movement(
        shop_id=found.shop_id,
        order_id=found.order_id,
        external_ref=found.external_ref,
        amount_fen=too_much,
        reported_by=caller.user_id,
        at=marketplace_now(on, found.marketplace_id),
    )
    entry = pair(giver, taker, too_much, "written_off")
    post_entry(on, movement, UUID(found.id), entry)
