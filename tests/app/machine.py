"""The state machine: people, programs, clocks and payments act on the real service at random.

Every step is a use case on PostgreSQL. Whatever is refused leaves nothing behind, whatever is
repeated under its key does nothing, whatever is previewed writes nothing; the laws hold after each.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gongdao.app.act import act
from gongdao.app.cancel_order import cancel_order
from gongdao.app.intake_orders import intake
from gongdao.app.open_case import open_case
from gongdao.app.outcome import Outcome
from gongdao.core.cases.commands import LineAsked
from gongdao.core.kernel.findings import Conflict, NotAllowed, NotVisible, Refused
from gongdao.core.kernel.words import Claim, Reason
from gongdao.store.connection import release
from gongdao.worker.run import run_round
from tests.app import machine_laws as laws
from tests.app.machine_payloads import payload_for
from tests.app.machine_stage import PEOPLE, PLATFORMS, Stage, climbed, name_of, orders, pick
from tests.app.world import BUYER, MARKET, OTHER_BUYER, SHOP
from tests.throwaway import empty

if TYPE_CHECKING:
    from collections.abc import Callable

    from gongdao.store.postgres import Address

#: Actions by which a case comes before the platform, and to its ruling.
TO_THE_PLATFORM = (("reject", "reject_return", "refuse"), ("escalate",))
TO_A_RULING = (*TO_THE_PLATFORM, ("close_evidence",), ("rule",), ("appeal",))
CLAIMS = (Claim.RETURN_REFUND, Claim.REFUND_ONLY, Claim.RETURN_REFUND, *Claim)


class Machine(RuleBasedStateMachine):
    """See the module."""

    address: ClassVar[Address]
    seen: ClassVar[Counter[str]] = Counter()
    """What the runs came to, over all of them."""

    def __init__(self) -> None:
        super().__init__()
        release()  # emptying sends everybody else away
        empty(self.address)
        self.numbers = count(1)
        self.done: list[tuple[str, Callable[[str, bool], Outcome], int]] = []
        """Key, how the command is given, and how many events it led to."""
        self.stage: Stage

    @initialize(data=st.data(), platform=st.sampled_from(PLATFORMS), pays=st.booleans(),
                fast=st.integers(0, 3))  # fmt: skip
    def set_up(self, data: st.DataObject, platform: str, pays: bool, fast: int) -> None:
        told = [data.draw(orders(n, platform), label=f"order {n}") for n in (1, 2, 3)]
        self.stage = Stage(platform, told, pays=pays, fast=fast == 0)
        for _ in range(3):
            if not self.stage.cases(is_open=True):
                self.open(data)

    # ------------------------------------------------------------------ how a command is given

    def give(
        self, name: str, command: Callable[[str, bool], Outcome], *, preview: bool = False
    ) -> Outcome | Refused:
        """Give a command under a new key; first as a preview when asked to."""
        key = f"k{next(self.numbers)}"
        before, overdue = laws.held(), self.stage.overdue()
        try:
            if preview:
                foreseen = command(key, True)
                assert laws.held() == before, "a preview wrote something"
            outcome = command(key, False)
        except Refused as refusal:
            note(f"{name}: {refusal.code}")
            self.seen[f"{name}: {refusal.code}"] += 1
            if not overdue and not self.stage.overdue():
                assert laws.held() == before, f"{name} was refused and left a trace"
            return refusal
        if preview and not overdue:
            kinds = [[type(e) for e in o.events] for o in (foreseen, outcome)]
            assert kinds[0] == kinds[1], f"{name}: the preview foresaw something else: {kinds}"
        self.seen[name] += 1
        note(f"{name}: {[type(e).__name__ for e in outcome.events]}")
        self.seen.update(type(e).__name__ for e in outcome.events)
        assert not outcome.repeated
        self.done.append((key, command, len(outcome.events)))
        self.again(*self.done[-1])
        return outcome

    def again(self, key: str, command: Callable[[str, bool], Outcome], events: int) -> None:
        """The same command under its key once more: the same answer, and nothing else."""
        before = laws.held()
        again = command(key, False)
        assert again.repeated, f"{key} was done twice"
        assert len(again.events) == events
        assert laws.held() == before

    def try_(self, name: str, call: Callable[[], Any]) -> Any:
        """Do what is no command on one case; a refusal leaves nothing behind."""
        before, overdue = laws.held(), self.stage.overdue()
        try:
            found = call()
        except Refused as refusal:
            note(f"{name}: {refusal.code}")
            self.seen[f"{name}: {refusal.code}"] += 1
            if not overdue and not self.stage.overdue():
                assert laws.held() == before, f"{name} was refused and left a trace"
            return None
        self.seen[name] += 1
        note(name)
        return found

    def some_case(self, data: st.DataObject, *, is_open: bool = True) -> str | None:
        """Draw a case, an open one; where all have ended, open another."""
        if is_open and not self.stage.cases(is_open=True):
            self.open(data)
        found = self.stage.cases(is_open=is_open) or self.stage.cases()
        return pick(data, found, "case", found.index) if found else None

    def aside(self, data: st.DataObject, *, likely: bool) -> bool:
        """Where a step would hardly lead anywhere, mostly do what is offered instead."""
        if likely or data.draw(st.integers(0, 5), label="all the same") == 5:
            return False
        self.one_act(data, only_open=True)
        return True

    # ------------------------------------------------------------------ orders and openings

    @rule(data=st.data())
    def open(self, data: st.DataObject) -> None:
        """A buyer asks for something; sometimes for another's order."""
        order = self.stage.orders[pick(data, sorted(self.stage.orders), "order")]
        owner, other = BUYER, OTHER_BUYER
        if order.buyer_id != owner.buyer_id:
            owner, other = other, owner
        caller = pick(data, (owner, owner, owner, owner, owner, other), "caller", name_of)
        claim = data.draw(st.sampled_from(CLAIMS), label="claim")
        reason = data.draw(st.sampled_from(list(Reason)), label="reason")
        lines: tuple[LineAsked, ...] = ()
        if data.draw(st.booleans(), label="part"):
            line = data.draw(st.sampled_from(order.lines))
            asked = data.draw(st.integers(1, line.quantity), label="quantity")
            lines = (LineAsked(line_id=line.line_id, quantity=asked),)
        if claim is Claim.PRICE_PROTECTION:
            reason = data.draw(st.sampled_from((Reason.PRICE_DROP, reason)), label="reason then")
            line = data.draw(st.sampled_from(order.lines))
            seen = data.draw(st.integers(0, line.paid_fen + 1), label="seen")
            lines = (LineAsked(line_id=line.line_id, quantity=1, seen_price_fen=seen),)
        got = self.give(
            "open",
            lambda key, preview: open_case(
                caller, shop_id=SHOP, order_id=order.order_id, claim=claim, reason=reason,
                lines=lines, description="如图", key=key, preview=preview,
            ),
            preview=data.draw(st.booleans(), label="preview"),
        )  # fmt: skip
        if caller.buyer_id != order.buyer_id:
            assert isinstance(got, NotVisible)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Somebody cancels an order by its own process."""
        order_id = pick(data, sorted(self.stage.orders), "order")
        caller = pick(data, PEOPLE, "caller", name_of)
        self.give(
            "cancel_order",
            lambda key, _preview: cancel_order(caller, shop_id=SHOP, order_id=order_id, key=key),
        )

    @rule(data=st.data())
    def tell_order(self, data: st.DataObject) -> None:
        """The marketplace tells an order again, a rung further or as it was."""
        order_id = pick(data, sorted(self.stage.orders), "order")
        order = self.stage.orders[order_id]
        if data.draw(st.booleans(), label="further"):
            order = climbed(order, self.stage.now() - timedelta(seconds=1))
        self.stage.orders[order_id] = order
        report = intake(MARKET, [order], watch=True)
        assert report.refused == ()

    # ------------------------------------------------------------------ what people do

    def one_act(self, data: st.DataObject, *, only_open: bool) -> None:
        case_id = self.some_case(data, is_open=data.draw(st.integers(0, 5), label="any") != 5)
        if case_id is None:
            return
        offers = [
            (caller, page.case, action)
            for caller, page in self.stage.pages(case_id)
            for action in page.allowed
            if action.open or not only_open
        ]
        going_on = [o for o in offers if "withdraw" not in o[2].name and not o[2].begins]
        if going_on and data.draw(st.integers(0, 4), label="aside") != 4:
            offers = going_on
        if not offers:
            return
        caller, case, action = pick(
            data, offers, "act", lambda o: f"{o[0].user_id} {o[2].track} {o[2].name}"
        )
        payload = payload_for(data, case, action)
        stale = data.draw(st.sampled_from((None, None, 0, -1)), label="version")
        version = None if stale is None else case.version + stale
        got = self.give(
            f"act {action.name}",
            lambda key, preview: act(
                caller, case_id, action.name, payload, key=key, track=action.track,
                expected_version=version, preview=preview,
            ),
            preview=data.draw(st.booleans(), label="preview"),
        )  # fmt: skip
        if stale == -1:
            assert isinstance(got, Conflict | NotAllowed), got

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Somebody does something that he is offered."""
        self.one_act(data, only_open=True)

    @rule(data=st.data(), times=st.integers(1, 4))
    def act_again(self, data: st.DataObject, times: int) -> None:
        """As `act`: most of what happens is this."""
        for _ in range(times):
            self.one_act(data, only_open=True)

    @rule(data=st.data())
    def act_wildly(self, data: st.DataObject) -> None:
        """Somebody does what may not be open, or not be his."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        names = sorted({a.name for _, page in self.stage.pages(case_id) for a in page.allowed})
        name = data.draw(st.sampled_from([*names, "agree", "rule", "nothing"]), label="action")
        caller = pick(data, PEOPLE, "caller", name_of)
        payload = {"reason": "理由", "refund_fen": data.draw(st.integers(0, 10**6), label="fen")}
        self.give("act wildly", lambda key, preview: act(
            caller, case_id, name, payload, key=key, preview=preview,
        ))  # fmt: skip

    @rule(data=st.data())
    def a_dispute(self, data: st.DataObject) -> None:
        """The merchant will not, the buyer asks the platform in; perhaps it is heard and ruled."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        for names in data.draw(st.sampled_from((TO_THE_PLATFORM, TO_A_RULING)), label="as far as"):
            self.do_one_of(data, case_id, names)

    def do_one_of(self, data: st.DataObject, case_id: str, names: tuple[str, ...]) -> None:
        """Do the first of these actions that somebody is offered."""
        for caller, page in self.stage.pages(case_id):
            for action in page.allowed:
                if action.name in names and action.open and not action.begins:
                    payload = payload_for(data, page.case, action)
                    self.give(f"act {action.name}", lambda key, preview: act(
                        caller, case_id, action.name, payload,  # noqa: B023  given at once
                        key=key, track=action.track, preview=preview,  # noqa: B023
                    ), preview=True)  # fmt: skip
                    return

    # ------------------------------------------------------------------ again, and under old keys

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A command of long ago comes again."""
        self.again(*pick(data, self.done, "again", lambda d: d[0]))

    @precondition(lambda self: len(self.done) > 1)
    @rule(data=st.data())
    def another_under_an_old_key(self, data: st.DataObject) -> None:
        """Another command under a key that is taken, by whomever: never a second time."""
        key, _, _ = pick(data, self.done, "key of", lambda d: d[0])
        _, command, _ = pick(data, self.done, "command of", lambda d: d[0])
        before, overdue = laws.held(), self.stage.overdue()
        try:
            got = command(key, False)
        except Refused:
            if not overdue and not self.stage.overdue():
                assert laws.held() == before
            return
        if got.repeated:
            assert laws.held() == before
        else:
            self.done.append((key, command, len(got.events)))

    # ------------------------------------------------------------------ time

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        """Time passes; nobody has seen yet what has fallen due."""
        self.stage.set_clock(self.stage.now() + timedelta(hours=hours))

    @rule()
    def the_next_deadline_passes(self) -> None:
        """Time passes until just after the next deadline."""
        due = self.stage.next_due()
        if due is not None:
            self.stage.set_clock(max(due + timedelta(seconds=1), self.stage.now()))

    @rule(limit=st.sampled_from((1, 1000)))
    def the_worker_comes(self, limit: int) -> None:
        """A round of the worker: clocks, then payments."""
        done = run_round(limit)
        assert done.troubled == 0, trouble()
        self.seen["fired"] += done.fired.fired
        self.seen["sent"] += done.sent
        self.seen["released"] += done.released

    @invariant()
    def the_laws_hold(self) -> None:
        """After every step."""
        laws.check(self.stage)

    def teardown(self) -> None:
        """Whatever has happened: let time go on, and every case ends."""
        if hasattr(self, "stage"):
            self._let_everything_end()

    def _let_everything_end(self) -> None:
        self.stage.let_it_pay(pays=True)
        for _ in range(60):
            if not self.stage.cases(is_open=True):
                break
            due = self.stage.next_due()
            now = self.stage.now()
            far = max(due, now) if due is not None else now
            self.stage.set_clock(far + timedelta(days=3))
            self.the_worker_comes(1000)
        left = [self.stage.case(case_id) for case_id in self.stage.cases(is_open=True)]
        assert not left, f"never ends: {[dict(case.tracks) for case in left]}"
        laws.check(self.stage)


def trouble() -> object:
    """Return what the database noted of clocks that could not be seen to."""
    from tests.app.world import rows

    return rows("SELECT case_id, trouble FROM deadline WHERE trouble <> ''")
