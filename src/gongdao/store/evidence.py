"""Evidence in the tables: the copy for the other party, and the same picture in other cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongdao.store.connection import Connection, fetch_all, fetch_one

#: PDQ hashes of the same picture differ in at most this many of 256 bits.
MOST_DIFFERENT_BITS = 31
_MOST_MATCHES = 200
#: Media types that hold nothing but what is seen.
PLAIN = frozenset({"text/plain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCopy:
    """What the other party sees of some content."""

    digest: str | None
    """None: what the content hides could not be removed, so that there is no copy to be seen."""
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A piece of evidence of this case that another case has too."""

    evidence_id: str
    other_case_id: str
    other_evidence_id: str
    other_shop_id: str
    other_order_id: str
    other_buyer_id: str
    given_by: str
    at: datetime
    distance: int
    """Bits of 256 in which the pictures differ; 0: the same, or the same file."""


def clean_copy(on: Connection, shop_id: str, digest: str) -> CleanCopy:
    """Return what the other party sees of some content of a shop's cases."""
    row = fetch_one(on, "find_clean_copy", shop_id=shop_id, digest=digest)
    if row is None:
        return CleanCopy(digest=None, media_type="")
    media_type, copy, copied_as = row
    if copy is None and media_type not in PLAIN:
        return CleanCopy(digest=None, media_type=media_type)
    return CleanCopy(digest=copy or digest, media_type=copied_as or media_type)


def matches_of(on: Connection, shop_id: str, case_id: str) -> tuple[Match, ...]:
    """Return where else in the marketplace the evidence of a case turns up, closest first."""
    rows = fetch_all(
        on,
        "matching_evidence",
        shop_id=shop_id,
        case_id=UUID(case_id),
        most_different=MOST_DIFFERENT_BITS,
        limit=_MOST_MATCHES,
    )
    return tuple(
        Match(
            evidence_id=row[0],
            other_shop_id=row[1],
            other_case_id=str(row[2]),
            other_evidence_id=row[3],
            given_by=row[4],
            at=row[5],
            distance=row[6],
            other_order_id=row[7],
            other_buyer_id=row[8],
        )
        for row in rows
    )
