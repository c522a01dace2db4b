"""What a command led to, as use cases return it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The case after a command and the events that the command, and clocks before it, led to."""

    case: Case
    events: tuple[Event, ...]
    marketplace_id: str
    at: datetime
    """The instant of the act, by the marketplace's clock."""
    preview: bool = False
    """Nothing was written: this is what would follow."""
    repeated: bool = False
    """The same command had been done before; this is its result of then."""
