"""Hash chain (哈希链): each event's hash covers the one before it, so history cannot be edited."""

from __future__ import annotations

from hashlib import sha256

#: What the first event of every case links to.
GENESIS = bytes(32)


def link(previous: bytes, body: bytes) -> bytes:
    """Return the hash of an event whose canonical bytes are `body`, after `previous`."""
    return sha256(previous + body).digest()
