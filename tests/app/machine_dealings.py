"""Steps of the state machine: offers, parcels, and floods."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from gongdao.app import negotiate
from gongdao.app.force_majeure.apply import sweep
from gongdao.app.force_majeure.declare import Declaring, declare
from gongdao.app.force_majeure.withdraw import end, listed, revoke
from gongdao.app.handle_parcels import inspect_return, report_lost
from gongdao.core.cases.entitlement import refundable_left_fen
from gongdao.core.cases.offer_states import open_offer
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Remedy, Role
from gongdao.core.remedies.offer import Terms
from gongdao.core.remedies.parcel import Condition
from tests.app.machine_stage import PEOPLE, REGIONS, name_of, pick
from tests.app.world import MARKET, MERCHANT, OPERATOR

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEDIES = ("refund_only", "partial_refund", "return_refund", "compensate", "exchange", "repair")


class Dealings:
    """See the module."""

    stage: Any
    give: Any
    try_: Any
    aside: Any
    some_case: Any
    numbers: Iterator[int]

    @rule(data=st.data())
    def bargain(self, data: st.DataObject) -> None:
        """A party makes an offer, or answers the open one."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        case = self.stage.case(case_id)
        offer = open_offer(case)
        parties = {Role.BUYER: self.stage.buyer(case_id), Role.MERCHANT: MERCHANT}
        caller = parties[data.draw(st.sampled_from(list(parties)), label="caller")]
        how = data.draw(st.sampled_from(("accept", "accept", "decline", "withdraw", "offer")))
        if offer is not None and how != "offer":
            self.give(f"offer {how}", lambda key, preview: negotiate.answer(
                caller, case_id, offer.number, how, key=key, preview=preview,
            ), preview=data.draw(st.booleans(), label="preview"))  # fmt: skip
            return
        remedy = Remedy(data.draw(st.sampled_from(_REMEDIES), label="remedy"))
        most = refundable_left_fen(case) + data.draw(st.sampled_from((0, 0, 1)), label="too much")
        terms = Terms(
            remedy=remedy,
            refund_fen=data.draw(st.integers(0, most), label="refund_fen"),
            compensation_fen=data.draw(st.integers(0, 5000), label="compensation_fen"),
            return_freight=data.draw(st.sampled_from((Party.BUYER, Party.MERCHANT))),
        )
        self.give("offer", lambda key, preview: negotiate.offer(
            caller, case_id, terms, key=key, preview=preview,
        ), preview=data.draw(st.booleans(), label="preview"))  # fmt: skip

    @rule(data=st.data())
    def the_parcel_is_opened(self, data: st.DataObject) -> None:
        """The merchant says what came back."""
        case_id = self.some_case(data)
        if case_id is None or self.aside(data, likely=bool(self.stage.case(case_id).returns)):
            return
        condition = data.draw(st.sampled_from(list(Condition)), label="condition")
        self.give("inspect_return", lambda key, _preview: inspect_return(
            MERCHANT, case_id, condition=condition, key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def the_parcel_is_lost(self, data: st.DataObject) -> None:
        """The carrier's record says so."""
        case_id = self.some_case(data)
        if case_id is None or self.aside(data, likely=bool(self.stage.case(case_id).returns)):
            return
        caller = pick(data, (OPERATOR, OPERATOR, *PEOPLE[1:4]), "caller", name_of)
        self.give("report_lost", lambda key, _preview: report_lost(
            caller, case_id, "承运商证明", key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def a_flood_comes(self, data: st.DataObject) -> None:
        """Clocks of a district stand still, from before or after now, with or without an end."""
        now = self.stage.now()
        since = now + timedelta(hours=data.draw(st.integers(-100, 50), label="since"))
        days = data.draw(st.sampled_from((None, 3, 9)), label="days")
        wanted = Declaring(
            marketplace_id=MARKET,
            province="上海市",
            district=data.draw(st.sampled_from(("", REGIONS[0][3:])), label="district"),
            since=since,
            until=None if days is None else since + timedelta(days=days),
            title=Text("洪水", "flood"),
            proof="防汛 12 号",
        )
        key = f"k{next(self.numbers)}"
        self.try_("declare", lambda: declare(OPERATOR, wanted, key=key))

    @rule(data=st.data())
    def the_flood_is_over(self, data: st.DataObject) -> None:
        """It ends, or it never was one."""
        found = listed(OPERATOR)
        if not found:
            return
        row = pick(data, found, "declaration", lambda d: d.until)
        if data.draw(st.booleans(), label="revoked"):
            self.try_("revoke", lambda: revoke(OPERATOR, str(row.id), "误报"))
        else:
            self.try_("end", lambda: end(OPERATOR, str(row.id)))

    def every_flood_ends(self) -> None:
        """Before time goes on to the end."""
        sweep()
        for row in listed(OPERATOR):
            if row.until is None and row.ended_at is None and row.revoked_at is None:
                end(OPERATOR, str(row.id))
