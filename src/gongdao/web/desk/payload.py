"""Payload fields (填写项): what an action needs, as inputs of a form, and read back from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from gongdao.core.cases.returning import ADDRESS
from gongdao.core.cases.verbs.act import listed_words
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Remedy
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.core.cases.allowed import AllowedAction
    from gongdao.core.cases.model import Plain
    from gongdao.core.rulebook.model import Rulebook

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
#: Fields that go with an action though its rulebook does not insist on them.
_FURTHER = {
    "ship_return": ("return_freight_fen",),
    "correct": ("refund_fen", "compensation_fen"),
}
NOTHING: Mapping[str, Text] = {}
#: Needs that are met by saying so.
_SAID_YES = frozenset({"invoice_done", "copies_recovered"})


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
        "part": _("Which part"),
        "kind": _("What kind"),
        "authority": _("Authority"),
        "proof": _("Proof"),
        "report": _("Test report number"),
        "order_number": _("Order number"),
        "application_number": _("Number of the request"),
        "customer_name": _("Name on the parcel"),
        "contact": _("Contact on the parcel"),
        "invoice_done": _("Invoice endorsed or reversed"),
        "tracking_number": _("Tracking number"),
        "return_name": _("Return to (name)"),
        "return_phone": _("Telephone of the return address"),
        "return_region": _("Region of the return address"),
        "return_address": _("Return address"),
        "copies_recovered": _("Every copy of the invoice is back"),
        "void_code": _("Code of the voiding"),
        "red_invoice_number": _("Number of the red invoice"),
        "confirmation_number": _("Number of the confirmation"),
        "invoice_number": _("Number of the invoice"),
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


def field(
    name: str, *, required: bool = True, listed: Mapping[str, Text] = NOTHING
) -> PayloadField:
    """Return the input for a payload field; of words that a rulebook lists, one is chosen."""
    choices: tuple[tuple[str, str], ...] = ()
    kind: Input = "line"
    if name.endswith("_fen"):
        kind = "money"
    elif listed:
        kind, choices = "choice", tuple((word, wording(text)) for word, text in listed.items())
    elif name in _SAID_YES:
        kind, choices = "choice", (("yes", _("yes")),)
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
        "return_name": _("Left empty, the shop's own address counts."),
        "overrule_reason": _("Kept on record under your name."),
    }.get(name, "")


def fields_of(action: AllowedAction, book: Rulebook) -> list[PayloadField]:
    """Return the inputs an action's form needs, and the optional ones that go with it."""
    fields = [field(name, listed=listed_words(action.name, name, book)) for name in action.needs]
    further = _FURTHER.get(action.name, ())
    return fields + [field(n, required=False) for n in further if n not in action.needs]


def address_fields(*, required: bool = False) -> list[PayloadField]:
    """Return the inputs of a return address."""
    return [field(name, required=required) for name in ADDRESS]


def overrule_fields() -> list[PayloadField]:
    """Return the inputs of a departure from the rulebook."""
    optional = {"outbound_freight", "return_freight", "refund_fen", "compensation_fen"}
    return [field(name, required=name not in optional) for name in OVERRULE]


def read_payload(given: Mapping[str, str], names: Iterable[str]) -> dict[str, Plain]:
    """Return the payload among form values; money is given in yuan and returned in fen.

    Of a form that offers to depart from the rulebook and leaves the remedy open, nothing of that
    part counts. Raises BadInput `money.not_an_amount` naming the field.
    """
    payload: dict[str, Plain] = {}
    for name in names:
        text = given.get(name, "").strip()
        if not text:
            continue
        payload[name] = (
            fen_from_yuan(text, field=f"payload.{name}") if name.endswith("_fen") else text
        )
    if "remedy" in given and not payload.get("remedy"):
        for name in OVERRULE:
            payload.pop(name, None)
    return payload


def shown_payload(
    payload: Mapping[str, Plain], action: str, book: Rulebook | None
) -> list[tuple[str, Plain, Input]]:
    """Return label, value and kind of each field of an action's payload, for the timeline."""
    shown: list[tuple[str, Plain, Input]] = []
    for name, value in payload.items():
        listed = listed_words(action, name, book) if book is not None else NOTHING
        about = field(name, listed=listed)
        said = dict(about.choices).get(str(value), value)
        shown.append((about.label, said, about.input))
    return shown
