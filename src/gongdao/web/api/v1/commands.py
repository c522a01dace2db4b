"""Commands on a case (案件命令): actions with their preview, findings, payment reports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr

from gongdao.app import act as act_case
from gongdao.app import record_finding, report_payment
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey, IfMatch, version
from gongdao.web.api.v1.case_shapes import OutcomeOut, outcome_out

router = Router(tags=["commands"])
PlainIn = StrictBool | StrictInt | StrictStr


class ActIn(Schema):
    """An action that the process offers, and what it needs."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(examples=["reject"])
    payload: dict[str, PlainIn] = Field(default_factory=dict, examples=[{"reason": "…"}])
    track: str | None = None


class FindingIn(Schema):
    """A fact that was established, and the evidence for it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    value: PlainIn
    evidence: list[str] = Field(default_factory=list)
    note: str = ""


class PaymentIn(Schema):
    """How an instructed payment fares."""

    model_config = ConfigDict(extra="forbid")

    number: int
    result: Literal["sent", "confirmed", "failed"]
    amount_fen: StrictInt
    external_ref: str = ""


@router.post("/{case_id}/actions", response=OutcomeOut, summary="Do an action, or preview it")
def act(
    request: HttpRequest,
    case_id: str,
    body: ActIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
    *,
    preview: Annotated[bool, Query(description="Decide, but write nothing.")] = False,
) -> dict[str, Any]:
    """Do `action` in the caller's role. With `preview=true` nothing is written."""
    outcome = act_case.act(
        caller(request),
        case_id,
        body.action,
        body.payload,
        key=key,
        track=body.track,
        expected_version=version(if_match),
        preview=preview,
    )
    return outcome_out(outcome)


@router.post("/{case_id}/findings", response=OutcomeOut, summary="Record a finding")
def find(
    request: HttpRequest,
    case_id: str,
    body: FindingIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Record a fact that a rulebook of the case asks for."""
    outcome = record_finding.record(
        caller(request),
        case_id,
        body.name,
        body.value,
        key=key,
        evidence=tuple(body.evidence),
        note=body.note,
        expected_version=version(if_match),
    )
    return outcome_out(outcome)


@router.post("/{case_id}/payments", response=OutcomeOut, summary="Report a payment")
def pay(request: HttpRequest, case_id: str, body: PaymentIn, key: IdempotencyKey) -> dict[str, Any]:
    """Report grant `number` of the case as sent, confirmed or failed."""
    outcome = report_payment.report(
        caller(request),
        case_id,
        body.number,
        body.result,
        amount_fen=body.amount_fen,
        external_ref=body.external_ref,
        key=key,
    )
    return outcome_out(outcome)
