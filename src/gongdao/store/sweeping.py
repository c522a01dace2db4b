"""Unused content (无人引用的内容): what was handed in and refused, or left behind by a crash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongdao.store.blobs import lock_content, remove_blob
from gongdao.store.connection import Connection, execute, fetch_all, fetch_one


def unused_blobs(on: Connection, before: datetime) -> tuple[tuple[str, str], ...]:
    """Return shop and digest of content noted before an instant that no case refers to."""
    return tuple((r[0], r[1]) for r in fetch_all(on, "unused_blobs", before=before))


def drop_unused_blob(on: Connection, shop_id: str, digest: str) -> int:
    """Remove content that no case of the shop refers to; return how many files went.

    A submission under way holds the row until it is recorded, and then the content stays.
    """
    row = fetch_one(on, "find_clean_copy", shop_id=shop_id, digest=digest)
    if row is None:
        return 0
    mine = sorted({d for d in (digest, row[1]) if d is not None})
    # In the order in which a submission takes them: the content first, then the row.
    lock_content(on, *mine)
    if fetch_one(on, "lock_blob", shop_id=shop_id, digest=digest) is None:
        return 0
    # A statement of its own sees what was recorded while this one waited for the row.
    if fetch_one(on, "forget_unused_blob", shop_id=shop_id, digest=digest) is None:
        return 0
    execute(on, "forget_picture", shop_id=shop_id, digest=digest)
    return sum(drop_unknown_content(on, d) for d in mine)


def unknown_content(on: Connection, digests: Sequence[str]) -> tuple[str, ...]:
    """Return those of the digests that no row names."""
    return tuple(r[0] for r in fetch_all(on, "unknown_content", digests=list(digests)))


def drop_unknown_content(on: Connection, digest: str) -> int:
    """Remove a file unless some row names it by now; return how many went."""
    lock_content(on, digest)
    if fetch_one(on, "blob_known", digest=digest) is not None:
        return 0
    remove_blob(digest)
    return 1
