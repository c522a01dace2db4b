"""Callers (调用者): the roles a signed-in user may act in, and the one a program's key acts in."""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

import uuid_utils.compat

from gongdao.app.permissions import ALL_SCOPES, CASE, SHOP, Caller, Post, not_visible
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.cases import find_case
from gongdao.store.connection import Connection, transaction
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
    found = next(iter(_callers(token.user_id, rows, token.scopes)), None)
    return replace(found, case_ids=token.case_ids) if found is not None else None


def make_key(
    caller: Caller,
    name: str,
    scopes: frozenset[str],
    *,
    expires_at: datetime | None = None,
    shop_id: str | None = None,
    case_ids: AbstractSet[str] | None = None,
) -> str:
    """Return a new key that acts in the caller's role with these scopes; it is shown only now.

    With `shop_id` it is for that shop only, with `case_ids` for those cases only. Raises BadInput
    `token.bad_scope` for a scope that does not exist or that the caller lacks, `token.no_cases` for
    an empty list; NotVisible for a shop or a case that is not the caller's.
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
        case_ids=frozenset(case_ids) if case_ids is not None else None,
    )
    with transaction() as on:
        _check_cases(on, caller, case_ids, shop_id)
        add_token(on, token)
    return key


def _check_cases(
    on: Connection, caller: Caller, case_ids: AbstractSet[str] | None, shop_id: str | None
) -> None:
    """Let a key be for cases that its maker sees, and of its shop when it is for one."""
    if case_ids is not None and not case_ids:
        raise BadInput(
            Finding(
                code="token.no_cases",
                field="case_ids",
                message=Text("未列出案件的密钥没有用处", "a key for no case is of no use"),
                cure=Text("列出案件号，或不限案件", "name cases, or do not limit it to any"),
            )
        )
    for case_id in sorted(case_ids or ()):
        held = find_case(on, case_id, lock=False)
        if (
            held is None
            or shop_id not in {None, held.case.shop_id}
            or not caller.sees(
                marketplace_id=held.marketplace_id,
                shop_id=held.case.shop_id,
                buyer_id=held.case.order.buyer_id,
                case_id=held.case.id,
            )
        ):
            raise not_visible(CASE, "case_ids")


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
