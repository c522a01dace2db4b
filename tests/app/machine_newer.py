"""Steps of the state machine: parcels back and couriers, cases joined, invoices and their tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from gongdao.app.handle_parcels import receive_return, send_return
from gongdao.app.invoices.act import act_on_task
from gongdao.app.invoices.tell import Told, tell_invoice
from gongdao.app.join_act import act_in_all
from gongdao.app.join_cases import join, separate
from gongdao.app.pick_up import report_pickup, request_pickup
from gongdao.app.queries.case_page import case_page
from gongdao.app.queries.invoices import invoice_task, invoice_tasks
from gongdao.core.invoices.model import Medium
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.parcel import ParcelLine, PickupState
from tests.app.machine_stage import PEOPLE, name_of, pick
from tests.app.world import ARBITRATOR, MERCHANT, OPERATOR, SHOP, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTIES_AND_OPERATOR = (*PEOPLE[:2], OPERATOR)


class Newer:
    """See the module."""

    stage: Any
    give: Any
    try_: Any
    aside: Any
    some_case: Any
    numbers: Iterator[int]

    def _in(self, case_id: str, caller: Any) -> Any:
        """A buyer is the case's own."""
        return self.stage.buyer(case_id) if caller.buyer_id else caller

    def _goes_back(self, case_id: str) -> bool:
        """Whether the buyer is to send the goods back."""
        buyer = self.stage.buyer(case_id)
        return any(a.name == "ship_return" for a in case_page(buyer, case_id).allowed)

    # ------------------------------------------------------------------ the way back

    @rule(data=st.data())
    def a_parcel_goes_back(self, data: st.DataObject) -> None:
        """The first, a further one, or the same again with other goods in it."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        case = self.stage.case(case_id)
        if self.aside(data, likely=self._goes_back(case_id)):
            return
        lines: tuple[ParcelLine, ...] = ()
        if data.draw(st.booleans(), label="says what is in it"):
            line = pick(data, case.claim_lines, "line", lambda li: li.line_id)
            quantity = data.draw(st.integers(1, line.quantity), label="quantity")
            lines = (ParcelLine(line_id=line.line_id, quantity=quantity),)
        number = data.draw(st.sampled_from(("SF2", "SF3")), label="number")
        freight = data.draw(st.sampled_from((None, 0, 1200)), label="freight")
        self.give("send_return", lambda key, _preview: send_return(
            self.stage.buyer(case_id), case_id, number, key=key, lines=lines,
            return_freight_fen=freight,
        ))  # fmt: skip

    @rule(data=st.data(), parcel=st.sampled_from((1, 1, 2)))
    def a_parcel_arrives(self, data: st.DataObject, parcel: int) -> None:
        """One of those that went back."""
        case_id = self.some_case(data)
        if case_id is None or self.aside(data, likely=bool(self.stage.case(case_id).returns)):
            return
        self.give("receive_return", lambda key, _preview: receive_return(
            MERCHANT, case_id, parcel, key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def a_courier_is_called(self, data: st.DataObject) -> None:
        """Somebody has the goods fetched, at his own cost or another's."""
        case_id = self.some_case(data)
        if case_id is None or self.aside(data, likely=self._goes_back(case_id)):
            return
        caller = self._in(case_id, pick(data, PARTIES_AND_OPERATOR, "caller", name_of))
        payer = data.draw(st.sampled_from(("buyer", "merchant", "platform")), label="payer")
        at = self.stage.now() + timedelta(hours=data.draw(st.integers(-2, 30), label="in hours"))
        self.give("request_pickup", lambda key, _preview: request_pickup(
            caller, case_id, slot_from=at, slot_until=at + timedelta(hours=2),
            pickup_address="一号楼", contact_name="张三", contact_phone="13800000000",
            paid_by=Party(payer), key=key,
        ))  # fmt: skip

    @rule(data=st.data(), number=st.sampled_from((1, 1, 2)))
    def the_courier_reports(self, data: st.DataObject, number: int) -> None:
        """He has the goods, he has not, or nobody wants him any more."""
        case_id = self.some_case(data)
        if case_id is None or self.aside(data, likely=bool(self.stage.case(case_id).pickups)):
            return
        caller = self._in(case_id, pick(data, PARTIES_AND_OPERATOR, "caller", name_of))
        state = data.draw(st.sampled_from(list(PickupState)), label="state")
        fen = data.draw(st.sampled_from((0, 1500)), label="freight")
        self.give("report_pickup", lambda key, _preview: report_pickup(
            caller, case_id, number, state, key=key,
            tracking_number="SF4" if state is PickupState.COLLECTED else "", freight_fen=fen,
        ))  # fmt: skip

    # ------------------------------------------------------------------ joined cases

    @rule(data=st.data())
    def cases_are_joined(self, data: st.DataObject) -> None:
        """Any two: of one buyer it may be, of two it may not."""
        found = self.stage.cases()
        if len(found) < 2:
            return
        two = [pick(data, found, "case", found.index) for _ in range(2)]
        caller = pick(data, PEOPLE[3:], "caller", name_of)
        key = f"k{next(self.numbers)}"
        done = self.try_("join", lambda: join(caller, two, "同一批次", key=key))
        if done is not None:
            assert len({self.stage.buyer_of(case_id) for case_id in two}) == 1
            assert all(outcome.repeated for outcome in join(caller, two, "同一批次", key=key))

    @rule(data=st.data())
    def a_case_is_separated(self, data: st.DataObject) -> None:
        """It is heard by itself again."""
        case_id = self.some_case(data)
        key = f"k{next(self.numbers)}"
        if case_id is None:
            return
        if not self.aside(data, likely=self.stage.case(case_id).joined is not None):
            self.try_("separate", lambda: separate(OPERATOR, case_id, "案情不同", key=key))

    @rule(data=st.data())
    def all_are_acted_on(self, data: st.DataObject) -> None:
        """An arbitrator does the same in every case of a group, or in none."""
        case_id = self.some_case(data)
        joined = self.stage.case(case_id).joined if case_id is not None else None
        if joined is None:
            return
        names = ("close_evidence", "mediate", "end_mediation", "rule")
        action = data.draw(st.sampled_from(names), label="action")
        key = f"k{next(self.numbers)}"
        self.try_(
            f"in all {action}", lambda: act_in_all(ARBITRATOR, joined.group, action, {}, key=key)
        )

    # ------------------------------------------------------------------ invoices

    @rule(data=st.data())
    def an_invoice_is_told(self, data: st.DataObject) -> None:
        """Of a part of what was paid or all of it, or too much."""
        order_id = pick(data, sorted(self.stage.orders), "order")
        paid = self.stage.orders[order_id].paid_fen
        fen = data.draw(st.sampled_from((paid, paid // 2, paid + 1)), label="fen")
        told = Told(
            shop_id=SHOP,
            order_id=order_id,
            number=f"N{data.draw(st.integers(1, 3), label='number')}",
            medium=data.draw(st.sampled_from(list(Medium)), label="medium"),
            amount_fen=fen,
            issued_at=self.stage.orders[order_id].placed_at,
        )
        self.try_("tell_invoice", lambda: tell_invoice(OPERATOR, told))

    @rule(data=st.data())
    def an_invoice_task_goes_on(self, data: st.DataObject) -> None:
        """Somebody does what a task about an invoice offers him."""
        caller = pick(data, PARTIES_AND_OPERATOR, "caller", name_of)
        tasks = invoice_tasks(caller).rows
        if not tasks:
            return
        task = pick(data, tasks, "task", lambda t: t.task.kind)
        shown, _ = invoice_task(caller, task.task.id)
        offered = [a.action for a in shown.actions if a.open]
        if not offered:
            return
        action = pick(data, offered, "action", lambda a: a.name)
        payload = dict.fromkeys(action.needs, "24317")
        key = f"k{next(self.numbers)}"
        self.try_(
            f"invoice {action.name}",
            lambda: act_on_task(caller, task.task.id, action.name, payload, key=key),
        )

    def no_invoice_is_reversed_twice(self) -> None:
        """What red invoices take off one never comes to more than it."""
        assert rows("SELECT number FROM invoice WHERE reversed_fen > amount_fen") == []
