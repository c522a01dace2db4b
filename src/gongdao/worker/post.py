"""Post (寄送): parcels over HTTP, never to a private network unless the parcel may go anywhere.

The name is resolved once and the connection goes to the address that was judged, so that a name
cannot answer one thing when asked and another when used. Redirects are not followed.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from gongdao.app.deliver_webhooks import Parcel

_AT_ONCE = 8
_TIMEOUT = urllib3.Timeout(connect=3.0, read=7.0)
_TAKEN = range(200, 300)
_PORTS = {"https": 443, "http": 80}


def post_all(parcels: Sequence[Parcel]) -> list[str]:
    """Send parcels, several at once; returns for each why it did not arrive, or nothing."""
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, max(1, len(parcels)))) as pool:
        return list(pool.map(post, parcels))


def post(parcel: Parcel) -> str:
    """Send one parcel; returns why it did not arrive, or nothing."""
    parts = urlsplit(parcel.url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        address = _resolve(host, port)
        if not parcel.anywhere and not _public(address):
            return f"{host} is at {address}, which is not a public address"
        pool = (
            urllib3.HTTPSConnectionPool(
                address, port, timeout=_TIMEOUT, server_hostname=host, assert_hostname=host
            )
            if parts.scheme == "https"
            else urllib3.HTTPConnectionPool(address, port, timeout=_TIMEOUT)
        )
        with pool:
            answer = pool.request(
                "POST",
                parts.path + (f"?{parts.query}" if parts.query else "") or "/",
                body=parcel.body,
                headers=parcel.headers | {"Host": parts.netloc, "User-Agent": "gongdao-webhooks"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer.release_conn()
    except (HTTPError, OSError, UnicodeError) as trouble:
        return f"{type(trouble).__name__}: {trouble}"
    return "" if answer.status in _TAKEN else f"HTTP {answer.status}"


def _resolve(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def _public(address: str) -> bool:
    judged = ip_address(address)
    mapped = getattr(judged, "ipv4_mapped", None)
    return (mapped or judged).is_global and not judged.is_multicast
