"""Events of an invoice task (发票事项的事件): what happened to it; never changed, never removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from gongdao.core.cases.model import Plain, Timer
from gongdao.core.invoices.model import InvoiceTask
from gongdao.core.kernel.words import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened:
    """A refund or another remedy made something to be done with an invoice."""

    at: datetime
    by: Role
    actor: str
    task: InvoiceTask


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActed:
    """Somebody did an act of the task's process, or a deadline ran out and the system did."""

    at: datetime
    by: Role
    actor: str
    action: str
    from_state: str
    to_state: str
    payload: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    timers: tuple[Timer, ...] = ()
    outcome: str | None = None
    """Set when the task ended with this act."""
    due_at: datetime | None = None
    """For the clock's own acts: when it was due."""
    cite: tuple[str, ...] = ()


TaskEvent: TypeAlias = TaskOpened | TaskActed
