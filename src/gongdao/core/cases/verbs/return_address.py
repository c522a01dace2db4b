"""Give the return address (退货地址): the merchant says where the goods go back to."""

from __future__ import annotations

from gongdao.core.cases import refusals
from gongdao.core.cases.commands import Act, GiveReturnAddress
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Timer
from gongdao.core.cases.parcel_events import ReturnAddressGiven
from gongdao.core.cases.returning import (
    address_in,
    address_missing,
    awaits_return,
    state_of,
    way_back,
)
from gongdao.core.cases.timers import enter
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.remedies.parcel import ReturnAddress


def give_return_address(draft: Draft, command: GiveReturnAddress) -> None:
    """Draft the address; while the buyer waited for it his time to send back starts anew.

    The shop's own address is filled in by itself and moves no clock: it was there before. Raises
    Conflict `return_address.not_wanted` when nothing is to be sent back, or it is under way.
    """
    case = draft.case
    if case.closed_at is not None:
        raise refusals.closed()
    if not awaits_return(case, draft.playbook):
        raise Conflict(
            Finding(
                code="return_address.not_wanted",
                message=Text(
                    "目前没有待寄回的商品", "there is nothing to be sent back at the moment"
                ),
            )
        )
    anew = case.return_address is None and not command.of_shop
    draft.add(
        ReturnAddressGiven(
            at=draft.now,
            by=command.by.role,
            actor=command.by.id,
            address=ReturnAddress(
                return_name=command.return_name,
                return_phone=command.return_phone,
                return_region=command.return_region,
                return_address=command.return_address,
                of_shop=command.of_shop,
            ),
            timers=_anew(draft) if anew else None,
        )
    )


def agreed_to_return(draft: Draft, command: Act) -> None:
    """After an act by which the goods are to be sent back: record the address given with it.

    Raises BadInput `return_address.missing` when the merchant has the buyer send the goods back
    and says nowhere where to.
    """
    address = address_in(command.payload)
    if not awaits_return(draft.case, draft.playbook):
        return
    if address is not None:
        draft.add(
            ReturnAddressGiven(
                at=draft.now, by=command.by.role, actor=command.by.id, address=address
            )
        )
        return
    wants = draft.case.return_address is None and not command.address_follows
    if wants and command.by.role is Role.MERCHANT:
        raise address_missing()


def _anew(draft: Draft) -> tuple[Timer, ...]:
    """Return the case's clocks with the buyer's, for sending back, started now."""
    case = draft.case
    state, book = state_of(case, draft.playbook), draft.playbook.books[
        case.tracks[AFTER_SALE].rulebook
    ]  # fmt: skip
    if way_back(state) is None or Role.BUYER not in state.waits_for:
        return case.timers
    others = tuple(t for t in case.timers if t.track != AFTER_SALE)
    return others + enter(draft, AFTER_SALE, state, book)
