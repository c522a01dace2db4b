"""Events of parcels (物流事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.core.kernel.words import Role
from gongdao.core.remedies.parcel import Inspection, Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInspected:
    """The merchant opened the returned parcel."""

    at: datetime
    actor: str
    inspection: Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLost:
    """The carrier lost a parcel."""

    at: datetime
    by: Role
    actor: str
    loss: Loss
