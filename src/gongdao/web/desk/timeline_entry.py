"""One line of a timeline (时间线条目), as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gongdao.core.cases.model import Plain
from gongdao.web.desk.payload import Input

Kind = Literal["act", "clock", "ruling", "money", "finding", "evidence", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened."""

    at: datetime
    kind: Kind
    what: str
    who: str = ""
    actor: str = ""
    moved: str = ""
    """From which state to which."""
    details: list[tuple[str, Plain, Input]] = field(default_factory=list)
    cite: tuple[str, ...] = ()
