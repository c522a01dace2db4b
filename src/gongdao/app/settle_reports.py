"""Settle reports (对账回报): how many payments fare, by the reference each was instructed under.

The reference and the payment system's own number name a report, so no key is needed: the same
report again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from uuid import UUID

from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.report_payment import PaymentResult, report
from gongdao.core.kernel.findings import Conflict, Finding, Refused
from gongdao.core.kernel.text import Text

PAYMENT = Text("款项", "payment")
Settled = Literal["taken", "exception", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the payment system says of one payment."""

    reference: str
    result: PaymentResult
    amount_fen: int
    external_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettled:
    """What became of one report."""

    reference: str
    settled: Settled
    state: str | None = None
    """How far the payment has come now."""
    finding: Finding | None = None


def settle(caller: Caller, reports: Iterable[Report]) -> tuple[ReportSettled, ...]:
    """Take reports one by one: what is wrong with one does not hold up the others."""
    allow(caller, Verb.REPORT_PAYMENT)
    return tuple(_settle(caller, told) for told in reports)


def _settle(caller: Caller, told: Report) -> ReportSettled:
    try:
        case_id, number = read_reference(told.reference)
        outcome = report(
            caller,
            case_id,
            number,
            told.result,
            amount_fen=told.amount_fen,
            external_ref=told.external_ref,
            key=_key(told),
        )
    except Refused as refusal:
        exceptional = isinstance(refusal, Conflict) and refusal.code == "payment.amount_differs"
        return ReportSettled(
            reference=told.reference,
            settled="exception" if exceptional else "refused",
            finding=refusal.findings[0],
        )
    state = outcome.case.grants[number - 1].state
    return ReportSettled(reference=told.reference, settled="taken", state=state)


def read_reference(reference: str) -> tuple[str, int]:
    """Return the case and the number of the payment instructed under `reference`.

    Raises NotVisible: what is no reference is one that nobody ever got.
    """
    case_id, _, number = reference.rpartition("-")
    try:
        return str(UUID(case_id)), int(number)
    except ValueError:
        raise not_visible(PAYMENT, "reference") from None


def _key(told: Report) -> str:
    said = f"{told.reference}\n{told.result}\n{told.amount_fen}\n{told.external_ref}"
    return f"report-{sha256(said.encode()).hexdigest()}"
