"""Force majeure (不可抗力): preview, declare, end, revoke; which declarations there are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from gongdao.app.force_majeure import declare as declaring
from gongdao.app.force_majeure import withdraw
from gongdao.core.kernel.text import Text
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.v1.case_shapes import TextOut

router = Router(tags=["force majeure"])


class DeclareIn(Schema):
    """A region, a period, and the official proof; no `until`: until it is ended."""

    model_config = ConfigDict(extra="forbid")

    marketplace_id: str
    province: str = Field(examples=["上海市"])
    city: str = ""
    district: str = Field(default="", examples=["浦东新区"])
    since: AwareDatetime
    until: AwareDatetime | None = None
    title_zh: str = Field(default="不可抗力", examples=["台风“梅花”"])
    title_en: str = Field(default="force majeure", examples=["typhoon Muifa"])
    proof: str = Field(examples=["沪防汛〔2024〕12 号"])


class RevokeIn(Schema):
    """Why it is taken back."""

    model_config = ConfigDict(extra="forbid")

    because: str


class DeclarationOut(Schema):
    """A declaration as it stands."""

    id: str
    marketplace_id: str
    province: str
    city: str
    district: str
    since: datetime
    until: datetime | None
    title: TextOut
    proof: str
    declared_by: str
    declared_at: datetime
    ended_at: datetime | None
    revoked_at: datetime | None
    revoked_because: str
    cases: int


class MovedClockOut(Schema):
    """A clock before and after."""

    case_id: str
    order_id: str
    region: str
    track: str
    name: str
    was_due_at: datetime
    due_at: datetime
    paused: bool
    reason: TextOut


class ReachOut(Schema):
    """How many cases and clocks, by stage of the after-sale, and a sample of the clocks."""

    cases: int
    clocks: int
    by_stage: dict[str, int]
    sample: list[MovedClockOut]


class DeclaredOut(Schema):
    """A declaration and what it reached, or would reach."""

    declaration: DeclarationOut
    reach: ReachOut
    preview: bool
    repeated: bool


class DeclarationsOut(Schema):
    """Every declaration, newest first."""

    items: list[DeclarationOut]


@router.post("", response=DeclaredOut, summary="Declare force majeure, or preview it")
def declare(
    request: HttpRequest,
    body: DeclareIn,
    key: IdempotencyKey,
    *,
    preview: Annotated[bool, Query(description="Count and sample, but write nothing.")] = False,
) -> dict[str, Any]:
    """Leave a period out of the clocks of every open case of a region."""
    done = declaring.declare(
        caller(request),
        declaring.Declaring(
            marketplace_id=body.marketplace_id,
            province=body.province,
            city=body.city,
            district=body.district,
            since=body.since,
            until=body.until,
            title=Text(body.title_zh, body.title_en),
            proof=body.proof,
        ),
        key=key,
        preview=preview,
    )
    return {
        "declaration": _plain(done.row),
        "reach": _plain(done.reach),
        "preview": done.preview,
        "repeated": done.repeated,
    }


@router.get("", response=DeclarationsOut, summary="Declarations of force majeure")
def listed(request: HttpRequest) -> dict[str, Any]:
    """Return the declarations of the caller's marketplaces."""
    return {"items": [_plain(row) for row in withdraw.listed(caller(request))]}


@router.post("/{declaration_id}/end", response=ReachOut, summary="End an open declaration")
def end(request: HttpRequest, declaration_id: str) -> dict[str, Any]:
    """Let the clocks go on with what they had left."""
    return _plain(withdraw.end(caller(request), declaration_id))


@router.post("/{declaration_id}/revoke", response=ReachOut, summary="Revoke a declaration")
def revoke(request: HttpRequest, declaration_id: str, body: RevokeIn) -> dict[str, Any]:
    """Set deadlines and assessment back as if it had never been declared."""
    return _plain(withdraw.revoke(caller(request), declaration_id, body.because))


def _plain(value: object) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain
