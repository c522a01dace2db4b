"""Ruling text (裁决说明): a ruling in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.words import Party
from gongdao.web.desk.language import wording

if TYPE_CHECKING:
    from gongdao.core.adjudication.ruling import Ruling


def verdict(ruling: Ruling) -> str:
    """Say what is granted, who is liable, and who bears which freight."""
    parts = [wording(ruling.remedy)]
    if ruling.refund_fen is not None:
        parts.append(_("refund ¥{amount}").format(amount=yuan(ruling.refund_fen)))
    if ruling.compensation_fen:
        parts.append(_("compensation ¥{amount}").format(amount=yuan(ruling.compensation_fen)))
    if ruling.liable is not Party.NONE:
        parts.append(_("liable: {party}").format(party=wording(ruling.liable)))
    for party, pattern in (
        (ruling.outbound_freight, _("outbound freight: {party}")),
        (ruling.return_freight, _("return freight: {party}")),
    ):
        if party is not Party.NONE:
            parts.append(pattern.format(party=wording(party)))
    return _("; ").join(parts)
