"""Report a payment (支付结果): the payment system says how an instructed payment fares."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import ReportPayment
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

PaymentResult = Literal["sent", "confirmed", "failed"]
RESULTS = ("sent", "confirmed", "failed")


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
    `payment.amount_differs` when another amount was paid than was granted.
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
    return carry_out(
        request,
        lambda _case, _now: ReportPayment(
            number=number,
            outcome=result,
            amount_fen=amount_fen,
            external_ref=external_ref,
            by=caller.actor,
        ),
    )


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
