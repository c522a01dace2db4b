"""What a case is (案件): the order as it stood, the claim, four axes, clocks, money, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import (
    Arbitration,
    Claim,
    Goods,
    MoneyState,
    Party,
    Reason,
    Role,
)
from gongdao.core.remedies.transfer import Grant

#: A value as it stands in an event: what JSON can hold without loss. Decimals and spans are
#: written as text and read again by the declaration of the fact.
Plain: TypeAlias = bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order (子订单)."""

    line_id: str
    title: str
    quantity: int
    paid_fen: int
    """What was really paid for the whole line, after every discount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stood when the case was opened (订单快照)."""

    order_id: str
    shop_id: str
    buyer_id: str
    platform: str
    payment: str
    """`online` or `cod` (货到付款)."""
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    freight_fen: int = 0
    """Freight of the parcel to the buyer."""
    freight_prepaid_by: Party = Party.BUYER
    """The buyer paid it with the order, or the merchant did (包邮)."""
    paid_at: datetime | None = None
    promised_ship_at: datetime | None = None
    shipped_at: datetime | None = None
    promised_delivery_at: datetime | None = None
    signed_at: datetime | None = None
    succeeded_at: datetime | None = None
    cancelled_at: datetime | None = None
    tracking_number: str | None = None
    region: str | None = None
    attributes: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    """Further facts of the order that a rulebook may ask for: `three_guarantees`, `fresh`, …"""

    @property
    def goods_fen(self) -> int:
        """What the goods of all lines cost the buyer."""
        return sum(line.paid_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """All that the buyer paid: goods, and freight if the buyer paid it."""
        freight = self.freight_fen if self.freight_prepaid_by is Party.BUYER else 0
        return self.goods_fen + freight


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """Part of an order line that the claim is about."""

    line_id: str
    quantity: int
    goods_fen: int
    """This quantity's share of what was paid for the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A process running in the case (流程轨): the after-sale itself, or the dispute about it."""

    rulebook: str
    """`kuaishou/after-sale@2024-01-03`."""
    process: str
    state: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A running deadline (时限)."""

    track: str
    name: str
    action: str
    """What the system does when time has run out."""
    due_at: datetime
    reason: Text
    cite: tuple[str, ...]
    paused_left_seconds: int | None = None
    """What was left when the clock was paused; None while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """One piece of evidence (凭证): where its content is, who gave it, what for."""

    id: str
    by: Role
    kind: str
    """Slot it fills: `photo`, `chat`, `tracking`, `appraisal`, `purchase_proof`, `voucher`, …"""
    digest: str
    """sha256 of the content, hex: the address of the blob."""
    media_type: str
    size_bytes: int
    name: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFact:
    """A fact of the case that somebody established or stated (认定)."""

    name: str
    value: Plain
    by: Role
    actor: str
    at: datetime
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A breach recorded against the merchant (违规)."""

    code: str
    cite: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands: the fold of its events."""

    id: str
    shop_id: str
    version: int
    order: Order
    claim: Claim
    reason: Reason
    claim_lines: tuple[ClaimLine, ...]
    requested_fen: int
    """What the buyer asks back, at most what the claimed lines and their freight cost."""
    refundable_fen: int
    """What was left to refund on the order when the case was opened."""
    description: str
    opened_at: datetime
    opened_by: Role
    tracks: Mapping[str, Track]
    timers: tuple[Timer, ...]
    goods: Goods
    money: MoneyState
    arbitration: Arbitration
    facts: Mapping[str, FoundFact]
    evidence: tuple[EvidenceItem, ...]
    grants: tuple[Grant, ...]
    rulings: tuple[Ruling, ...]
    penalties: tuple[Penalty, ...]
    return_freight_fen: int = 0
    """What the buyer paid to send the goods back."""
    outcome: str | None = None
    closed_at: datetime | None = None

    @property
    def ruling(self) -> Ruling | None:
        """The ruling in force: the latest."""
        return self.rulings[-1] if self.rulings else None

    @property
    def goods_fen(self) -> int:
        """Price paid for what the claim is about, without freight."""
        return sum(line.goods_fen for line in self.claim_lines)

    def stage(self) -> str:
        """Return `process:state` of the after-sale, the stage axis."""
        track = self.tracks["after_sale"]
        return track.state
