"""The statement of reasons (裁决书) of a ruling, for whoever asks."""

from __future__ import annotations

from datetime import datetime

from gongdao.app.carry_out import visible_case
from gongdao.app.decide_case import follow_clocks
from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.privacy import shown
from gongdao.app.queries.joined import with_words
from gongdao.core.cases.statement import Statement, statement_of
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.library.shelf import Shelf
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction

RULING = Text("裁决", "ruling")
_PARTIES = (Role.BUYER, Role.MERCHANT)


def statement(
    caller: Caller,
    case_id: str,
    number: int,
    *,
    audience: Role | None = None,
    now: datetime | None = None,
) -> Statement:
    """Return the statement of ruling `number`, told to the caller's role.

    The platform may read what a party is told: `audience`. Raises NotAllowed, NotVisible.
    """
    allow(caller, Verb.SEE_CASES)
    told = audience or caller.role
    if told is not caller.role and (caller.role in _PARTIES or told not in _PARTIES):
        raise not_visible(RULING, "audience")
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        at = now or marketplace_now(on, held.marketplace_id)
        _, case = follow_clocks(held.case, at)
        case = with_words(on, caller, shown(on, caller, case.order, case))
    ruling = next((r for r in case.rulings if r.number == number), None)
    if ruling is None:
        raise not_visible(RULING, "number")
    return statement_of(case, ruling, told, Shelf().exact(ruling.rulebook))
