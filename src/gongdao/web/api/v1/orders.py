"""Orders (订单): the marketplace tells them; people and programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StrictInt

from gongdao.app.cancel_order import cancel_order
from gongdao.app.intake_orders import tell_orders as tell
from gongdao.app.privacy import RECEIVER
from gongdao.app.queries.orders import order, orders
from gongdao.app.queries.queue import queue
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.words import Party, Reason
from gongdao.core.remedies.parcel import OutboundParcel, ParcelLine
from gongdao.store.order_list import OrdersWanted
from gongdao.store.queue import Wanted
from gongdao.web.api.authentication import caller
from gongdao.web.api.headers import IdempotencyKey
from gongdao.web.api.sparse import Fields, sparse, sparse_page
from gongdao.web.api.v1.case_shapes import OutcomeOut, TextOut, outcome_out
from gongdao.web.api.v1.order_shapes import OrderOut

router = Router(tags=["orders"])
MOST_ORDERS = 1000


class OrderLineIn(Schema):
    """One line of an order; `paid_fen` is what was really paid for all of it."""

    model_config = ConfigDict(extra="forbid")

    line_id: str
    title: str
    quantity: StrictInt
    paid_fen: StrictInt
    own_price_fen: StrictInt | None = Field(
        default=None, description="Of the whole line by itself; of a gift, its marked price."
    )
    gift: bool = False


class ParcelLineIn(Schema):
    """How many of an order line are in a parcel."""

    model_config = ConfigDict(extra="forbid")

    line_id: str
    quantity: StrictInt


class ParcelIn(Schema):
    """One parcel of the order on its way to the buyer."""

    model_config = ConfigDict(extra="forbid")

    tracking_number: str
    carrier: str = ""
    lines: list[ParcelLineIn] = Field(
        default_factory=list, description="What is in it; empty: not known."
    )
    shipped_at: AwareDatetime | None = None
    signed_at: AwareDatetime | None = None


class OrderIn(Schema):
    """An order as the marketplace knows it; told again when it has moved on."""

    model_config = ConfigDict(extra="forbid")

    order_id: str
    shop_id: str
    buyer_id: str
    platform: str
    payment: Literal["online", "cod"]
    placed_at: AwareDatetime
    lines: list[OrderLineIn]
    freight_fen: StrictInt = 0
    freight_prepaid_by: Literal["buyer", "merchant"] = "buyer"
    paid_at: AwareDatetime | None = None
    promised_ship_at: AwareDatetime | None = None
    shipped_at: AwareDatetime | None = None
    promised_delivery_at: AwareDatetime | None = None
    signed_at: AwareDatetime | None = None
    succeeded_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    tracking_number: str | None = None
    region: str | None = None
    attributes: dict[str, bool | StrictInt | str] = Field(default_factory=dict)
    parcels: list[ParcelIn] = Field(
        default_factory=list,
        description="Each parcel by itself, all of them each time the order is told;"
        " `shipped_at` and `signed_at` of the order follow from them when not told.",
    )


class IntakeIn(Schema):
    """Orders of one marketplace."""

    model_config = ConfigDict(extra="forbid")

    marketplace_id: str
    orders: list[OrderIn] = Field(max_length=MOST_ORDERS)


class RefusedOrderOut(Schema):
    """An order that was not taken in, and why."""

    shop_id: str
    order_id: str
    code: str
    field: str | None
    message: TextOut


class IntakeOut(Schema):
    """What became of the orders told."""

    new: int
    changed: int
    same: int
    refused: list[RefusedOrderOut]


class OrderPageOut(Schema):
    """A page of orders; give `next_cursor` as `cursor` for the next one."""

    items: list[OrderOut]
    next_cursor: str | None


class OrdersWantedIn(Schema):
    """Which orders."""

    search: str | None = Field(default=None, description="The beginning of an order id.")
    marketplace_id: str | None = None
    shop_id: str | None = None
    buyer_id: str | None = None
    placed_since: AwareDatetime | None = None
    placed_until: AwareDatetime | None = Field(default=None, description="Before this instant.")
    changed_since: AwareDatetime | None = Field(
        default=None, description="Told anew since this instant."
    )
    refundable: bool | None = Field(
        default=None, description="Whether something may still be claimed back."
    )


class OrderStandingOut(Schema):
    """An order, what may still be claimed back, and its cases."""

    order: OrderOut
    refundable_fen: int
    case_ids: list[str]


@router.post("", response=IntakeOut, summary="Tell orders")
def tell_orders(
    request: HttpRequest,
    body: IntakeIn,
    *,
    watch: Annotated[
        bool, Query(description="Unpaid orders expire by the platform's clock.")
    ] = False,
) -> dict[str, Any]:
    """Take in up to 1,000 orders. The same orders told again change nothing: no key is needed."""
    told = [_order(o) for o in body.orders]
    report = tell(caller(request), body.marketplace_id, told, watch=watch)
    return {
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "refused": [
            {
                "shop_id": r.shop_id,
                "order_id": r.order_id,
                "code": r.finding.code,
                "field": r.finding.field,
                "message": r.finding.message,
            }
            for r in report.refused
        ],
    }


@router.get("", response=OrderPageOut, summary="List orders")
def list_orders(
    request: HttpRequest,
    wanted: Annotated[OrdersWantedIn, Query()],
    cursor: str | None = None,
    limit: int = 50,
    fields: Fields = None,
) -> Any:  # noqa: ANN401  OrderPageOut, or of its items the fields wanted
    """Return orders the caller may see, newest first."""
    page = orders(caller(request), OrdersWanted(**wanted.model_dump()), cursor=cursor, limit=limit)
    answer = {
        "items": [_out(row.order) for row in page.rows],
        "next_cursor": page.next_cursor,
    }
    return sparse_page(OrderPageOut, OrderOut, answer, fields)


@router.get("/{shop_id}/{order_id}", response=OrderStandingOut, summary="One order")
def get_order(request: HttpRequest, shop_id: str, order_id: str, fields: Fields = None) -> Any:  # noqa: ANN401  OrderStandingOut, or the fields wanted of it
    """Return one order."""
    asker = caller(request)
    known = order(asker, shop_id, order_id)
    rows = [
        row
        for is_open in (True, False)
        for row in queue(asker, Wanted(shop_id=shop_id, order_id=order_id, open=is_open)).rows
    ]
    standing = {
        "order": _out(known.order),
        "refundable_fen": known.refundable_fen,
        "case_ids": [row.case_id for row in rows],
    }
    return sparse(OrderStandingOut, standing, fields)


class CancelIn(Schema):
    """Why the order is to be cancelled."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal[
        "not_wanted", "wrong_order", "out_of_stock", "late_shipping", "refused", "other"
    ] = Field(default="not_wanted", description="`refused`: the parcel was not taken at the door.")
    description: str = ""


