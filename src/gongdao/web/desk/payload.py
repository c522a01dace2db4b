"""Payload fields (填写项): what an action needs, as inputs of a form, and read back from one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.words import Party, Remedy
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gongdao.core.cases.allowed import AllowedAction
    from gongdao.core.cases.model import Plain

Input = Literal["line", "text", "money", "choice"]

#: A ruling departs from the rulebook when these are given; `remedy` decides whether they are.
OVERRULE = (
    "remedy",
    "liable",
    "outbound_freight",
    "return_freight",
    "refund_fen",
    "compensation_fen",
    "overrule_reason",
)


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One input of an action's form."""

    name: str
    label: str
    input: Input
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


def field_label(name: str) -> str:
    """Return what people read for a payload field."""
    return {
        "reason": _("Reason"),
        "ground": _("Ground of the appeal"),
        "note": _("Note"),
        "tracking_number": _("Tracking number"),
        "return_address": _("Return address"),
        "return_freight_fen": _("Freight paid for the return"),
        "voucher": _("Refund voucher number"),
        "carrier": _("Carrier"),
        "remedy": _("Remedy"),
        "liable": _("Liable"),
        "outbound_freight": _("Outbound freight borne by"),
        "return_freight": _("Return freight borne by"),
        "refund_fen": _("Refund"),
        "compensation_fen": _("Compensation"),
        "overrule_reason": _("Why the rulebook is departed from"),
    }.get(name, name.removesuffix("_fen").replace("_", " "))


def field(name: str, *, required: bool = True) -> PayloadField:
    """Return the input for a payload field."""
    choices: tuple[tuple[str, str], ...] = ()
    kind: Input = "line"
    if name.endswith("_fen"):
        kind = "money"
    elif name in {"reason", "ground", "note", "overrule_reason"}:
        kind = "text"
    elif name == "remedy":
        kind, choices = "choice", _choices(Remedy)
    elif name in {"liable", "outbound_freight", "return_freight"}:
        kind, choices = "choice", _choices(Party)
    return PayloadField(name, field_label(name), kind, _help(name), choices, required)


def _choices(words: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((word.value, wording(word)) for word in words)


def _help(name: str) -> str:
    return {
        "reason": _("The other party and the platform read this."),
        "refund_fen": _("Leave empty for the whole claim."),
        "return_freight_fen": _("Leave empty if you paid none."),
        "overrule_reason": _("Kept on record under your name."),
    }.get(name, "")


def fields_of(action: AllowedAction) -> list[PayloadField]:
    """Return the inputs an action's form needs, and the optional ones that go with it."""
    fields = [field(name) for name in action.needs]
    if action.name == "ship_return" and "return_freight_fen" not in action.needs:
        fields.append(field("return_freight_fen", required=False))
    return fields


def overrule_fields() -> list[PayloadField]:
    """Return the inputs of a departure from the rulebook."""
    optional = {"outbound_freight", "return_freight", "refund_fen", "compensation_fen"}
    return [field(name, required=name not in optional) for name in OVERRULE]


def read_payload(given: Mapping[str, str], names: Iterable[str]) -> dict[str, Plain]:
    """Return the payload among form values; money is given in yuan and returned in fen.

    Raises BadInput `money.not_an_amount` naming the field.
    """
    payload: dict[str, Plain] = {}
    for name in names:
        text = given.get(name, "").strip()
        if not text:
            continue
        payload[name] = (
            fen_from_yuan(text, field=f"payload.{name}") if name.endswith("_fen") else text
        )
    if not payload.get("remedy"):
        for name in OVERRULE:
            payload.pop(name, None)
    return payload


def shown_payload(payload: Mapping[str, Plain]) -> list[tuple[str, Plain, Input]]:
    """Return label, value and kind of each field of a payload, for the timeline."""
    shown: list[tuple[str, Plain, Input]] = []
    for name, value in payload.items():
        about = field(name)
        said = dict(about.choices).get(str(value), value)
        shown.append((about.label, said, about.input))
    return shown
