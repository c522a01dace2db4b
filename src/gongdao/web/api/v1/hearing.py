"""Hearing (审理): the evidence checklist, challenges, matches, statements of reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from gongdao.app import challenge_evidence
from gongdao.app.queries.case_page import case_page
from gongdao.app.queries.evidence import evidence_matches
from gongdao.app.queries.statement_of_reasons import statement
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.v1.case_shapes import (
    ChallengeOut,
    EvidenceOut,
    OutcomeOut,
    TextOut,
    outcome_out,
)

router = Router(tags=["hearing"])


class SlotOut(Schema):
    """A kind of evidence that the ground of the case calls for."""

    kind: str
    title: TextOut
    party: str
    required: bool
    missing: bool
    given: list[str]
    cite: list[str]
    only_if: list[TextOut] = Field(description="Facts still unknown that decide whether it is.")


class PieceOut(Schema):
    """A piece of evidence and whether the other side may still challenge it."""

    item: EvidenceOut
    challenges: list[ChallengeOut]
    challenge_open: bool
    challenge_until: datetime | None


class ChecklistOut(Schema):
    """What is wanted, from whom, and what is there."""

    complete: bool
    slots: list[SlotOut]
    pieces: list[PieceOut]


class ChallengeIn(Schema):
    """Why the other side's evidence should not count."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(examples=["照片不是本订单的商品"])


class MatchOut(Schema):
    """The same file, or a picture like it, in another case."""

    evidence_id: str
    other_case_id: str
    other_evidence_id: str
    other_shop_id: str
    other_order_id: str
    other_buyer_id: str
    given_by: str
    at: datetime
    distance: int = Field(description="Bits of 256 in which the pictures differ; 0: the same.")


class MatchesOut(Schema):
    """Everywhere the evidence of the case turns up again, closest first."""

    items: list[MatchOut]


class SectionOut(Schema):
    """A heading and its sentences."""

    title: TextOut
    lines: list[TextOut]


class ReasonsOut(Schema):
    """A ruling as the caller's side is told of it."""

    case_id: str
    number: int
    audience: str
    at: datetime
    in_force: bool
    title: TextOut
    sections: list[SectionOut]
    dossier_digest: str | None


@router.get(
    "/{case_id}/evidence-checklist", response=ChecklistOut, summary="Evidence wanted and given"
)
def get_checklist(request: HttpRequest, case_id: str) -> Any:  # noqa: ANN401  ninja shapes it
    """Return what the ground of the case calls for, what is missing, and whose it is to give."""
    return case_page(caller(request), case_id).checklist


@router.post(
    "/{case_id}/evidence/{evidence_id}/challenges",
    response=OutcomeOut,
    summary="Challenge the other side's evidence",
)
def challenge(
    request: HttpRequest, case_id: str, evidence_id: str, body: ChallengeIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Say why a piece of the other side's evidence should not count, within the time for it."""
    return outcome_out(
        challenge_evidence.challenge(caller(request), case_id, evidence_id, body.reason, key=key)
    )


@router.get(
    "/{case_id}/evidence-matches", response=MatchesOut, summary="The same evidence elsewhere"
)
def get_matches(request: HttpRequest, case_id: str) -> dict[str, Any]:
    """Return other cases with the same file or a picture like it. For those who rule only."""
    return {"items": list(evidence_matches(caller(request), case_id))}


@router.get(
    "/{case_id}/rulings/{number}/statement",
    response=ReasonsOut,
    summary="Statement of reasons of a ruling",
)
def get_statement(request: HttpRequest, case_id: str, number: int) -> Any:  # noqa: ANN401
    """Return what was ruled, on which facts, evidence and clauses, told to the caller's side."""
    return statement(caller(request), case_id, number)
