"""Health (健康): whether this server answers and reaches its database. For load balancers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

import gongdao
from gongdao.store.connection import transaction

router = Router(tags=["health"])


class HealthOut(Schema):
    """The server is well; otherwise it does not answer 200."""

    status: str
    version: str


@router.get("", response=HealthOut, auth=None, summary="Is it well?")
def health(request: HttpRequest) -> dict[str, Any]:
    """Answer after one question to the database."""
    del request
    with transaction() as on:
        on.execute("SELECT 1")
    return {"status": "ok", "version": gongdao.__version__}
