"""Sweep evidence (清理凭证): files that no case refers to, refused ones and those of a crash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from gongdao.store.blobs import stored_digests
from gongdao.store.connection import transaction
from gongdao.store.sweeping import (
    drop_unknown_content,
    drop_unused_blob,
    unknown_content,
    unused_blobs,
)

#: Whoever is handing something in right now is left alone.
GRACE = timedelta(hours=1)
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was removed, or would be."""

    unused: int
    """Notes of content that no case refers to, by shop."""
    files: int


def sweep_evidence(
    *, dry_run: bool = False, grace: timedelta = GRACE, now: datetime | None = None
) -> Swept:
    """Remove what nothing refers to and what is older than `grace`; a dry run only counts.

    Each piece goes in a transaction of its own: broken off at any moment, it is run again.
    """
    before = (now or datetime.now(UTC)) - grace
    with transaction() as on:
        unused = unused_blobs(on, before)
    files = 0
    if not dry_run:
        for shop_id, digest in unused:
            files += drop_unused(shop_id, digest)
    for digests in _batches(stored_digests(before)):
        with transaction() as on:
            unknown = unknown_content(on, digests)
        files += len(unknown) if dry_run else sum(map(_drop, unknown))
    return Swept(unused=len(unused), files=files)


def drop_unused(shop_id: str, digest: str) -> int:
    """Remove content unless a case of the shop refers to it; return how many files went."""
    with transaction() as on:
        return drop_unused_blob(on, shop_id, digest)


def _drop(digest: str) -> int:
    with transaction() as on:
        return drop_unknown_content(on, digest)


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(digests)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
