"""Webhook endpoints (接收地址): where a marketplace or a shop wants to hear what happens.

An operator makes them for his marketplace, a merchant for one of his shops.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import uuid_utils.compat

from gongdao.app.audit_call import audited
from gongdao.app.permissions import MARKETPLACE, SHOP, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.codec import KINDS
from gongdao.store.connection import Connection, transaction
from gongdao.store.invoices import MESSAGE_KINDS as INVOICE_KINDS
from gongdao.store.marketplaces import find_marketplace, shop_marketplace
from gongdao.store.rows import INSTRUCTED
from gongdao.store.webhooks import (
    DeliveryRow,
    DeliveryState,
    EndpointRow,
    NewEndpoint,
    add_endpoint,
    add_test_delivery,
    change_secret,
    deliveries,
    disable_endpoint,
    endpoints,
    replay_deliveries,
)

ENDPOINT = Text("接收地址", "webhook endpoint")
#: Every kind of message an endpoint may ask for.
MESSAGE_KINDS = (*(f"case.{kind}" for kind in KINDS.values()), INSTRUCTED, *INVOICE_KINDS)
_SECRET_BYTES = 32
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEndpoint:
    """A new endpoint; its secret is shown only now."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """Messages of an endpoint, newest first."""

    rows: tuple[DeliveryRow, ...]
    next_cursor: str | None


def make_endpoint(
    caller: Caller,
    marketplace_id: str,
    url: str,
    *,
    shop_id: str | None = None,
    kinds: tuple[str, ...] = (),
) -> MadeEndpoint:
    """Make an endpoint. Raises NotAllowed, NotVisible; BadInput `webhook.bad_url`, `.bad_kind`.

    Plain HTTP is for sandboxes only; whether the address is a public one is looked at when sending.
    """
    with audited(caller, Verb.MANAGE_WEBHOOKS, shop_id) as on:
        sandbox = _check_reach(on, caller, marketplace_id, shop_id)
        _check_url(url, sandbox=sandbox)
        if unknown := sorted(set(kinds) - set(MESSAGE_KINDS)):
            raise _bad("kinds", "webhook.bad_kind", Text(f"没有“{unknown[0]}”这种消息",
                f"there is no message of kind `{unknown[0]}`"))  # fmt: skip
        made = MadeEndpoint(id=str(uuid_utils.compat.uuid7()), secret=_new_secret())
        add_endpoint(
            on,
            NewEndpoint(
                id=UUID(made.id),
                marketplace_id=marketplace_id,
                shop_id=shop_id,
                url=url,
                secret=made.secret,
                kinds=kinds,
                made_by=caller.user_id,
            ),
        )
    return made


def list_endpoints(caller: Caller) -> tuple[EndpointRow, ...]:
    """Return the caller's endpoints with how many messages wait and how many were given up."""
    allow(caller, Verb.MANAGE_WEBHOOKS)
    with transaction() as on:
        return _visible(on, caller)


def rotate_secret(caller: Caller, endpoint_id: str) -> MadeEndpoint:
    """Return the endpoint with a new secret, which signs from now on."""
    with audited(caller, Verb.MANAGE_WEBHOOKS) as on:
        found = _find(on, caller, endpoint_id)
        made = MadeEndpoint(id=found.id, secret=_new_secret())
        change_secret(on, found.id, made.secret)
    return made


def disable(caller: Caller, endpoint_id: str) -> None:
    """Send the endpoint nothing any more; what waits for it stays where it is."""
    with audited(caller, Verb.MANAGE_WEBHOOKS) as on:
        disable_endpoint(on, _find(on, caller, endpoint_id).id)


def send_test(caller: Caller, endpoint_id: str) -> str:
    """Let a signed test event go out with the next round; returns the id of the message."""
    with audited(caller, Verb.MANAGE_WEBHOOKS) as on:
        made = uuid_utils.compat.uuid7()
        add_test_delivery(on, made, _find(on, caller, endpoint_id).id)
    return str(made)


def replay(caller: Caller, endpoint_id: str, delivery_id: str | None = None) -> int:
    """Let one dead letter, or all of the endpoint, go out again; returns how many."""
    one = None if delivery_id is None else _uuid(delivery_id, "delivery_id")
    with audited(caller, Verb.MANAGE_WEBHOOKS) as on:
        return replay_deliveries(on, _find(on, caller, endpoint_id).id, one)


def list_deliveries(
    caller: Caller,
    endpoint_id: str,
    *,
    state: DeliveryState = "all",
    cursor: str | None = None,
    limit: int = 50,
) -> DeliveryPage:
    """Return a page of the endpoint's messages. Raises BadInput `webhook.bad_cursor`."""
    allow(caller, Verb.MANAGE_WEBHOOKS)
    size = max(1, min(limit, LARGEST_PAGE))
    with transaction() as on:
        found = _find(on, caller, endpoint_id)
        rows = deliveries(on, found.id, state, _read_cursor(cursor), size + 1)
    last = rows[size - 1] if len(rows) > size else None
    return DeliveryPage(
        rows=rows[:size],
        next_cursor=None if last is None else f"{last.created_at.isoformat()}_{last.id}",
    )


def _check_reach(on: Connection, caller: Caller, marketplace_id: str, shop_id: str | None) -> bool:
    """Return whether the marketplace is a sandbox; what is not the caller's does not exist."""
    market = find_marketplace(on, marketplace_id)
    if market is None or marketplace_id not in caller.marketplace_ids:
        raise not_visible(MARKETPLACE, "marketplace_id")
    if shop_id is None and caller.role is Role.MERCHANT:
        raise _bad("shop_id", "webhook.shop_required", Text("请指明店铺", "name one of your shops"))
    if shop_id is not None and not (
        shop_marketplace(on, shop_id) == marketplace_id
        and caller.sees(marketplace_id=marketplace_id, shop_id=shop_id, buyer_id="")
    ):
        raise not_visible(SHOP, "shop_id")
    return market.sandbox


def _visible(on: Connection, caller: Caller) -> tuple[EndpointRow, ...]:
    shops = caller.shop_ids if caller.role is Role.MERCHANT else None
    return endpoints(on, caller.marketplace_ids, shops)


def _find(on: Connection, caller: Caller, endpoint_id: str) -> EndpointRow:
    found = next((e for e in _visible(on, caller) if e.id == endpoint_id), None)
    if found is None:
        raise not_visible(ENDPOINT, "endpoint_id")
    return found


def _check_url(url: str, *, sandbox: bool) -> None:
    check_text(url, "url")
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable or parts.scheme not in ({"https", "http"} if sandbox else {"https"}):
        raise _bad(
            "url",
            "webhook.bad_url",
            Text("须为 https 地址，不含账号", "an https address without a user name is wanted"),
        )


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    at, _, last = cursor.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise _bad(
            "cursor",
            "webhook.bad_cursor",
            Text("翻页标记无效", "the cursor is not one that a page gave"),
        ) from None


def _uuid(text: str, field: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise not_visible(Text("投递", "delivery"), field) from None


def _bad(field: str, code: str, message: Text) -> BadInput:
    return BadInput(Finding(code=code, field=field, message=message))
