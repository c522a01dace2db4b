"""Callers (调用者): from a session or a key to the one role and scope that a request acts in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gongdao.app.permissions import ALL_SCOPES, Caller
from gongdao.core.kernel.findings import BadInput, Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.models import ApiToken, Membership, User

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

#: Where a session keeps which of several roles its person acts in.
ACTING = "acting_as"
KEY_PREFIX = "gd_"


@dataclass(frozen=True, slots=True)
class _Held:
    """One membership, as far as a caller needs it."""

    role: str
    marketplace_id: str
    shop_id: str | None
    buyer_id: str | None


def roles_of(user: User, scopes: frozenset[str] = ALL_SCOPES) -> dict[str, Caller]:
    """Return every caller that a user may be, by a short name: `merchant`, `buyer:b-1`."""
    rows = Membership.objects.filter(user=user).values_list(
        "role", "marketplace_id", "shop_id", "buyer_id"
    )
    by_name: dict[str, list[_Held]] = {}
    for row in sorted(rows, key=lambda r: (list(Role).index(Role(r[0])), r[3] or "")):
        held = _Held(*row)
        name = f"{held.role}:{held.buyer_id}" if held.buyer_id else held.role
        by_name.setdefault(name, []).append(held)
    return {name: _caller(user, held, scopes) for name, held in by_name.items()}


def _caller(user: User, held: Iterable[_Held], scopes: frozenset[str]) -> Caller:
    kept = list(held)
    return Caller(
        user_id=str(user.pk),
        role=Role(kept[0].role),
        marketplace_ids=frozenset(h.marketplace_id for h in kept),
        shop_ids=frozenset(h.shop_id for h in kept if h.shop_id),
        buyer_id=kept[0].buyer_id,
        scopes=scopes,
    )


def caller_of(request: HttpRequest) -> Caller:
    """Return who the signed-in person of `request` acts as: as chosen, else the first role held.

    Raises NotAllowed `permission.no_role` when nobody gave the account a role.
    """
    user = request.user
    if not isinstance(user, User):
        raise _no_role()
    callers = roles_of(user)
    if not callers:
        raise _no_role()
    chosen = request.session.get(ACTING)
    return callers.get(str(chosen)) or next(iter(callers.values()))


def act_as(session: SessionBase, user: User, name: str) -> None:
    """Let the session act in another role that the user holds; BadInput for any other."""
    if name not in roles_of(user):
        raise BadInput(
            Finding(
                code="permission.no_such_role",
                field="role",
                message=Text("您没有这个角色", "you do not hold this role"),
            )
        )
    session[ACTING] = name


def _no_role() -> NotAllowed:
    return NotAllowed(
        Finding(
            code="permission.no_role",
            message=Text("账号还没有角色", "the account has no role yet"),
            cure=Text("请联系平台运营开通", "ask the operator to give it one"),
        )
    )


def new_key(user: User, role: Role, name: str, scopes: Iterable[str]) -> str:
    """Make a key for a program that acts as `user` in `role`; it is shown once and kept hashed.

    Raises BadInput `permission.no_such_scope`.
    """
    wanted = frozenset(scopes)
    if unknown := wanted - ALL_SCOPES:
        allowed = ", ".join(sorted(ALL_SCOPES))
        raise BadInput(
            Finding(
                code="permission.no_such_scope",
                field="scopes",
                message=Text(
                    f"没有权限范围 {', '.join(sorted(unknown))}",
                    f"there is no scope {', '.join(sorted(unknown))}",
                ),
                cure=Text(f"可选：{allowed}", f"one of: {allowed}"),
            )
        )
    key = KEY_PREFIX + token_urlsafe(32)
    ApiToken.objects.create(
        user=user, role=role.value, name=name, hash=_digest(key), scopes=sorted(wanted)
    )
    return key


def caller_of_key(key: str) -> Caller | None:
    """Return who a key acts as; None when it is unknown, expired, revoked or its user may not."""
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), hash=_digest(key), revoked_at=None)
        .filter(user__is_active=True)
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    callers = roles_of(token.user, frozenset(token.scopes))
    return next((c for c in callers.values() if c.role == token.role), None)


def _digest(key: str) -> bytes:
    """Keys are 256 random bits: a plain hash cannot be guessed back, and is quick to look up."""
    return sha256(key.encode()).digest()
