"""Callers (调用者): the roles a signed-in user may act in, and the one a program's key acts in."""

from __future__ import annotations

import secrets
from datetime import datetime

import uuid_utils.compat

from gongdao.app.permissions import ALL_SCOPES, SHOP, Caller, Post, not_visible
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import transaction
from gongdao.store.people import MembershipRow, NewToken, add_token, find_token, memberships

_KEY_BYTES = 32
_KEY_PREFIX = "gd_"


def callers_of(user_id: str) -> tuple[Caller, ...]:
    """Return every role the user may act in: one caller a role, and one for each buyer he is."""
    with transaction() as on:
        rows = memberships(on, user_id)
    return _callers(user_id, rows, ALL_SCOPES)


def caller_of_key(key: str) -> Caller | None:
    """Return whom a program's key acts as; None when it is unknown, expired or revoked.

    What the key's user may no longer do, the key may no longer do either.
    """
    with transaction() as on:
        token = find_token(on, key)
        if token is None:
            return None
        rows = tuple(
            r
            for r in memberships(on, token.user_id)
            if r.role == token.role and token.shop_id in {None, r.shop_id}
        )
    return next(iter(_callers(token.user_id, rows, token.scopes)), None)


def make_key(
    caller: Caller,
    name: str,
    scopes: frozenset[str],
    *,
    expires_at: datetime | None = None,
    shop_id: str | None = None,
) -> str:
    """Return a new key that acts in the caller's role with these scopes; it is shown only now.

    With `shop_id` it is for that shop only. Raises BadInput `token.bad_scope` for a scope that does
    not exist or that the caller lacks; NotVisible for a shop that is not the caller's.
    """
    if shop_id is not None and shop_id not in caller.shop_ids:
        raise not_visible(SHOP, "shop_id")
    unknown = scopes - caller.scopes
    if unknown or not scopes:
        known = ", ".join(sorted(caller.scopes))
        raise BadInput(
            Finding(
                code="token.bad_scope",
                field="scopes",
                message=Text("权限范围无效", "the scopes are not valid"),
                cure=Text(f"可选：{known}", f"choose from: {known}"),
            )
        )
    key = _KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    token = NewToken(
        token_id=uuid_utils.compat.uuid7(),
        user_id=caller.user_id,
        role=caller.post,
        name=name,
        key=key,
        scopes=scopes,
        expires_at=expires_at,
        shop_id=shop_id,
    )
    with transaction() as on:
        add_token(on, token)
    return key


def _callers(
    user_id: str, rows: tuple[MembershipRow, ...], scopes: frozenset[str]
) -> tuple[Caller, ...]:
    grouped: dict[tuple[Post, str | None], list[MembershipRow]] = {}
    for row in rows:
        # A buyer's id means something in its own marketplace only.
        buyer = f"{row.marketplace_id}\n{row.buyer_id}" if row.buyer_id is not None else None
        grouped.setdefault((Post(row.role), buyer), []).append(row)
    return tuple(
        Caller(
            user_id=user_id,
            role=post.role,
            agent=post is Post.AGENT,
            marketplace_ids=frozenset(r.marketplace_id for r in group),
            shop_ids=frozenset(r.shop_id for r in group if r.shop_id is not None),
            buyer_id=group[0].buyer_id,
            scopes=scopes,
        )
        for (post, _), group in grouped.items()
    )
