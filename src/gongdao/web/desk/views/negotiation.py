"""Negotiation from pages (协商): make an offer, counter it, accept, decline or withdraw it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from django.views.decorators.http import require_POST

from gongdao.app import negotiate
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import fen_from_yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Remedy
from gongdao.core.remedies.offer import Terms
from gongdao.web.desk.confirming import previewed, version_in
from gongdao.web.desk.entrance import for_callers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from gongdao.app.negotiate import Answer
    from gongdao.app.permissions import Caller


@for_callers
@require_POST
def offer_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Preview an offer, or make it once its giver has confirmed; one still open is replaced."""
    given = request.POST.dict()
    make = partial(
        negotiate.offer,
        caller,
        str(case_id),
        _terms(given),
        key=given.get("key", ""),
        note=given.get("note", "").strip(),
        expected_version=version_in(request),
    )
    return previewed(request, make)


@for_callers
@require_POST
def answer_page(request: HttpRequest, caller: Caller, case_id: str, number: int) -> HttpResponse:
    """Preview the answer to an offer, or give it once its giver has confirmed."""
    make = partial(
        negotiate.answer,
        caller,
        str(case_id),
        number,
        cast("Answer", request.POST.get("answer", "")),
        key=request.POST.get("key", ""),
        expected_version=version_in(request),
    )
    return previewed(request, make)


def _terms(given: Mapping[str, str]) -> Terms:
    try:
        remedy = Remedy(given.get("remedy", ""))
        freight = Party(given.get("return_freight") or Party.MERCHANT)
    except ValueError:
        raise BadInput(
            Finding(code="input.invalid", field="remedy", message=Text("请选择一项", "choose one"))
        ) from None
    return Terms(
        remedy=remedy,
        refund_fen=_fen(given, "refund_fen"),
        compensation_fen=_fen(given, "compensation_fen"),
        return_freight=freight,
    )


def _fen(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "").strip()
    return fen_from_yuan(text, field=f"terms.{name}") if text else 0
