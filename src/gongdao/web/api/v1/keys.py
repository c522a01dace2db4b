"""Keys (密钥) of programs: made for a role or one shop, listed, rotated, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field

from gongdao.app import keys
from gongdao.web.api.authentication import caller

router = Router(tags=["keys"])


class KeyIn(Schema):
    """A key to be made; no shop, no cases: for all that the caller may act for and see."""

    model_config = ConfigDict(extra="forbid")

    name: str
    scopes: list[str]
    shop_id: str | None = None
    case_ids: list[str] | None = Field(
        default=None,
        description="Only these cases exist for the key: for an outside expert, a carrier.",
    )
    expires_at: AwareDatetime | None = None


class MadeKeyOut(Schema):
    """A new key, shown only now."""

    id: str
    key: str


class KeyOut(Schema):
    """A key as its owner sees it."""

    id: str
    name: str
    role: str
    shop_id: str | None
    case_ids: list[str] | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeysOut(Schema):
    """The caller's keys, newest first."""

    items: list[KeyOut]


@router.get("", response=KeysOut, summary="List keys")
def list_keys(request: HttpRequest) -> dict[str, Any]:
    """Return the caller's keys with when each was last used."""
    return {"items": list(keys.list_keys(caller(request)))}


@router.post("", response=MadeKeyOut, summary="Make a key")
def make_key(request: HttpRequest, body: KeyIn) -> keys.MadeKey:
    """Make a key with some of the caller's own scopes."""
    return keys.add_key(
        caller(request),
        body.name,
        frozenset(body.scopes),
        shop_id=body.shop_id,
        case_ids=frozenset(body.case_ids) if body.case_ids is not None else None,
        expires_at=body.expires_at,
    )


@router.post("/{key_id}/rotate", response=MadeKeyOut, summary="Rotate a key")
def rotate_key(
    request: HttpRequest, key_id: str, overlap_seconds: int = keys.OVERLAP_SECONDS
) -> keys.MadeKey:
    """Return a new key like this one, which opens nothing after the overlap."""
    return keys.rotate(caller(request), key_id, overlap_seconds)


@router.delete("/{key_id}", response={204: None}, summary="Revoke a key")
def revoke_key(request: HttpRequest, key_id: str) -> Status[None]:
    """Let the key open nothing from now on."""
    keys.revoke(caller(request), key_id)
    return Status(204, None)
