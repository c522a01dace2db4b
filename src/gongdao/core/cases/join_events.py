"""Events of joined cases (并案): each member records them, so that each stands by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.model import EvidenceItem
from gongdao.core.kernel.words import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Cases were joined, or others joined the group of this one."""

    at: datetime
    by: Role
    actor: str
    group: str
    members: tuple[str, ...]
    """All cases of the group from now on."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """A case left the group: this one, or another."""

    at: datetime
    by: Role
    actor: str
    group: str
    left: str
    """Id of the case that is heard by itself from now on."""
    members: tuple[str, ...]
    """Those that stay; fewer than two: there is no group any more."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReferred:
    """Evidence given in a joined case is used in this one as well, by reference."""

    at: datetime
    item: EvidenceItem
    """Its name and note stay with the case in which it was given."""
    cite: tuple[str, ...] = ()
    """Clauses by which it is in time here, late, or an annex."""
