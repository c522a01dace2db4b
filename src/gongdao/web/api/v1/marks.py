"""Marks (行为认定): findings about the conduct of buyers, merchants and adjudicators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongdao.app.queries import marks as asked
from gongdao.core.kernel.words import Role
from gongdao.web.api.authentication import caller

router = Router(tags=["marks"])


class ConductMarkOut(Schema):
    """One finding; `lifted_at` when it was withdrawn."""

    case_id: str
    number: int
    about: str
    subject: str
    kind: str
    cause: str
    actor: str
    at: datetime
    lifted_at: datetime | None


class MarksOut(Schema):
    """Findings, newest first."""

    items: list[ConductMarkOut]


@router.get("", response=MarksOut, summary="Findings of bad conduct")
def list_marks(
    request: HttpRequest,
    about: Role | None = None,
    subject: str | None = None,
    *,
    standing: bool = False,
) -> dict[str, Any]:
    """Return marks, of one kind of person or of one person, all or those that stand."""
    found = asked.marks(caller(request), about=about, subject=subject, standing=standing)
    return {"items": list(found)}
