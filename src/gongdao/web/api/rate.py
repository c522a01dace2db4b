"""Rate limits (限流): a bucket a key, refilled steadily; kept by each web process for itself.

With several web processes a key may therefore do several times as much; that is meant: the limit
keeps one program from starving the others, and needs no shared counter on the way of every call.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from ninja.throttling import BaseThrottle

if TYPE_CHECKING:
    from django.http import HttpRequest

REQUESTS_A_SECOND = 20
BURST = 200
_MOST_KEYS = 10_000


class KeyThrottle(BaseThrottle):
    """Lets each key, or each person signed in, do `BURST` at once and then so many a second."""

    def __init__(self, a_second: float = REQUESTS_A_SECOND, burst: int = BURST) -> None:
        self._a_second = a_second
        self._burst = burst
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def allow_request(self, request: HttpRequest) -> bool:
        """Take one from the caller's bucket; False when it is empty."""
        whose = request.headers.get("Authorization") or request.COOKIES.get("sessionid")
        if whose is None:
            return True
        key = sha256(whose.encode()).digest()
        now = time.monotonic()
        with self._lock:
            left, since = self._buckets.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._a_second)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        return allowed

    def wait(self) -> float:
        """Return the seconds after which another call is let through."""
        return max(1.0, 1 / self._a_second)
