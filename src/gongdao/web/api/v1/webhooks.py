"""Webhooks: endpoints, a signed test event, messages and dead letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from gongdao.app import webhook_endpoints
from gongdao.store.webhooks import DeliveryState
from gongdao.web.api.authentication import caller

router = Router(tags=["webhooks"])


class EndpointIn(Schema):
    """Where to tell what happens; no kinds: everything; no shop: the whole marketplace."""

    model_config = ConfigDict(extra="forbid")

    marketplace_id: str
    shop_id: str | None = None
    url: str = Field(examples=["https://erp.example.com/gongdao"])
    kinds: list[str] = Field(
        default_factory=list, examples=[["payment.instructed", "case.ruled", "case.closed"]]
    )


class MadeEndpointOut(Schema):
    """An endpoint and the secret that signs its messages; the secret is shown only now."""

    id: str
    secret: str


class EndpointOut(Schema):
    """An endpoint and how many messages wait for it or were given up."""

    id: str
    marketplace_id: str
    shop_id: str | None
    url: str
    kinds: list[str]
    created_at: datetime
    disabled_at: datetime | None
    waiting: int
    dead: int


class EndpointsOut(Schema):
    """Every endpoint of the caller."""

    items: list[EndpointOut]


class DeliveryOut(Schema):
    """A message to an endpoint and how it fared."""

    id: str
    shop_id: str | None
    case_id: str | None
    seq: int
    kind: str
    attempt: int
    created_at: datetime
    tries: int
    trouble: str
    try_at: datetime | None
    delivered_at: datetime | None
    dead_at: datetime | None


class DeliveryPageOut(Schema):
    """A page of messages, newest first; give `next_cursor` as `cursor` for the next one."""

    items: list[DeliveryOut]
    next_cursor: str | None


class TestOut(Schema):
    """The id of the test event: the `webhook-id` under which it goes out."""

    delivery_id: str


class ReplayedOut(Schema):
    """How many dead letters go out again."""

    replayed: int


@router.post("", response=MadeEndpointOut, summary="Make an endpoint")
def make_endpoint(request: HttpRequest, body: EndpointIn) -> dict[str, Any]:
    """Make an endpoint. Messages follow Standard Webhooks, their bodies CloudEvents 1.0."""
    made = webhook_endpoints.make_endpoint(
        caller(request),
        body.marketplace_id,
        body.url,
        shop_id=body.shop_id,
        kinds=tuple(body.kinds),
    )
    return {"id": made.id, "secret": made.secret}


@router.get("", response=EndpointsOut, summary="List endpoints")
def list_endpoints(request: HttpRequest) -> dict[str, Any]:
    """Return the caller's endpoints."""
    return {"items": list(webhook_endpoints.list_endpoints(caller(request)))}


@router.delete("/{endpoint_id}", response={204: None}, summary="Disable an endpoint")
def disable_endpoint(request: HttpRequest, endpoint_id: str) -> Status[None]:
    """Send the endpoint nothing any more."""
    webhook_endpoints.disable(caller(request), endpoint_id)
    return Status(204, None)


@router.post("/{endpoint_id}/secret", response=MadeEndpointOut, summary="Change the secret")
def rotate_secret(request: HttpRequest, endpoint_id: str) -> dict[str, Any]:
    """Return a new secret, which signs from now on."""
    made = webhook_endpoints.rotate_secret(caller(request), endpoint_id)
    return {"id": made.id, "secret": made.secret}


@router.post("/{endpoint_id}/test", response=TestOut, summary="Send a signed test event")
def send_test(request: HttpRequest, endpoint_id: str) -> dict[str, Any]:
    """Let a test event of type `gongdao.webhook.test` go out within seconds."""
    return {"delivery_id": webhook_endpoints.send_test(caller(request), endpoint_id)}


@router.get("/{endpoint_id}/deliveries", response=DeliveryPageOut, summary="List messages")
def list_deliveries(
    request: HttpRequest,
    endpoint_id: str,
    state: DeliveryState = "all",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return the endpoint's messages; `state=dead`: those given up."""
    page = webhook_endpoints.list_deliveries(
        caller(request), endpoint_id, state=state, cursor=cursor, limit=limit
    )
    return {"items": list(page.rows), "next_cursor": page.next_cursor}


@router.post("/{endpoint_id}/replay", response=ReplayedOut, summary="Replay dead letters")
def replay(
    request: HttpRequest, endpoint_id: str, delivery_id: str | None = None
) -> dict[str, Any]:
    """Let one dead letter, or all of them, go out again."""
    done = webhook_endpoints.replay(caller(request), endpoint_id, delivery_id)
    return {"replayed": done}
