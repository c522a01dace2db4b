"""Claims on offer (可申请的诉求): what may be asked for on an order now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongdao.app.queries.claims import claims_of
from gongdao.core.kernel.words import label
from gongdao.web.api.authentication import caller
from gongdao.web.api.v1.case_shapes import TextOut

router = Router(tags=["orders"])


class ClaimOut(Schema):
    """A claim; `code` and `message` say what bars it now."""

    claim: str
    title: TextOut
    open: bool
    code: str | None
    message: TextOut | None


class ClaimsOut(Schema):
    """Every claim, in fixed order."""

    items: list[ClaimOut]


@router.get("/{shop_id}/{order_id}/claims", response=ClaimsOut, summary="What may be asked for now")
def list_claims(request: HttpRequest, shop_id: str, order_id: str) -> dict[str, Any]:
    """Return every claim: open, or what bars it now. Price protection is open in its period.

    What reason, goods and amounts bar is told when the case is previewed.
    """
    return {
        "items": [
            {
                "claim": offered.claim.value,
                "title": label(offered.claim),
                "open": offered.barred is None,
                "code": offered.barred.code if offered.barred else None,
                "message": offered.barred.message if offered.barred else None,
            }
            for offered in claims_of(caller(request), shop_id, order_id)
        ]
    }
