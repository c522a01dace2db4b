"""Stories (情节): what people do in a generated case, and how long after its opening.

A story is only intentions. What comes of them, and everything that nobody does, is left to the
rules and the clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from gongdao.core.cases.model import Plain
from gongdao.core.kernel.words import Claim, Reason, Role

Standing = Literal["unshipped", "shipped", "received"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody does."""

    after: timedelta
    """Since the case was opened."""
    by: Role
    act: str
    """An action of the process; or `evidence` or `finding`."""
    payload: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A kind of case: what stands at its opening, and the deeds that follow."""

    name: str
    claim: Claim
    reason: Reason
    order: Standing
    words: str
    """What the buyer writes."""
    deeds: tuple[Deed, ...] = ()
    payment: str = "online"
    platforms: tuple[str, ...] = ("douyin", "kuaishou")
    price_drop: bool = False
    """The goods became a tenth cheaper; the buyer wants the difference."""
    pair: bool = False
    """The same happened with a second order of the buyer at the shop."""
    partial: bool = False
    """The claim is about one piece of the first line, not about the whole order."""
    weight: int = 4
    """How many of these among the generated cases of a platform."""


def h(hours: float) -> timedelta:
    """Return a span of hours."""
    return timedelta(hours=hours)


def agree(after: float, **payload: Plain) -> Deed:
    """The merchant agrees."""
    return Deed(after=h(after), by=Role.MERCHANT, act="agree", payload=payload)


def reject(after: float, reason: str) -> Deed:
    """The merchant refuses, saying why."""
    return Deed(after=h(after), by=Role.MERCHANT, act="reject", payload={"reason": reason})


def ship_return(after: float, number: str) -> Deed:
    """The buyer sends the goods back and paid eight yuan for it."""
    return Deed(
        after=h(after),
        by=Role.BUYER,
        act="ship_return",
        payload={"tracking_number": number, "return_freight_fen": 800},
    )


def by_merchant(after: float, act: str, **payload: Plain) -> Deed:
    """The merchant does an action."""
    return Deed(after=h(after), by=Role.MERCHANT, act=act, payload=payload)


def by_buyer(after: float, act: str, **payload: Plain) -> Deed:
    """The buyer does an action."""
    return Deed(after=h(after), by=Role.BUYER, act=act, payload=payload)


def photo(after: float, by: Role, note: str, *, damaged: bool = False) -> Deed:
    """Somebody shows a picture."""
    payload: dict[str, Plain] = {"kind": "photo", "note": note, "damaged": damaged}
    return Deed(after=h(after), by=by, act="evidence", payload=payload)


def found(after: float, name: str, value: Plain, note: str) -> Deed:
    """The arbitrator establishes a fact."""
    payload: dict[str, Plain] = {"name": name, "value": value, "note": note}
    return Deed(after=h(after), by=Role.ARBITRATOR, act="finding", payload=payload)


def quoted(after: float, by: Role, note: str) -> Deed:
    """Somebody quotes what was said between buyer and shop."""
    return Deed(after=h(after), by=by, act="quote", payload={"note": note})


def judged(after: float, by: Role, act: str, **payload: Plain) -> Deed:
    """The arbitrator or the senior reviewer does an action."""
    return Deed(after=h(after), by=by, act=act, payload=payload)
