"""Parcels back and forth (退货物流): what an inspection found, which parcel was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gongdao.core.kernel.text import Text


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A parcel that the carrier lost (丢件)."""

    leg: Leg
    proof: str
    actor: str
    at: datetime
