"""What a case is (案件): the order as it stood, the claim, four axes, clocks, money, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from gongdao.core.adjudication.ruling import Ruling
from gongdao.core.cases.hearing import Challenge, Dossier, Proposal
from gongdao.core.cases.joining import Joining
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
from gongdao.core.remedies.offer import Agreement, Offer
from gongdao.core.remedies.parcel import (
    Inspection,
    Loss,
    OutboundParcel,
    ParcelLine,
    Pickup,
    ReturnAddress,
    ReturnParcel,
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
    own_price_fen: int | None = None
    """What the whole line costs by itself, outside a bundle or full reduction; of a gift, the
    price marked for its not coming back."""
    gift: bool = False
    """Given with the order (赠品): it goes back with the goods."""
    price_back_fen: int = 0
    """What price protection gave back of the price; `paid_fen` is what is left of it."""


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
    parcels: tuple[OutboundParcel, ...] = ()
    """Each parcel by itself; `core.cases.outbound` reads them. Empty: the order went, if it did,
    as one parcel, told by `shipped_at`, `signed_at` and `tracking_number`."""

    @property
    def goods_fen(self) -> int:
        """What the goods of all lines cost the buyer."""
        return sum(line.paid_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """All that the buyer paid: goods, and freight if the buyer paid it."""
        freight = self.freight_fen if self.freight_prepaid_by is Party.BUYER else 0
        return self.goods_fen + freight

    @property
    def settled_at(self) -> datetime | None:
        """When the buyer's money came in: paid online, or at the door; None: it has not."""
        if self.payment == "online":
            return self.paid_at
        return self.paid_at or self.signed_at or self.succeeded_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """Part of an order line that the claim is about."""

    line_id: str
    quantity: int
    goods_fen: int
    """This quantity's share of what was paid for the line."""
    seen_fen: int | None = None
    """For price protection: what this quantity costs at the lower price seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A process running in the case (流程轨): the after-sale itself, or the dispute about it."""

    rulebook: str
    """`kuaishou/after-sale@2024-01-03`."""
    process: str
    state: str
    entered_at: datetime
    hands: tuple[str, ...] = ()
    """People of the platform who acted in it: where another one is asked for, none of these."""


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
    base_due_at: datetime | None = None
    """When it would be due had no time been left out; None: none was."""
    base_reason: Text | None = None
    """Its reason before any time was left out."""
    runs_from: datetime | None = None
    """When it was started again after a pause; None: when its state was entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Time that does not count (停走时段): the clocks of a case stand still in it."""

    cause: str
    """What it is for: `suspension`, or `force_majeure:<id>`; a case has each cause once."""
    since: datetime
    until: datetime | None
    """None: until it is released; clocks then keep what they had left."""
    reason: Text
    spares: tuple[str, ...] = ()
    """Processes whose clocks run on: those that the pause itself waits for."""


class Part(StrEnum):
    """What a case counts in; each is lifted and restored alone (计入项)."""

    DISPUTE_RATE = "dispute_rate"
    SCORE = "score"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """The case does not count in a part (不计入), because of a cause."""

    part: Part
    cause: str
    by: Role
    actor: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The platform found that somebody behaved badly in the case (行为认定)."""

    number: int
    """1, 2, 3 … within the case."""
    about: Role
    """The buyer, the merchant, or the arbitrator or reviewer who ruled."""
    subject: str
    """The buyer's id, the shop's, or the person's."""
    kind: str
    """`malicious_complaint`, `abuse`, … as the rulebook names it."""
    cause: str
    """The process in which it was found."""
    by: Role
    actor: str
    at: datetime
    cite: tuple[str, ...]
    note: str = ""
    lifted_at: datetime | None = None


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
    admission: str = "accepted"
    """`accepted` (in time), `late`, or `annex` (after the dossier of the ruling)."""
    given_in: str | None = None
    """The joined case in which it was given, where its name and note stand; None: this one."""


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
    ruling: int | None = None
    """Number of the ruling that found it; it falls with that ruling. None: found by a process."""


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
    offers: tuple[Offer, ...] = ()
    agreement: Agreement | None = None
    inspection: Inspection | None = None
    """What the merchant found in the returned parcel."""
    loss: Loss | None = None
    """The parcel that the carrier lost."""
    """What both sides agreed on last."""
    challenges: tuple[Challenge, ...] = ()
    dossiers: tuple[Dossier, ...] = ()
    """What lay before those who ruled, review by review."""
    proposal: Proposal | None = None
    """A ruling that waits for a second reviewer."""
    pauses: tuple[Pause, ...] = ()
    lifts: tuple[Lift, ...] = ()
    marks: tuple[Mark, ...] = ()
    return_address: ReturnAddress | None = None
    """Where the goods go back to; None: the merchant has not said, or nothing goes back."""
    pickups: tuple[Pickup, ...] = ()
    returns: tuple[ReturnParcel, ...] = ()
    """Every parcel that went back."""
    returned_before: tuple[ParcelLine, ...] = ()
    """What of the order had gone back, against a refund, before this case."""
    return_freight_paid_by: Party = Party.BUYER
    """Who paid `return_freight_fen`: the buyer, unless a courier was sent at another's cost."""
    joined: Joining | None = None
    """The cases it is heard together with."""

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
