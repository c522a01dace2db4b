"""A case as read under its lock, with what a decision on it needs to be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.cases.events import Event
from gongdao.core.cases.model import Case
from gongdao.core.kernel.chain import GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case whose row this transaction has locked (or, for a preview, only read)."""

    case: Case
    marketplace_id: str
    head_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided on one case: the events, and the case after them."""

    held: Held | None
    """None: the case is new."""
    marketplace_id: str
    after: Case
    events: tuple[Event, ...]
    waits_for: tuple[str, ...]
    """Roles that somebody waits for after the decision."""

    @property
    def before(self) -> Case | None:
        """The case before the decision."""
        return self.held.case if self.held is not None else None

    @property
    def previous_hash(self) -> bytes:
        """The end of the chain before the decision."""
        return self.held.head_hash if self.held is not None else GENESIS

    @property
    def first_seq(self) -> int:
        """Number of the first event of the decision within the case."""
        return self.after.version - len(self.events) + 1


def next_due_at(case: Case) -> datetime | None:
    """Return when the case's earliest running clock runs out."""
    return min((t.due_at for t in case.timers if t.paused_left_seconds is None), default=None)
