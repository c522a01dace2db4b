"""Report a payment (支付结果): the payment system says how an instructed payment fares.

It may say so twice, late, in any order, or for another amount. What does not fit what was decided
becomes an exception for the operator; what failed is instructed again, later each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import ReportPayment
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import MoneyState, Party
from gongdao.core.remedies.transfer import Channel, Grant
from gongdao.store.cases import find_case
from gongdao.store.connection import Connection, transaction
from gongdao.store.payments import NewException, add_exception, instruct_again

PaymentResult = Literal["sent", "confirmed", "failed"]
RESULTS = ("sent", "confirmed", "failed")
#: An instruction goes out this often, over about four hours; then the operator is asked.
MOST_ATTEMPTS = 10
AMOUNT_DIFFERS = "amount_differs"


def report(  # noqa: PLR0913  the arguments are what the payment system says
    caller: Caller,
    case_id: str,
    number: int,
    result: PaymentResult,
    *,
    amount_fen: int,
    external_ref: str,
    key: str,
    now: datetime | None = None,
) -> Outcome:
    """Report grant `number` of the case as sent, confirmed or failed, for `amount_fen`.

    A report that repeats or is overtaken by a later one changes nothing. Raises Refused; Conflict
    `payment.amount_differs` when another amount was paid than was granted, which is then also an
    exception for the operator.
    """
    check_text(external_ref, "external_ref")
    _check_result(result)
    request = Request(
        caller=caller,
        verb=Verb.REPORT_PAYMENT,
        case_id=case_id,
        key=key,
        content={
            "number": number,
            "result": result,
            "amount_fen": amount_fen,
            "external_ref": external_ref,
        },
        now=now,
    )
    seen = _Seen(amount_fen, external_ref)
    outcome: Outcome | Conflict
    with transaction() as on:
        try:
            outcome = carry_out(request, lambda case, _now: seen.report(case, request, result))
        except Conflict as refusal:
            if refusal.code != "payment.amount_differs":
                raise
            outcome = refusal
            seen.note(on, AMOUNT_DIFFERS)
        else:
            seen.follow_up(on, result)
    if isinstance(outcome, Conflict):
        raise outcome
    return outcome


@dataclass(slots=True)
class _Seen:
    """A report against what the case said when it came."""

    amount_fen: int
    external_ref: str
    case: Case | None = None
    """None as long as the command was not carried out: it had been before."""
    number: int = 0

    def report(self, case: Case, request: Request, result: str) -> ReportPayment:
        """Return the command, having seen the case that it is for."""
        self.case = case
        self.number = int(str(request.content["number"]))
        return ReportPayment(
            number=self.number,
            outcome=result,
            amount_fen=self.amount_fen,
            external_ref=self.external_ref,
            by=request.caller.actor,
        )

    def follow_up(self, on: Connection, result: PaymentResult) -> None:
        """Note what does not fit; let a payment that failed be instructed again."""
        if self.case is None:
            return
        grant = self._grant(self.case)
        if kind := _misfit(grant, result, self.external_ref, self.amount_fen):
            self.note(on, kind)
        elif (
            result == "failed"
            and grant.state in {MoneyState.GRANTED, MoneyState.SENT}
            and grant.channel is Channel.PLATFORM
            and not instruct_again(
                on,
                self.case.shop_id,
                self.case.id,
                self.number,
                trouble=f"failed: {self.external_ref}",
                most_attempts=MOST_ATTEMPTS,
            )
        ):
            self.note(on, "retries_exhausted")

    def note(self, on: Connection, kind: str) -> None:
        """Write the exception."""
        if self.case is None:
            return
        held = find_case(on, self.case.id, lock=False)
        if held is None:
            return
        add_exception(
            on,
            NewException(
                marketplace_id=held.marketplace_id,
                shop_id=self.case.shop_id,
                order_id=self.case.order.order_id,
                case_id=self.case.id,
                number=self.number,
                kind=kind,
                expected_fen=self._grant(self.case).net_fen(Party.BUYER),
                reported_fen=self.amount_fen,
                external_ref=self.external_ref,
            ),
        )

    def _grant(self, case: Case) -> Grant:
        return case.grants[self.number - 1]


def _misfit(grant: Grant, result: PaymentResult, external_ref: str, amount_fen: int) -> str | None:
    """Return the kind of exception that a report is on a payment that has come to its end."""
    match grant.state, result:
        case MoneyState.VOID, "confirmed":
            return "paid_after_withdrawal"
        case MoneyState.CONFIRMED, "failed":
            return "failed_after_confirmation"
        case MoneyState.CONFIRMED, "confirmed" if external_ref != (grant.external_ref or ""):
            return "paid_twice"
        case MoneyState.CONFIRMED, "confirmed" if amount_fen != grant.net_fen(Party.BUYER):
            return AMOUNT_DIFFERS
        case _:
            return None


def _check_result(result: str) -> None:
    if result not in RESULTS:
        raise BadInput(
            Finding(
                code="payment.unknown_result",
                field="result",
                message=Text(
                    "支付结果须为 sent、confirmed 或 failed",
                    "a payment is reported as sent, confirmed or failed",
                ),
            )
        )
