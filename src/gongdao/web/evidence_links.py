"""Evidence links (凭证链接): signed, good for minutes, for one reader and one piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from gongdao.app.callers import callers_of
from gongdao.app.permissions import EVIDENCE, not_visible
from gongdao.app.queries.evidence import open_evidence
from gongdao.web.callers import name_of
from gongdao.web.evidence_answer import evidence_answer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.permissions import Caller

GOOD_FOR = timedelta(minutes=5)
_signer = TimestampSigner(salt="gongdao.evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLink:
    """An address that shows one piece of evidence without a key or a session, for a while."""

    url: str
    expires_at: datetime


def make_link(caller: Caller, case_id: str, evidence_id: str) -> EvidenceLink:
    """Return a link for the caller. Raises NotAllowed, NotVisible."""
    with open_evidence(caller, case_id, evidence_id):
        expires_at = datetime.now(UTC) + GOOD_FOR
    token = sign(caller, case_id, evidence_id)
    return EvidenceLink(url=reverse("evidence_link", args=[token]), expires_at=expires_at)


def sign(caller: Caller, case_id: str, evidence_id: str) -> str:
    """Return the token of a link; following it asks again whether its reader may see the piece."""
    token: str = _signer.sign_object([caller.user_id, name_of(caller), case_id, evidence_id])
    return token


def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for, if it is young, unchanged, and its reader may still see it."""
    del request
    try:
        user_id, name, case_id, evidence_id = _signer.unsign_object(token, max_age=GOOD_FOR)
    except BadSignature:
        raise not_visible(EVIDENCE, "token") from None
    reader = next((c for c in callers_of(user_id) if name_of(c) == name), None)
    if reader is None:
        raise not_visible(EVIDENCE, "token")
    answer = evidence_answer(reader, case_id, evidence_id)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
