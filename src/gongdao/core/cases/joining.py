"""Joined cases (并案): cases of one buyer and one shop that are heard together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """The group that a case belongs to, as the case itself knows it."""

    group: str
    members: tuple[str, ...]
    """Ids of all cases of the group, this one included, in the order in which they came."""
    since: datetime
    """When this case joined."""
