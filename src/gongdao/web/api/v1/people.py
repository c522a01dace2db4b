"""People (个人信息): what a buyer wrote and handed in is erased when he asks for it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from gongdao.app.erase import Erasure, erase_buyer
from gongdao.web.api.authentication import caller

router = Router(tags=["people"])


class EraseIn(Schema):
    """Which buyer of which marketplace."""

    model_config = ConfigDict(extra="forbid")

    marketplace_id: str = Field(examples=["m-1"])
    buyer_id: str = Field(examples=["b-1"])


class ErasureOut(Schema):
    """What was erased: texts by their keys, files, accounts."""

    keys: int
    files: int
    accounts: int


@router.post("/erasures", response=ErasureOut, summary="Erase a buyer's personal data")
def erase(request: HttpRequest, body: EraseIn) -> Erasure:
    """Erase what a buyer wrote and handed in. Again changes nothing: no key is needed."""
    return erase_buyer(caller(request), body.marketplace_id, body.buyer_id)
