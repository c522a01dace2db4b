"""Parcels (退货物流): inspections of what came back, and losses."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from gongdao.app import handle_parcels
from gongdao.core.remedies.parcel import Condition, LabelItem
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey, IfMatch, version
from gongdao.web.api.v1.case_shapes import OutcomeOut, outcome_out

router = Router(tags=["parcels"])


class InspectionIn(Schema):
    """What was in the returned parcel, and what its label lacked."""

    model_config = ConfigDict(extra="forbid")

    condition: Literal["intact", "damaged", "wrong_goods", "empty"]
    missing_gifts: list[str] = Field(
        default_factory=list, description="Lines of gifts that did not come back."
    )
    label_lacks: list[Literal["order", "request", "name", "contact"]] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    note: str = ""


class LossIn(Schema):
    """The carrier's own record of the loss."""

    model_config = ConfigDict(extra="forbid")

    proof: str


@router.post("/{case_id}/inspection", response=OutcomeOut, summary="Inspect what came back")
def inspect(
    request: HttpRequest,
    case_id: str,
    body: InspectionIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Record the condition of the returned goods; missing gifts are charged as marked."""
    outcome = handle_parcels.inspect_return(
        caller(request),
        case_id,
        Condition(body.condition),
        key=key,
        missing_gifts=body.missing_gifts,
        label_lacks=[LabelItem(item) for item in body.label_lacks],
        evidence=body.evidence,
        note=body.note,
        expected_version=version(if_match),
    )
    return outcome_out(outcome)


@router.post("/{case_id}/loss", response=OutcomeOut, summary="Report the parcel as lost")
def lose(request: HttpRequest, case_id: str, body: LossIn, key: IdempotencyKey) -> dict[str, Any]:
    """End the request with the refund that follows from the loss; the carrier bears it."""
    outcome = handle_parcels.report_lost(caller(request), case_id, body.proof, key=key)
    return outcome_out(outcome)
