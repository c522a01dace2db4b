"""Merchant strategies (商家策略): kept, tried on past requests, switched on and off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from gongdao.app import strategies
from gongdao.web.api.authentication import caller
from gongdao.web.api.v1.case_shapes import TextOut
from gongdao.web.strategy_proof import prove

router = Router(tags=["strategies"])


class StrategyIn(Schema):
    """A rulebook whose asked table gives `agree: boolean`."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="YAML; models: `merchant/fast-refund`, `merchant/auto-return`.")


class RemarkOut(Schema):
    """A remark of the checker."""

    code: str
    severity: str
    field: str | None
    message: TextOut


class KeptOut(Schema):
    """The new version, and what the checker remarked."""

    name: str
    version: int
    remarks: list[RemarkOut]


class StrategyOut(Schema):
    """One version of a strategy."""

    name: str
    version: int
    text: str
    made_by: str
    made_at: datetime
    tried_at: datetime | None
    is_on: bool
    switched_by: str
    switched_at: datetime | None


class DryRunOut(Schema):
    """What the version would have done to past requests."""

    requests: int
    agreed: int
    agreed_fen: int
    undecided: int
    by_row: dict[str, int]
    outcomes: dict[str, int]
    sample: list[str]


class SwitchIn(Schema):
    """On or off."""

    model_config = ConfigDict(extra="forbid")

    on: bool


@router.post("/{shop_id}/strategies", response=KeptOut, summary="Keep a new version")
def keep(request: HttpRequest, shop_id: str, body: StrategyIn) -> dict[str, Any]:
    """Check and keep a strategy; it is off until it was tried and switched on."""
    name, version, remarks = strategies.keep(caller(request), shop_id, body.text, prove)
    return {"name": name, "version": version, "remarks": [msgspec.to_builtins(r) for r in remarks]}


@router.get("/{shop_id}/strategies", response=list[StrategyOut], summary="Every version")
def every_version(request: HttpRequest, shop_id: str) -> list[dict[str, Any]]:
    """Return every version of the shop's strategies."""
    found = strategies.versions(caller(request), shop_id)
    return [
        {f: getattr(row, f) for f in row.__slots__ if f != "body"} | {"text": row.body.decode()}
        for row in found
    ]


@router.post(
    "/{shop_id}/strategies/{name}/{version}/dry-run", response=DryRunOut, summary="Try a version"
)
def dry_run(
    request: HttpRequest, shop_id: str, name: str, version: int, days: int = 90
) -> dict[str, Any]:
    """Tell what it would have agreed to among the requests of the last days."""
    report = strategies.dry_run(caller(request), shop_id, name, version, days=days)
    return msgspec.to_builtins(report)  # type: ignore[no-any-return]


@router.post(
    "/{shop_id}/strategies/{name}/{version}/switch",
    response=list[StrategyOut],
    summary="Switch",
)
def switch(
    request: HttpRequest, shop_id: str, name: str, version: int, body: SwitchIn
) -> list[dict[str, Any]]:
    """Switch a tried version on, and the others of its name off; or switch it off."""
    strategies.switch(caller(request), shop_id, name, version, to=body.on)
    return every_version(request, shop_id)
