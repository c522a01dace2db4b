"""Joined cases (并案): cases of one buyer and one shop, opened, heard and ruled together."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StrictInt

from gongdao.app.join_act import Payloads, act_in_all, preview_in_all, record_in_all
from gongdao.app.join_cases import join, separate
from gongdao.app.join_open import Asked, open_together
from gongdao.app.queries.joined import group, group_statement
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.join import MOST_JOINED
from gongdao.core.kernel.words import Claim, Reason
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.v1.case_shapes import CaseOut, OutcomeOut, TextOut, case_out, outcome_out
from gongdao.web.api.v1.cases import LineIn
from gongdao.web.api.v1.commands import FindingIn, PlainIn
from gongdao.web.api.v1.hearing import ReasonsOut, SectionOut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gongdao.app.outcome import Outcome

router = Router(tags=["joined"])


class RequestIn(Schema):
    """What is asked on one order; no lines: all of it; no amount: all that was paid."""

    model_config = ConfigDict(extra="forbid")

    order_id: str
    claim: Claim
    reason: Reason
    lines: list[LineIn] = Field(default_factory=list)
    requested_fen: StrictInt | None = None
    description: str = ""


class OpenTogetherIn(Schema):
    """Requests on several orders of one shop: all are opened, or none."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    requests: list[RequestIn] = Field(max_length=MOST_JOINED)


class JoinIn(Schema):
    """Open cases of one buyer and one shop, and why they are heard together."""

    model_config = ConfigDict(extra="forbid")

    case_ids: list[str] = Field(max_length=MOST_JOINED)
    reason: str = Field(examples=["同一批次，同一问题"])


class SeparateIn(Schema):
    """A case of the group, and why it is heard by itself."""

    model_config = ConfigDict(extra="forbid")

    case_id: str
    reason: str = Field(examples=["案情不同"])


class JointActIn(Schema):
    """An action in several cases; no case named: all of the group that still run."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(examples=["rule"])
    cases: dict[str, dict[str, PlainIn]] = Field(
        default_factory=dict, description="Case id → payload; with `rule`, an overrule stands here."
    )


class OutcomesOut(Schema):
    """What a command led to in each case, oldest case first."""

    items: list[OutcomeOut]


class RefusedOut(Schema):
    """Why a case would refuse."""

    code: str
    field: str | None
    message: TextOut
    cure: TextOut | None


class ProspectOut(Schema):
    """What an action would lead to in a case, or why it would refuse."""

    case_id: str
    outcome: OutcomeOut | None
    refused: RefusedOut | None


class ProspectsOut(Schema):
    """A preview, case by case."""

    items: list[ProspectOut]


class MemberOut(Schema):
    """A case of the group."""

    case: CaseOut
    waits_for: list[str]
    evidence_complete: bool


class GroupOut(Schema):
    """A group of joined cases; those that have ended are shown too."""

    group: str
    marketplace_id: str
    now: datetime
    members: list[MemberOut]


class JointStatementOut(Schema):
    """The rulings of the group as the caller's side is told of them."""

    group: str
    audience: str
    title: TextOut
    overview: SectionOut
    parts: list[ReasonsOut]


@router.post("/openings", response=OutcomesOut, summary="Open cases on several orders at once")
def open_several(
    request: HttpRequest,
    body: OpenTogetherIn,
    key: IdempotencyKey,
    *,
    preview: Annotated[bool, Query(description="Decide, but write nothing.")] = False,
) -> dict[str, Any]:
    """Ask for after-sales on several orders of one shop; the cases are joined."""
    asked = [
        Asked(
            order_id=one.order_id,
            claim=one.claim,
            reason=one.reason,
            lines=tuple(LineAsked(**li.dict()) for li in one.lines),
            requested_fen=one.requested_fen,
            description=one.description,
        )
        for one in body.requests
    ]
    return _outcomes(open_together(caller(request), body.shop_id, asked, key=key, preview=preview))


@router.post("", response=OutcomesOut, summary="Join cases")
def join_cases(request: HttpRequest, body: JoinIn, key: IdempotencyKey) -> dict[str, Any]:
    """Hear open cases of one buyer and one shop together, with those joined to them already."""
    return _outcomes(join(caller(request), body.case_ids, body.reason, key=key))


@router.post("/separations", response=OutcomesOut, summary="Separate a case")
def separate_case(request: HttpRequest, body: SeparateIn, key: IdempotencyKey) -> dict[str, Any]:
    """Hear a case by itself again; evidence referred to so far stays on its record."""
    return _outcomes(separate(caller(request), body.case_id, body.reason, key=key))


@router.get("/{group_id}", response=GroupOut, summary="A group of joined cases")
def get_group(request: HttpRequest, group_id: str) -> dict[str, Any]:
    """Return the cases of a group as they stand."""
    found = group(caller(request), group_id)
    return {
        "group": found.group,
        "marketplace_id": found.marketplace_id,
        "now": found.now,
        "members": [
            {
                "case": case_out(member.case),
                "waits_for": [role.value for role in member.waits_for],
                "evidence_complete": member.evidence_complete,
            }
            for member in found.members
        ],
    }


@router.post("/{group_id}/findings", response=OutcomesOut, summary="Record a finding in all")
def find_in_all(
    request: HttpRequest, group_id: str, body: FindingIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Record a fact in every case of the group that still runs, or in none."""
    return _outcomes(
        record_in_all(
            caller(request),
            group_id,
            body.name,
            body.value,
            key=key,
            evidence=tuple(body.evidence),
            note=body.note,
        )
    )


@router.post("/{group_id}/actions", response=OutcomesOut, summary="Act in all, rule together")
def act_together(
    request: HttpRequest, group_id: str, body: JointActIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Do an action in several cases in one transaction, each by its own rules; all or none."""
    payloads: Payloads = dict(body.cases)
    return _outcomes(act_in_all(caller(request), group_id, body.action, payloads, key=key))


@router.post(
    "/{group_id}/actions/preview", response=ProspectsOut, summary="Preview an action in all"
)
def preview_together(request: HttpRequest, group_id: str, body: JointActIn) -> dict[str, Any]:
    """Say what the action would lead to in each case, or why it would refuse; writes nothing."""
    payloads: Payloads = dict(body.cases)
    prospects = preview_in_all(caller(request), group_id, body.action, payloads)
    return {
        "items": [
            {
                "case_id": one.case_id,
                "outcome": outcome_out(one.outcome) if one.outcome is not None else None,
                "refused": one.refused.findings[0] if one.refused is not None else None,
            }
            for one in prospects
        ]
    }


@router.get(
    "/{group_id}/statement", response=JointStatementOut, summary="Joint statement of reasons"
)
def get_joint_statement(request: HttpRequest, group_id: str) -> Any:  # noqa: ANN401  ninja shapes it
    """Return every ruling of the group, told to the caller's side; 404 while there is none."""
    return group_statement(caller(request), group_id)


def _outcomes(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    return {"items": [outcome_out(outcome) for outcome in outcomes]}
