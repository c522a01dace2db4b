"""Commands (命令): what somebody wants to happen to a case. Imperative; they may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from gongdao.core.cases.model import EvidenceItem, Order, Part, Pause, Plain
from gongdao.core.kernel.words import Claim, Party, Reason, Role
from gongdao.core.remedies.offer import Terms
from gongdao.core.remedies.parcel import Condition, LabelItem, ParcelLine, PickupState


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who gives a command: the role in which, and the person or key who."""

    role: Role
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAsked:
    """A quantity of one order line that the buyer claims for."""

    line_id: str
    quantity: int
    seen_price_fen: int | None = None
    """For price protection: what one costs now, without freight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Ask for after-sales service on an order (申请售后)."""

    case_id: str
    order: Order
    refundable_fen: int
    """What is left to refund on this order over all its cases, read under the order's lock."""
    price_back: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> what price protection gave back of its price, fen."""
    returned: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> how many went back before, against a refund."""
    not_kept: Mapping[str, int] = field(default_factory=dict[str, int])
    """Order line -> how many are returned, refunded, or claimed back in a case still open."""
    claim: Claim
    reason: Reason
    lines: tuple[LineAsked, ...] = ()
    """Empty: the whole order."""
    requested_fen: int | None = None
    """None: all that the claimed lines cost."""
    description: str = ""
    by: Actor
    track: Literal["after_sale", "order"] = "after_sale"
    """`order`: the order's own process, for its cancellation or its expiry unpaid."""
    cancel: bool = False
    """The order is to be cancelled; False: it is only watched over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Do an action that the case's process offers (agree, reject, ship_return, rule …)."""

    action: str
    by: Actor
    track: str | None = None
    """Which process; None: the one that offers the action now."""
    payload: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    address_follows: bool = False
    """The shop's own return address is filled in afterwards, if the act has goods sent back."""
    order_left_fen: int | None = None
    """When the case had ended: what is left to refund on its order, under the order's lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    """A deadline has passed: do what the rule says happens then."""

    track: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitEvidence:
    """Add a piece of evidence (举证)."""

    item: EvidenceItem
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferEvidence:
    """Use in this case what was given in a joined one (引用凭证)."""

    item: EvidenceItem
    """As it stands in the case in which it was given."""
    given_in: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCases:
    """Hear this case together with others (并案)."""

    group: str
    members: tuple[str, ...]
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparateCase:
    """Hear a case of the group by itself again (分案); told to every member."""

    left: str
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeEvidence:
    """Dispute a piece of the other side's evidence (质证)."""

    evidence: str
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinding:
    """Record a fact that was established, pointing to the evidence for it (认定)."""

    name: str
    value: Plain
    by: Actor
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandStill:
    """Leave a stretch of time out of the case's clocks, and out of what it counts in."""

    pause: Pause
    exempts: tuple[Part, ...]
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Let the clocks go on that stood still because of `cause`."""

    cause: str
    undone: bool
    """The cause proved to be none: time and assessment are as if it had not been."""
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPayment:
    """The payment system says how an instructed payment fares."""

    number: int
    outcome: str
    """`sent`, `confirmed` or `failed`."""
    amount_fen: int
    external_ref: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOutsideRefund:
    """Somebody refunded outside gongdao what this case might have refunded (场外退款)."""

    amount_fen: int
    external_ref: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOrder:
    """The marketplace told the order anew: its process goes as far as its record."""

    order: Order
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Cancel the order whose process the case runs, or ask for it; `refused`: do not take it."""

    reason: Reason
    by: Actor
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReturnAddress:
    """Say where the goods go back to (退货地址)."""

    return_name: str
    return_phone: str
    return_region: str
    return_address: str
    by: Actor
    of_shop: bool = False
    """It is the shop's own, filled in by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPickup:
    """Have a courier come for the goods (预约上门取件)."""

    slot_from: datetime
    slot_until: datetime
    pickup_address: str
    contact_name: str
    contact_phone: str
    paid_by: Party
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPickup:
    """Say how a pick-up went: collected, failed, or cancelled."""

    number: int
    state: PickupState
    by: Actor
    tracking_number: str = ""
    carrier: str = ""
    freight_fen: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReturn:
    """Send a parcel back, the first or a further one; or say what is in one (寄回)."""

    tracking_number: str
    by: Actor
    carrier: str = ""
    lines: tuple[ParcelLine, ...] = ()
    return_freight_fen: int | None = None
    """What the buyer paid for the first parcel; None: not said."""
    label: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    """What else the process asks for on the first parcel's label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReturn:
    """Say that one of the return parcels has arrived (收到退货包裹)."""

    parcel: int
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectReturn:
    """Say what was in the returned parcel (验货)."""

    condition: Condition
    by: Actor
    missing_gifts: tuple[str, ...] = ()
    label_lacks: tuple[LabelItem, ...] = ()
    evidence: tuple[str, ...] = ()
    note: str = ""
    parcel: int | None = None
    """Which return parcel; None: the only one."""
    received: tuple[ParcelLine, ...] | None = None
    """What of the claimed goods was in it; None: what was to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLost:
    """A parcel under way is lost, by the carrier's own record (丢件)."""

    proof: str
    by: Actor
    parcel: int | None = None
    """Which return parcel, of several; None: all that is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOffer:
    """Propose how to settle, or counter the other side's proposal (协商)."""

    terms: Terms
    by: Actor
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffer:
    """Answer the open offer."""

    number: int
    answer: Literal["accept", "decline", "withdraw"]
    by: Actor


ParcelCommand: TypeAlias = (
    GiveReturnAddress
    | RequestPickup
    | ReportPickup
    | SendReturn
    | ReceiveReturn
    | InspectReturn
    | ReportLost
)

Command: TypeAlias = (
    OpenCase
    | Act
    | Expire
    | SubmitEvidence
    | ReferEvidence
    | ChallengeEvidence
    | JoinCases
    | SeparateCase
    | RecordFinding
    | ReportOutsideRefund
    | ReportPayment
    | FollowOrder
    | CancelOrder
    | ParcelCommand
    | MakeOffer
    | AnswerOffer
    | StandStill
    | GoOn
)
