"""People and programs (人员与密钥): in which roles a user may act, and whose a key is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A user may act in a role: for a marketplace, one of its shops, or as one of its buyers."""

    role: str
    marketplace_id: str
    shop_id: str | None = None
    buyer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A key that is valid now."""

    token_id: str
    user_id: str
    role: str
    scopes: frozenset[str]
    shop_id: str | None
    """The only shop the key is for; None: all that its user may act for."""
    case_ids: frozenset[str] | None = None
    """The only cases the key is for; None: all that its user may see."""


def memberships(on: Connection, user_id: str) -> tuple[MembershipRow, ...]:
    """Return what an active user may act as, by role and marketplace."""
    rows = fetch_all(on, "memberships", user_id=UUID(user_id))
    return tuple(
        MembershipRow(role=row[0], marketplace_id=row[1], shop_id=row[2], buyer_id=row[3])
        for row in rows
    )


def add_membership(on: Connection, user_id: str, membership: MembershipRow) -> None:
    """Let a user act in a role; a second time changes nothing."""
    execute(
        on,
        "add_membership",
        user_id=UUID(user_id),
        role=membership.role,
        marketplace_id=membership.marketplace_id,
        shop_id=membership.shop_id,
        buyer_id=membership.buyer_id,
    )


def hash_of(key: str) -> bytes:
    """Return what is kept of a key. Keys are long and random, so a plain digest is enough."""
    return sha256(key.encode()).digest()


def find_token(on: Connection, key: str) -> TokenRow | None:
    """Return the key's row if it is neither revoked nor expired and its user is active."""
    row = fetch_one(on, "find_token", hash=hash_of(key))
    if row is None:
        return None
    return TokenRow(
        token_id=str(row[0]),
        user_id=str(row[1]),
        role=row[2],
        scopes=frozenset(row[3]),
        shop_id=row[4],
        case_ids=_ids(row[5]),
    )


def _ids(kept: Iterable[UUID] | None) -> frozenset[str] | None:
    return None if kept is None else frozenset(str(key) for key in kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A key about to be made; only its hash is kept."""

    token_id: UUID
    user_id: str
    role: str
    name: str
    key: str
    scopes: frozenset[str]
    expires_at: datetime | None = None
    shop_id: str | None = None
    case_ids: frozenset[str] | None = None


def add_token(on: Connection, token: NewToken) -> None:
    """Keep the hash of a new key."""
    execute(
        on,
        "add_token",
        id=token.token_id,
        user_id=UUID(token.user_id),
        role=token.role,
        name=token.name,
        hash=hash_of(token.key),
        scopes=sorted(token.scopes),
        expires_at=token.expires_at,
        shop_id=token.shop_id,
        case_ids=None if token.case_ids is None else [UUID(c) for c in sorted(token.case_ids)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as its owner sees it: never the key itself."""

    id: str
    name: str
    role: str
    shop_id: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    case_ids: tuple[str, ...] | None = None
    """The only cases it is for; None: no such limit."""


def keys_of(on: Connection, user_id: str, role: str) -> tuple[KeyRow, ...]:
    """Return the keys a user made in a role, newest first."""
    rows = fetch_all(on, "keys_of", user_id=UUID(user_id), role=role)
    return tuple(
        KeyRow(
            id=str(row[0]),
            name=row[1],
            role=row[2],
            shop_id=row[3],
            scopes=tuple(row[4]),
            created_at=row[5],
            expires_at=row[6],
            revoked_at=row[7],
            last_used_at=row[8],
            case_ids=None if row[9] is None else tuple(str(key) for key in row[9]),
        )
        for row in rows
    )


def revoke_key(on: Connection, key_id: str) -> None:
    """Let the key open nothing from now on."""
    execute(on, "revoke_key", key_id=UUID(key_id))


def end_key_at_latest(on: Connection, key_id: str, seconds: int) -> None:
    """Let the key open nothing after so many seconds."""
    execute(on, "end_key", key_id=UUID(key_id), seconds=seconds)
