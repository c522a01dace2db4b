"""Parcel form (验货表): what the merchant says of the parcel that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.translation import gettext as _

from gongdao.core.remedies.parcel import CONDITION_LABELS, LabelItem
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.app.queries.dealings import Dealings
    from gongdao.core.cases.model import Case


@dataclass(frozen=True, slots=True)
class ParcelForm:
    """What the forms about parcels ask."""

    conditions: list[tuple[str, str]]
    gifts: list[tuple[str, str]]
    """Gifts with a price marked beforehand: line id and title."""
    label_items: list[tuple[str, str]]
    key: str


def parcel_form(case: Case, open_to: Dealings) -> ParcelForm | None:
    """Return the form; None where no parcel is to be inspected or reported."""
    if not open_to.inspect and not open_to.report_lost:
        return None
    lacking = {
        LabelItem.ORDER: _("the order number"),
        LabelItem.REQUEST: _("the number of the request"),
        LabelItem.NAME: _("the name"),
        LabelItem.CONTACT: _("the contact"),
    }
    return ParcelForm(
        conditions=[(c.value, wording(text)) for c, text in CONDITION_LABELS.items()],
        gifts=[
            (line.line_id, line.title)
            for line in case.order.lines
            if line.gift and line.own_price_fen is not None
        ],
        label_items=[(item.value, title) for item, title in lacking.items()],
        key=str(uuid4()),
    )
