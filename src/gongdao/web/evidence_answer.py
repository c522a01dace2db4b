"""Evidence as an answer (凭证下载): the file itself, unable to run in the reader's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongdao.app.queries.evidence import open_evidence

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller

#: Shown in place; everything else is downloaded.
SHOWN_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def evidence_answer(caller: Caller, case_id: str, evidence_id: str) -> HttpResponse:
    """Return the content of one piece of evidence, unable to run anything. Raises NotVisible."""
    with open_evidence(caller, case_id, evidence_id) as (item, content):
        shown = item.media_type in SHOWN_IMAGES
        answer = HttpResponse(content.read(), content_type=item.media_type)
        answer["Content-Disposition"] = content_disposition_header(not shown, item.name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
