"""Cases (案件): open, list, read; the timeline and what the caller may do now."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StrictInt

from gongdao.app.open_case import open_case
from gongdao.app.queries.case_page import case_page
from gongdao.app.queries.queue import queue
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.words import Arbitration, Claim, Goods, MoneyState, Reason, Role
from gongdao.store.queue import Wanted
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.sparse import Fields, sparse, sparse_page
from gongdao.web.api.v1.case_shapes import (
    AllowedActionOut,
    CaseOut,
    EventOut,
    OutcomeOut,
    TextOut,
    allowed_out,
    case_out,
    event_out,
    outcome_out,
)

router = Router(tags=["cases"])


class LineIn(Schema):
    """A quantity of one order line."""

    model_config = ConfigDict(extra="forbid")

    line_id: str
    quantity: StrictInt
    seen_price_fen: StrictInt | None = None
    """For `price_protection`: what one costs now, without freight."""


class OpenIn(Schema):
    """A request for after-sales; no lines: the whole order; no amount: all that was paid."""

    model_config = ConfigDict(extra="forbid")

    shop_id: str
    order_id: str
    claim: Claim
    reason: Reason
    lines: list[LineIn] = Field(default_factory=list)
    requested_fen: StrictInt | None = None
    description: str = ""


class CaseRowOut(Schema):
    """A case as a list shows it."""

    case_id: str
    shop_id: str
    marketplace_id: str
    order_id: str
    buyer_id: str
    version: int
    claim: str
    reason: str
    requested_fen: int
    stage: str
    goods: str
    money: str
    arbitration: str
    waits_for: list[str]
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    next_due_at: datetime | None


class CasePageOut(Schema):
    """A page of cases; give `next_cursor` as `cursor` for the next one."""

    items: list[CaseRowOut]
    next_cursor: str | None


class WantedIn(Schema):
    """Which cases."""

    order: Literal["due", "opened"] = "due"
    open: bool | None = None
    waits_for: Role | None = None
    claim: Claim | None = None
    reason: Reason | None = None
    stage: str | None = None
    arbitration: Arbitration | None = None
    disputed: bool = False
    goods: Goods | None = None
    money: MoneyState | None = None
    outcome: str | None = None
    region: str | None = None
    marketplace_id: str | None = None
    shop_id: str | None = None
    order_id: str | None = None
    buyer_id: str | None = None
    opened_since: AwareDatetime | None = None
    opened_until: AwareDatetime | None = Field(
        default=None, description="Before this instant, as every `until` and `before`."
    )
    closed_since: AwareDatetime | None = None
    closed_until: AwareDatetime | None = None
    due_before: AwareDatetime | None = None
    search: str | None = Field(
        default=None, description="A case id, or the beginning of an order id."
    )


class PaymentOut(Schema):
    """A payment and how far it has come."""

    number: int
    reference: str
    amount_fen: int
    channel: str
    state: str
    external_ref: str | None


class CaseStandingOut(Schema):
    """A case with what goes with it: whom it waits for, the caller's actions, its payments."""

    case: CaseOut
    marketplace_id: str
    now: datetime
    waits_for: list[str]
    allowed: list[AllowedActionOut]
    payments: list[PaymentOut]
    facts_wanted: list[str]
    clauses: dict[str, TextOut]


class TimelineEntryOut(EventOut):
    """An event, its number, and when it was written; null: about to be."""

    seq: int
    recorded_at: datetime | None


class TimelineOut(Schema):
    """Every event of the case, oldest first."""

    items: list[TimelineEntryOut]


@router.post("", response={200: OutcomeOut}, summary="Open a case, or preview it")
def open_one(
    request: HttpRequest,
    body: OpenIn,
    key: IdempotencyKey,
    *,
    preview: Annotated[bool, Query(description="Decide, but write nothing.")] = False,
) -> dict[str, Any]:
    """Ask for after-sales on an order."""
    outcome = open_case(
        caller(request),
        shop_id=body.shop_id,
        order_id=body.order_id,
        claim=body.claim,
        reason=body.reason,
        lines=[LineAsked(**li.dict()) for li in body.lines],
        requested_fen=body.requested_fen,
        description=body.description,
        key=key,
        preview=preview,
    )
    return outcome_out(outcome)


@router.get("", response=CasePageOut, summary="List cases")
def list_cases(
    request: HttpRequest,
    wanted: Annotated[WantedIn, Query()],
    cursor: str | None = None,
    limit: int = 50,
    fields: Fields = None,
) -> Any:  # noqa: ANN401  CasePageOut, or of its items the fields wanted
    """Return cases the caller may see; `order=due`: open ones, soonest deadline first."""
    page = queue(caller(request), Wanted(**wanted.model_dump()), cursor=cursor, limit=limit)
    answer = {"items": list(page.rows), "next_cursor": page.next_cursor}
    return sparse_page(CasePageOut, CaseRowOut, answer, fields)


@router.get("/{case_id}", response=CaseStandingOut, summary="One case")
def get_case(
    request: HttpRequest, response: HttpResponse, case_id: str, fields: Fields = None
) -> Any:  # noqa: ANN401  CaseStandingOut, or the fields wanted of it
    """Return one case; its version is also the `ETag`."""
    page = case_page(caller(request), case_id)
    standing = {
        "case": case_out(page.case),
        "marketplace_id": page.marketplace_id,
        "now": page.now,
        "waits_for": [role.value for role in page.waits_for],
        "allowed": allowed_out(page.allowed),
        "payments": list(page.payments),
        "facts_wanted": list(page.facts_wanted()),
        "clauses": {name: source.text for name, source in page.clauses.items()},
    }
    answer = sparse(CaseStandingOut, standing, fields)
    # An answer of some fields is written already; the other one takes its headers from ninja.
    told = answer if isinstance(answer, HttpResponse) else response
    told["ETag"] = f'"{page.case.version}"'
    return answer


@router.get("/{case_id}/timeline", response=TimelineOut, summary="What happened")
def get_timeline(request: HttpRequest, case_id: str) -> dict[str, Any]:
    """Return every event of the case."""
    page = case_page(caller(request), case_id)
    return {
        "items": [
            event_out(e.event) | {"seq": e.seq, "recorded_at": e.recorded_at} for e in page.timeline
        ]
    }
