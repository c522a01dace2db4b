"""The way back (退货去向): whether a case waits for goods to be sent back, and where to."""

from __future__ import annotations

from collections.abc import Mapping

from gongdao.core.cases.evolve import AFTER_SALE
from gongdao.core.cases.model import Case, Plain
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Goods, Role
from gongdao.core.remedies.parcel import ReturnAddress
from gongdao.core.rulebook.processes import Action, State

#: Payload fields of an act by which the merchant says where the goods go back to.
ADDRESS = ("return_name", "return_phone", "return_region", "return_address")

#: Where goods are that the buyer does not send back any more.
_GONE_BACK = (Goods.IN_RETURN, Goods.RETURNED, Goods.LOST)


def way_back(state: State) -> Action | None:
    """Return the action by which the buyer sends the goods back; None: the state has none."""
    return next(
        (
            a
            for a in state.actions.values()
            if a.goods is Goods.IN_RETURN and Role.BUYER in a.by and "tracking_number" in a.needs
        ),
        None,
    )


def state_of(case: Case, playbook: Playbook) -> State:
    """Return the state of the after-sale."""
    track = case.tracks[AFTER_SALE]
    return playbook.state(track.rulebook, track.process, track.state)


def awaits_return(case: Case, playbook: Playbook) -> bool:
    """Whether the buyer is to send the goods back now."""
    if case.closed_at is not None or case.goods in _GONE_BACK:
        return False
    return way_back(state_of(case, playbook)) is not None


def lacks_address(case: Case, playbook: Playbook) -> bool:
    """Whether the buyer is to send the goods back and has not been told where to."""
    return case.return_address is None and awaits_return(case, playbook)


def leads_back(case: Case, playbook: Playbook, action: str) -> bool:
    """Whether an action of the after-sale, done now, has the buyer send the goods back."""
    if case.closed_at is not None or case.goods in _GONE_BACK:
        return False
    track = case.tracks[AFTER_SALE]
    process = playbook.process(track.rulebook, track.process)
    meant = process.states[track.state].actions.get(action)
    if meant is None or meant.to == track.state:
        return False
    return way_back(process.states[meant.to]) is not None


def address_in(payload: Mapping[str, Plain]) -> ReturnAddress | None:
    """Return the address that a payload holds; None: it holds none.

    Raises BadInput `return_address.incomplete` naming what is missing.
    """
    given = {name: str(payload[name]).strip() for name in ADDRESS if name in payload}
    if not given:
        return None
    for name in ADDRESS:
        if not given.get(name):
            raise BadInput(
                Finding(
                    code="return_address.incomplete",
                    field=f"payload.{name}",
                    message=Text(f"退货地址缺少 {name}", f"the return address lacks `{name}`"),
                    cure=Text(
                        "请填写收件人、电话、地区和详细地址",
                        "give name, phone, region and address",
                    ),
                )
            )
    return ReturnAddress(
        return_name=given["return_name"],
        return_phone=given["return_phone"],
        return_region=given["return_region"],
        return_address=given["return_address"],
    )


def without_address(payload: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return the payload without the address: that is an event of its own."""
    return {name: value for name, value in payload.items() if name not in ADDRESS}


def address_missing() -> BadInput:
    """Return the refusal of an agreement to a return that does not say where to."""
    return BadInput(
        Finding(
            code="return_address.missing",
            field="payload.return_address",
            message=Text(
                "同意退货须给出退货地址，店铺也没有默认退货地址",
                "a return needs an address, and the shop has none of its own",
            ),
            cure=Text(
                "请填写 return_name、return_phone、return_region、return_address，"
                "或先设置店铺默认退货地址",
                "give return_name, return_phone, return_region and return_address, or set the"
                " shop's return address first",
            ),
        )
    )


def address_unknown() -> Conflict:
    """Return the refusal of a pick-up while nobody knows where the parcel goes."""
    return Conflict(
        Finding(
            code="return_address.unknown",
            message=Text("商家尚未给出退货地址", "the merchant has not given a return address"),
            cure=Text("请商家先给出退货地址", "the merchant gives it first"),
        )
    )
