"""Take in requests (接入售后申请): a marketplace's own after-sale requests become cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from gongdao.app.decide_opening import Opening
from gongdao.app.import_batch import ImportTarget, row_error
from gongdao.app.open_many import open_many
from gongdao.app.permissions import ORDER, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.findings import BadInput, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.imports import RowError
from gongdao.store.marketplaces import shop_marketplace

_REQUESTS = UUID("0d6b4a52-9a64-4d43-9a07-1b6a6f6f3c55")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTold:
    """A buyer's request as the marketplace tells it."""

    request_id: str
    """Names the request within its shop."""
    shop_id: str
    order_id: str
    claim: Claim
    reason: Reason
    lines: tuple[LineAsked, ...] = ()
    """Empty: all of the order."""
    requested_fen: int | None = None
    description: str = ""
    asked_at: datetime | None = None
    """None: now."""


def request_case_id(marketplace_id: str, shop_id: str, request_id: str) -> str:
    """Return the id of the case that a request becomes: one request, one case."""
    named = f"{len(marketplace_id)}:{marketplace_id}{len(shop_id)}:{shop_id}{request_id}"
    return str(uuid5(_REQUESTS, named))


def take_requests(target: ImportTarget, items: Sequence[tuple[int, RequestTold]]) -> list[RowError]:
    """Open a case for each request, in the order given; told again it stays the case it is.

    Runs in the caller's transaction. A request that the rules do not accept is an error of its row.
    """
    errors: list[RowError] = []
    openings: dict[str, tuple[int, Opening]] = {}
    with transaction() as on:
        now = marketplace_now(on, target.marketplace_id)
        shops = {
            shop_id: shop_marketplace(on, shop_id) for shop_id in {t.shop_id for _, t in items}
        }
    for row, told in items:
        try:
            if shops[told.shop_id] != target.marketplace_id:
                raise not_visible(ORDER, "order_id")
            opening = _opening(target, told, now)
            if opening.case_id in openings:
                raise _repeated(told.request_id)
        except Refused as refusal:
            errors.append(row_error(row, refusal.findings[0]))
        else:
            openings[opening.case_id] = (row, opening)
    done = open_many([opening for _, opening in openings.values()])
    errors.extend(
        row_error(openings[case_id][0], refusal.findings[0]) for case_id, refusal in done.refused
    )
    return errors


def _opening(target: ImportTarget, told: RequestTold, now: datetime) -> Opening:
    check_text(told.request_id, "request_id")
    check_text(told.description, "description")
    if told.asked_at is not None and told.asked_at > now:
        raise BadInput(
            Finding(
                code="request.in_future",
                field="asked_at",
                message=Text("申请时间在将来", "the request is dated in the future"),
                cure=Text("检查时间与时区", "check the time and its zone"),
            )
        )
    return Opening(
        case_id=request_case_id(target.marketplace_id, told.shop_id, told.request_id),
        shop_id=told.shop_id,
        order_id=told.order_id,
        claim=told.claim,
        reason=told.reason,
        by=target.caller.actor,
        lines=told.lines,
        requested_fen=told.requested_fen,
        description=told.description,
        at=told.asked_at or now,
    )


def _repeated(request_id: str) -> BadInput:
    return BadInput(
        Finding(
            code="import.repeated_request",
            field="request_id",
            message=Text(
                f"申请 {request_id} 在前面已出现",
                f"request {request_id} stands earlier in the file",
            ),
            cure=Text("一次申请的各行须相邻", "rows of one request stand together"),
        )
    )
