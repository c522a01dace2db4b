"""Events of parcels (物流事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gongdao.core.cases.model import Timer
from gongdao.core.kernel.words import Role
from gongdao.core.remedies.parcel import (
    Inspection,
    Loss,
    Pickup,
    PickupState,
    ReturnAddress,
    ReturnParcel,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddressGiven:
    """The merchant said where the goods go back to."""

    at: datetime
    by: Role
    actor: str
    address: ReturnAddress
    timers: tuple[Timer, ...] | None = None
    """Every clock of the case afterwards, when the buyer's starts anew; None: they run on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupRequested:
    """A courier is to come for the goods."""

    at: datetime
    pickup: Pickup


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupMoved:
    """The courier collected the goods or did not, or the pick-up was cancelled."""

    at: datetime
    by: Role
    actor: str
    number: int
    state: PickupState
    tracking_number: str = ""
    freight_fen: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSent:
    """The buyer sent a further parcel back, or said what is in one."""

    at: datetime
    by: Role
    actor: str
    parcel: ReturnParcel
    timers: tuple[Timer, ...] | None = None
    """Every clock of the case afterwards, when those for receipt start anew; None: they run on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceived:
    """The merchant has one of the return parcels."""

    at: datetime
    by: Role
    actor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInspected:
    """The merchant opened the returned parcel."""

    at: datetime
    actor: str
    inspection: Inspection
    parcel: int | None = None
    """Its number; None in cases of one parcel told before parcels were numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLost:
    """The carrier lost a parcel."""

    at: datetime
    by: Role
    actor: str
    loss: Loss


ParcelEvent: TypeAlias = (
    ReturnAddressGiven
    | PickupRequested
    | PickupMoved
    | ReturnSent
    | ReturnReceived
    | ReturnInspected
    | ParcelLost
)
