"""Callers of pages (页面调用者): which of the roles a person holds his session acts in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongdao.app.callers import callers_of
from gongdao.app.permissions import Post
from gongdao.core.kernel.findings import BadInput, Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.store.models import User

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

    from gongdao.app.permissions import Caller

#: Where a session keeps which of several roles its person acts in.
ACTING = "acting_as"


def roles_of(user: User) -> dict[str, Caller]:
    """Return every caller that a user may be by a short name: `merchant`, `buyer:m-1:b-1`."""
    order = list(Post)
    found = sorted(callers_of(str(user.pk)), key=lambda c: (order.index(c.post), name_of(c)))
    return {name_of(caller): caller for caller in found}


def name_of(caller: Caller) -> str:
    """Return the short name of a caller among those of one user."""
    if caller.buyer_id is None:
        return caller.post.value
    return ":".join((caller.post.value, *sorted(caller.marketplace_ids), caller.buyer_id))


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
    chosen = str(request.session.get(ACTING))
    return callers.get(chosen) or next(iter(callers.values()))


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
