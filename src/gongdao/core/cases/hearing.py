"""What a hearing adds to a case (审理): challenges, frozen dossiers, rulings under review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.kernel.words import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A party disputes a piece of evidence of the other side (质证)."""

    evidence: str
    """Id of the piece."""
    by: Role
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPiece:
    """A piece of evidence as it lay before those who rule."""

    evidence: str
    digest: str
    """sha256 of the content, hex."""
    kind: str
    by: Role
    admission: str
    challenged: tuple[str, ...] = ()
    """The reasons for which the other side disputes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFact:
    """A fact as it was established when the dossier was frozen."""

    name: str
    value: bool | int | str
    by: Role
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What lay before those who rule when the review began (案卷); never changed afterwards."""

    number: int
    at: datetime
    digest: str
    """sha256 of everything else in it, hex; `dossier_digest` computes it again."""
    pieces: tuple[DossierPiece, ...]
    facts: tuple[DossierFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A ruling that a second person must confirm before it counts (待复核裁决)."""

    track: str
    action: str
    payload: Mapping[str, bool | int | str]
    ruling: Ruling
    """The ruling as it would be; its `actor` may not confirm it."""
    cite: tuple[str, ...]
    """Clauses that demand the second person."""
