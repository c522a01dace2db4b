"""Evidence (凭证): hand in a file, and read it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from gongdao.app import submit_evidence
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.v1.case_shapes import OutcomeOut, outcome_out
from gongdao.web.evidence_answer import evidence_answer
from gongdao.web.evidence_links import EvidenceLink, make_link

router = Router(tags=["evidence"])


@router.post("/{case_id}/evidence", response=OutcomeOut, summary="Hand in evidence")
def hand_in(
    request: HttpRequest,
    case_id: str,
    key: IdempotencyKey,
    file: Annotated[UploadedFile, File(description="At most 20 MB; recognised by its content.")],
    kind: Annotated[str, Form(description="photo, chat, tracking, appraisal, voucher, …")],
    note: Annotated[str, Form()] = "",
) -> dict[str, Any]:
    """Add a file to the case as evidence of the caller's side."""
    outcome = submit_evidence.submit(
        caller(request),
        case_id,
        name=file.name or "evidence",
        stream=file,
        kind=kind,
        note=note,
        key=key,
    )
    return outcome_out(outcome)


class LinkOut(Schema):
    """An address that needs no key, for its reader alone and for some minutes."""

    url: str
    expires_at: datetime


@router.get(
    "/{case_id}/evidence/{evidence_id}/link", response=LinkOut, summary="A signed link to evidence"
)
def link(request: HttpRequest, case_id: str, evidence_id: str) -> EvidenceLink:
    """Return a signed, short-lived address of one piece of evidence."""
    return make_link(caller(request), case_id, evidence_id)


@router.get("/{case_id}/evidence/{evidence_id}/content", summary="Read evidence")
def content(request: HttpRequest, case_id: str, evidence_id: str) -> HttpResponse:
    """Return the file itself."""
    return evidence_answer(caller(request), case_id, evidence_id)
