"""Parcels back and forth (退货物流): what an inspection found, which parcel was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Role


class Condition(StrEnum):
    """In what condition the goods came back (退货验收)."""

    INTACT = "intact"
    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    EMPTY = "empty"


CONDITION_LABELS: dict[Condition, Text] = {
    Condition.INTACT: Text("完好", "intact"),
    Condition.DAMAGED: Text("破损", "damaged"),
    Condition.WRONG_GOODS: Text("非所售商品", "other goods"),
    Condition.EMPTY: Text("空包裹", "an empty parcel"),
}


class LabelItem(StrEnum):
    """What a returned parcel shows (退货标签)."""

    ORDER = "order"
    REQUEST = "request"
    NAME = "name"
    CONTACT = "contact"


class Leg(StrEnum):
    """Which way a parcel went."""

    OUTBOUND = "outbound"
    """To the buyer, the first time or again."""
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """How many of an order line are in a parcel."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundParcel:
    """One parcel of an order on its way to the buyer (发货包裹)."""

    tracking_number: str
    """Names the parcel within its order."""
    carrier: str = ""
    lines: tuple[ParcelLine, ...] = ()
    """What is in it; empty: the marketplace did not tell."""
    shipped_at: datetime | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the merchant found on opening the returned parcel (验货)."""

    condition: Condition
    missing_gifts: tuple[str, ...]
    """Order lines of gifts that did not come back."""
    label_lacks: tuple[LabelItem, ...]
    evidence: tuple[str, ...]
    note: str
    actor: str
    at: datetime
    charged_fen: int
    """What the missing gifts cost, at the prices marked beforehand."""
    received: tuple[ParcelLine, ...] | None = None
    """What was in the parcel of what is claimed; None: everything, or nothing when it was empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A parcel that the carrier lost (丢件)."""

    leg: Leg
    proof: str
    actor: str
    at: datetime
    parcel: int | None = None
    """Number of the return parcel, when the others came back; None: all that was under way."""


class ReturnState(StrEnum):
    """How a return parcel fares."""

    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"


RETURN_STATE_LABELS: dict[ReturnState, Text] = {
    ReturnState.SENT: Text("在途", "on the way"),
    ReturnState.RECEIVED: Text("已收到", "received"),
    ReturnState.LOST: Text("丢失", "lost"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnParcel:
    """One parcel on its way back to the merchant (退货包裹)."""

    number: int
    """1, 2, 3 … within the case."""
    tracking_number: str
    sent_at: datetime
    carrier: str = ""
    lines: tuple[ParcelLine, ...] = ()
    """What is in it; empty: the buyer did not say."""
    state: ReturnState = ReturnState.SENT
    received_at: datetime | None = None
    inspection: Inspection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddress:
    """Where the goods go back to (退货地址); all but the region is personal data, sealed."""

    return_name: str
    return_phone: str
    return_region: str
    return_address: str
    of_shop: bool = False
    """It is the shop's own, given for every case."""


class PickupState(StrEnum):
    """How a door pick-up fares."""

    REQUESTED = "requested"
    COLLECTED = "collected"
    FAILED = "failed"
    CANCELLED = "cancelled"


PICKUP_STATE_LABELS: dict[PickupState, Text] = {
    PickupState.REQUESTED: Text("已预约，待取件", "requested"),
    PickupState.COLLECTED: Text("已取件", "collected"),
    PickupState.FAILED: Text("取件失败", "failed"),
    PickupState.CANCELLED: Text("已取消", "cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    """A courier comes for the goods (上门取件)."""

    number: int
    """1, 2, 3 … within the case."""
    slot_from: datetime
    slot_until: datetime
    pickup_address: str
    contact_name: str
    contact_phone: str
    paid_by: Party
    """Who pays the courier; who bears it in the end is for the ruling or the agreement."""
    by: Role
    actor: str
    at: datetime
    state: PickupState = PickupState.REQUESTED
    tracking_number: str = ""
    freight_fen: int = 0
    """What the courier was paid, once collected."""
    note: str = ""
