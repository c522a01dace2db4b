"""Negotiation (协商): offers of either side and their answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StrictInt

from gongdao.app import negotiate
from gongdao.core.kernel.words import Party, Remedy
from gongdao.core.remedies.offer import Terms
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey, IfMatch, version
from gongdao.web.api.v1.case_shapes import OutcomeOut, outcome_out

router = Router(tags=["negotiation"])
Preview = Annotated[bool, Query(description="Decide, but write nothing.")]


class OfferIn(Schema):
    """What is proposed; amounts in fen."""

    model_config = ConfigDict(extra="forbid")

    remedy: Literal[
        "refund_only",
        "partial_refund",
        "return_refund",
        "compensate",
        "exchange",
        "reship",
        "repair",
    ] = Field(examples=["partial_refund"])
    refund_fen: StrictInt = Field(default=0, examples=[2000])
    compensation_fen: StrictInt = 0
    return_freight: Literal["buyer", "merchant"] = "merchant"
    note: str = ""


class AnswerIn(Schema):
    """The answer to an offer: the other side accepts or declines, its own side withdraws."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal["accept", "decline", "withdraw"]


@router.post("/{case_id}/offers", response=OutcomeOut, summary="Make an offer, or counter one")
def offer(
    request: HttpRequest,
    case_id: str,
    body: OfferIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
    *,
    preview: Preview = False,
) -> dict[str, Any]:
    """Propose how to settle. An offer still open, of either side, is replaced."""
    terms = Terms(
        remedy=Remedy(body.remedy),
        refund_fen=body.refund_fen,
        compensation_fen=body.compensation_fen,
        return_freight=Party(body.return_freight),
    )
    outcome = negotiate.offer(
        caller(request),
        case_id,
        terms,
        key=key,
        note=body.note,
        expected_version=version(if_match),
        preview=preview,
    )
    return outcome_out(outcome)


@router.post("/{case_id}/offers/{number}/answer", response=OutcomeOut, summary="Answer an offer")
def answer(
    request: HttpRequest,
    case_id: str,
    number: int,
    body: AnswerIn,
    key: IdempotencyKey,
    if_match: IfMatch = None,
    *,
    preview: Preview = False,
) -> dict[str, Any]:
    """Accept, decline or withdraw. Acceptance binds both sides and ends a dispute."""
    outcome = negotiate.answer(
        caller(request),
        case_id,
        number,
        body.answer,
        key=key,
        expected_version=version(if_match),
        preview=preview,
    )
    return outcome_out(outcome)
