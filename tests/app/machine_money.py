"""Steps of the state machine: the payment system as it really is, and money that goes other ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from gongdao.app import resolve_payment
from gongdao.app.deposits import move_deposit
from gongdao.app.queries.payments import exceptions
from gongdao.app.report_outside_refund import report_outside_refund
from gongdao.app.report_payment import report
from gongdao.app.settle_reports import Report, settle
from tests.app import machine_laws as laws
from tests.app.machine_stage import pick
from tests.app.world import OPERATOR, SHOP, one, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFERENCES = ("r1", "r2", "r3")


class Money:
    """See the module."""

    stage: Any
    give: Any
    try_: Any
    numbers: Iterator[int]
    seen: Any

    @initialize()
    def nothing_said(self) -> None:
        self.said: list[Report] = []

    def _payment(self, data: st.DataObject) -> tuple[str, int, int] | None:
        """Draw a payment: the case, its number in it, what the buyer gets."""
        found = rows("SELECT case_id::text, number, amount_fen FROM payment ORDER BY 1, 2")
        return pick(data, found, "payment", lambda p: p[1:]) if found else None

    @rule(data=st.data())
    def the_payment_system_reports(self, data: st.DataObject) -> None:
        """In any order, for this amount or another, for what it was never told to pay."""
        found = self._payment(data)
        if found is None:
            return
        case_id, number, fen = found
        told = Report(
            reference=f"{case_id}-{number + data.draw(st.sampled_from((0, 0, 0, 1)))}",
            result=data.draw(st.sampled_from(("sent", "confirmed", "confirmed", "failed"))),
            amount_fen=fen + data.draw(st.sampled_from((0, 0, 0, 1, -1)), label="off by"),
            external_ref=data.draw(st.sampled_from(_REFERENCES), label="reference"),
        )
        (done,) = settle(OPERATOR, [told])
        self.seen[f"settle {told.result}: {done.settled}"] += 1
        if done.settled == "taken":
            self.said.append(told)
        if done.settled == "exception":
            assert told.amount_fen != fen
            assert one("SELECT count(*) FROM payment_exception WHERE kind = 'amount_differs'")

    @rule(data=st.data())
    def it_repeats_itself(self, data: st.DataObject) -> None:
        """What was said before comes again, late and in any order: it changes nothing."""
        if not self.said:
            return
        told = pick(data, self.said, "again", lambda r: r.result)
        before = laws.held()
        (done,) = settle(OPERATOR, [told])
        assert done.settled == "taken"
        assert laws.held() == before

    @rule(data=st.data())
    def it_reports_on_a_case(self, data: st.DataObject) -> None:
        """By the case and the number, under a key."""
        found = self._payment(data)
        if found is None:
            return
        case_id, number, fen = found
        result = data.draw(st.sampled_from(("sent", "confirmed", "failed")), label="result")
        amount = fen + data.draw(st.sampled_from((0, 0, 1)), label="off by")
        self.try_(
            f"report {result} off by {amount - fen}",
            lambda: report(
                OPERATOR, case_id, number, result,
                amount_fen=amount, external_ref="r9", key=f"k{next(self.numbers)}",
            ),
        )  # fmt: skip

    @rule(data=st.data())
    def an_exception_is_resolved(self, data: st.DataObject) -> None:
        """The operator says how it was put right."""
        found = exceptions(OPERATOR, is_open=True).rows
        if not found:
            return
        row = pick(data, found, "exception", lambda e: e.kind)
        ways = sorted({w for ways in resolve_payment.RESOLUTIONS.values() for w in ways})
        way = data.draw(st.sampled_from(ways), label="way")
        self.try_(
            f"resolve {row.kind} {way}",
            lambda: resolve_payment.resolve(OPERATOR, row.id, way, "依据"),
        )

    @rule(data=st.data())
    def somebody_refunds_outside(self, data: st.DataObject) -> None:
        """Twice under one reference counts once; under it for another amount is refused."""
        order_id = data.draw(st.sampled_from(sorted(self.stage.orders)), label="order")
        fen = data.draw(st.sampled_from((1, 500, 20_000)), label="fen")
        ref = data.draw(st.sampled_from(("x1", "x2")), label="reference")
        done = self.try_(
            "report_outside_refund",
            lambda: report_outside_refund(
                OPERATOR, SHOP, order_id, amount_fen=fen, external_ref=ref
            ),
        )
        if done is not None:
            again = report_outside_refund(
                OPERATOR, SHOP, order_id, amount_fen=fen, external_ref=ref
            )
            assert again.repeated

    @rule(fen=st.sampled_from((-5000, -1, 1, 5000, 100_000)), ref=st.sampled_from(("d1", "d2")))
    def a_deposit_moves(self, fen: int, ref: str) -> None:
        """The merchant pays in or takes out."""
        self.try_("move_deposit", lambda: move_deposit(OPERATOR, SHOP, fen, ref))

    @rule(pays=st.booleans())
    def the_sandbox_pays_by_itself_or_not(self, pays: bool) -> None:
        """Whether the sandbox's own payment system works."""
        self.stage.let_it_pay(pays=pays)