@router.post(
    "/{shop_id}/{order_id}/cancellation",
    response=OutcomeOut,
    summary="Cancel an order, or ask for it",
)
def cancel(
    request: HttpRequest, shop_id: str, order_id: str, body: CancelIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Cancel by the order's own process: by payment kind and stage, as the rulebook lets."""
    outcome = cancel_order(
        caller(request),
        shop_id=shop_id,
        order_id=order_id,
        key=key,
        reason=Reason(body.reason),
        description=body.description,
    )
    return outcome_out(outcome)


def _order(told: OrderIn) -> Order:
    given = told.model_dump(exclude={"lines", "freight_prepaid_by", "parcels"})
    lines = tuple(OrderLine(**line.model_dump()) for line in told.lines)
    return Order(
        lines=lines,
        freight_prepaid_by=Party(told.freight_prepaid_by),
        parcels=tuple(_parcel(p) for p in told.parcels),
        **given,
    )


def _parcel(told: ParcelIn) -> OutboundParcel:
    lines = tuple(ParcelLine(**line.model_dump()) for line in told.lines)
    return OutboundParcel(lines=lines, **told.model_dump(exclude={"lines"}))


def _out(known: Order) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(asdict(known))
    return plain | {"paid_fen": known.paid_fen, "receiver": _receiver(known)}


def _receiver(known: Order) -> dict[str, Any] | None:
    told = {n.removeprefix("receiver_"): known.attributes.get(n) for n in sorted(RECEIVER)}
    return told if any(told.values()) else None
