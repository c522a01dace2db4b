"""Authentication (认证): a program shows its key, a page its session; both become a caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja.security import APIKeyCookie, HttpBearer

from gongdao.app.callers import caller_of_key
from gongdao.core.kernel.findings import NotAllowed
from gongdao.web.callers import caller_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gongdao.app.permissions import Caller


class KeyAuth(HttpBearer):
    """`Authorization: Bearer gd_…`. A bad key is refused even if a session came along."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Return who the key acts as."""
        del request
        return caller_of_key(token)


class SessionAuth(APIKeyCookie):
    """The session of a signed-in person; changing calls must carry the CSRF token."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Return who the person acts as; None when nobody is signed in or has a role."""
        if key is None or not request.user.is_authenticated:
            return None
        try:
            return caller_of(request)
        except NotAllowed:
            return None


def caller(request: HttpRequest) -> Caller:
    """Return the caller that authentication found."""
    found: Caller = request.auth  # type: ignore[attr-defined] # ninja sets it
    return found
