"""Payment (支付结果): the payment system reports; it may say so twice, late, or in any order."""

from __future__ import annotations

from gongdao.core.cases.commands import ReportOutsideRefund, ReportPayment
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.cases.events import PaymentMoved, RefundedOutside
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState, Party

#: What may follow what. A confirmed payment is final: later reports of it change nothing.
_NEXT = {
    MoneyState.GRANTED: (MoneyState.SENT, MoneyState.CONFIRMED, MoneyState.FAILED),
    MoneyState.SENT: (MoneyState.CONFIRMED, MoneyState.FAILED),
    MoneyState.FAILED: (MoneyState.SENT, MoneyState.CONFIRMED),
    MoneyState.CONFIRMED: (),
    MoneyState.VOID: (),
    MoneyState.NONE: (),
}


def report_payment(draft: Draft, command: ReportPayment) -> None:
    """Draft the progress of a grant's payment; a repeated or overtaken report drafts nothing.

    Raises Conflict `payment.amount_differs` when another amount was paid than was granted.
    """
    grant = next((g for g in draft.case.grants if g.number == command.number), None)
    if grant is None:
        raise BadInput(
            Finding(
                code="payment.unknown",
                field="number",
                message=Text(
                    f"案件没有第 {command.number} 笔款项",
                    f"the case has no grant number {command.number}",
                ),
            )
        )
    state = MoneyState(command.outcome)
    if state not in _NEXT[grant.state]:
        return
    owed = grant.net_fen(Party.BUYER)
    if state is MoneyState.CONFIRMED and command.amount_fen != owed:
        raise Conflict(
            Finding(
                code="payment.amount_differs",
                field="amount_fen",
                message=Text(
                    f"应付 {yuan(owed)} 元，实付 {yuan(command.amount_fen)} 元",
                    f"{yuan(owed)} yuan was granted, {yuan(command.amount_fen)} was paid",
                ),
                cure=Text("请核对支付系统", "reconcile with the payment system"),
            )
        )
    draft.add(
        PaymentMoved(
            at=draft.now,
            number=command.number,
            state=state,
            amount_fen=command.amount_fen,
            external_ref=command.external_ref or None,
        )
    )


def report_outside_refund(draft: Draft, command: ReportOutsideRefund) -> None:
    """Draft that the case can refund less, because the buyer got it back outside.

    The claim stays what it was; whatever is decided from now on adapts to what is left. Raises
    Conflict `payment.outside_too_much` for more than the case could still refund.
    """
    left = refundable_left_fen(draft.case) if draft.case.closed_at is None else 0
    if not 0 < command.amount_fen <= left:
        raise Conflict(
            Finding(
                code="payment.outside_too_much",
                field="amount_fen",
                message=Text(
                    f"案件最多还可退 {yuan(left)} 元",
                    f"the case can refund {yuan(left)} yuan at most",
                ),
            )
        )
    draft.add(
        RefundedOutside(
            at=draft.now,
            actor=command.by.id,
            amount_fen=command.amount_fen,
            external_ref=command.external_ref,
        )
    )
