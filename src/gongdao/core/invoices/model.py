"""What an invoice and a task about it are (发票与发票事项)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gongdao.core.cases.model import Plain, Timer
from gongdao.core.kernel.text import Text


class Medium(StrEnum):
    """In what form an invoice was issued (发票形式)."""

    DIGITAL = "digital"
    PAPER = "paper"


class TaskKind(StrEnum):
    """What is to be done with an invoice (事项); also the name of the process that does it."""

    RED_REVERSE = "red_reverse"
    ENDORSE = "endorse"
    GIVE_BACK = "give_back"
    REISSUE = "reissue"


MEDIUM_LABELS: dict[Medium, Text] = {
    Medium.DIGITAL: Text("数电票", "digital"),
    Medium.PAPER: Text("纸质发票", "paper"),
}
KIND_LABELS: dict[TaskKind, Text] = {
    TaskKind.RED_REVERSE: Text("红冲", "red reversal"),
    TaskKind.ENDORSE: Text("背书", "endorsement"),
    TaskKind.GIVE_BACK: Text("发还原发票", "return of the original"),
    TaskKind.REISSUE: Text("重新开具", "re-issue"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A blue invoice (蓝字发票) that the merchant issued for an order."""

    id: str
    shop_id: str
    order_id: str
    number: str
    medium: Medium
    amount_fen: int
    issued_at: datetime
    reversed_fen: int = 0
    """What red invoices and voiding have taken off it."""

    @property
    def left_fen(self) -> int:
        """What of it still stands, in fen."""
        return self.amount_fen - self.reversed_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTask:
    """One thing to be done with one invoice: the fold of its events."""

    id: str
    shop_id: str
    order_id: str
    buyer_id: str
    case_id: str | None
    """None: the merchant asked for it himself."""
    cause: str
    """`grant:1`, `closed`, `asked:<key>`: an invoice has one task for each cause and kind."""
    kind: TaskKind
    invoice_id: str
    invoice_number: str
    medium: Medium
    issued_at: datetime
    amount_fen: int
    """What is to be reversed or issued again; 0 where no amount moves."""
    red_reason: str | None
    """Why it is reversed, by the rulebook's words."""
    rulebook: str
    """`law/invoice@2023-07-20`: the version that the task runs under to its end."""
    cite: tuple[str, ...]
    """Why it was opened."""
    state: str
    entered_at: datetime
    opened_at: datetime
    timers: tuple[Timer, ...]
    version: int = 1
    given: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    """What was given with the acts: numbers of the confirmation and of the red invoice."""
    outcome: str | None = None
    closed_at: datetime | None = None

    @property
    def next_due_at(self) -> datetime | None:
        """The nearest deadline, if one runs."""
        return min((t.due_at for t in self.timers), default=None)
