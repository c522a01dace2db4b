"""Random walks through a case: whatever anybody may do, in any order, with clocks and payments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from gongdao.app.playbooks import Playbooks
from gongdao.core.cases.allowed import allowed_actions
from gongdao.core.cases.commands import (
    Act,
    Actor,
    Command,
    LineAsked,
    OpenCase,
    RecordFinding,
    ReportPayment,
    SubmitEvidence,
)
from gongdao.core.cases.decide import catch_up, decide
from gongdao.core.cases.model import EvidenceItem, Order, OrderLine
from gongdao.core.kernel.findings import Refused
from gongdao.core.kernel.words import Claim, MoneyState, Party, Reason, Role
from gongdao.core.rulebook.model import Kind
from gongdao.library.shelf import Shelf
from tests.core.cases.bargains import bargain

if TYPE_CHECKING:
    from gongdao.core.cases.events import Event
    from gongdao.core.cases.model import Case

BOOKS = Playbooks(Shelf())
T0 = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
PEOPLE = (Role.BUYER, Role.MERCHANT, Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR, Role.CARRIER)
NEEDS = {
    "reason": "理由",
    "tracking_number": "SF123",
    "voucher": "V1",
    "ground": "新证据",
    "part": "score",
    "kind": "恶意投诉",
    "authority": "法院",
}
ADDRESS = {
    "return_name": "收货员",
    "return_phone": "021-60000000",
    "return_region": "上海",
    "return_address": "一号库",
}
GROUNDS = {"correction": "笔误", "complaint": "偏袒"}


@dataclass
class Walk:
    """A case and everything that has happened to it."""

    now: datetime
    events: list[Event] = field(default_factory=list)
    case: Case | None = None
    refused: list[str] = field(default_factory=list)

    def do(self, command: Command) -> None:
        """Do a command the way the application does: clocks first; a refusal changes nothing."""
        if self.case is not None:
            caught, self.case = catch_up(self.case, BOOKS.running, self.now)
            self.events.extend(caught)
            book = BOOKS.running(self.case, self.now)
        else:
            assert isinstance(command, OpenCase)
            book = BOOKS.opening(command.order, self.now)
        try:
            done, self.case = decide(self.case, command, book, self.now)
        except Refused as refusal:
            self.refused.append(refusal.code)
        else:
            self.events.extend(done)

    def wait_until_due(self) -> bool:
        """Let time run past the next deadline; False when no clock runs."""
        assert self.case is not None
        due = [t.due_at for t in self.case.timers if t.paused_left_seconds is None]
        if not due:
            return False
        self.now = max(self.now, min(due) + timedelta(microseconds=1))
        caught, self.case = catch_up(self.case, BOOKS.running, self.now)
        self.events.extend(caught)
        return True


@st.composite
def orders(draw: st.DrawFn) -> Order:
    lines = draw(
        st.lists(st.tuples(st.integers(1, 5), st.integers(0, 500_000)), min_size=1, max_size=4)
    )
    ladder = draw(st.integers(0, 4))
    placed = T0 - timedelta(days=draw(st.integers(1, 60)))
    cod = draw(st.booleans())
    at = [placed + timedelta(hours=n + 1) for n in range(4)]
    return Order(
        order_id="o1",
        shop_id="s1",
        buyer_id="b1",
        platform=draw(st.sampled_from(Shelf().platform_names())),
        payment="cod" if cod else "online",
        placed_at=placed,
        lines=tuple(
            OrderLine(line_id=str(n), title="t", quantity=q, paid_fen=fen)
            for n, (q, fen) in enumerate(lines)
        ),
        freight_fen=draw(st.integers(0, 5000)),
        freight_prepaid_by=draw(st.sampled_from((Party.BUYER, Party.MERCHANT))),
        paid_at=at[2] if cod else at[0],
        shipped_at=at[1] if ladder > 0 else None,
        signed_at=at[2] if ladder > 1 else None,
        succeeded_at=at[3] if ladder > 2 else None,
        cancelled_at=at[3] if ladder == 4 else None,
        tracking_number="SF1" if ladder > 0 else None,
    )


@st.composite
def walks(draw: st.DrawFn, steps: int = 14) -> Walk:
    """Open a case on a random order and go at most `steps` random steps from there."""
    order = draw(orders())
    walk = Walk(now=T0)
    asked: tuple[LineAsked, ...] = ()
    if draw(st.booleans()):
        line = draw(st.sampled_from(order.lines))
        asked = (LineAsked(line_id=line.line_id, quantity=draw(st.integers(1, line.quantity))),)
    refundable = draw(st.sampled_from((order.paid_fen, order.paid_fen // 2)))
    walk.do(
        OpenCase(
            case_id="01890000-0000-7000-8000-000000000001",
            order=order,
            refundable_fen=refundable,
            claim=draw(st.sampled_from([c for c in Claim if c is not Claim.PRICE_PROTECTION])),
            reason=draw(st.sampled_from([r for r in Reason if r is not Reason.PRICE_DROP])),
            lines=asked,
            by=Actor(role=Role.BUYER, id="b1"),
        )
    )
    if walk.case is not None and draw(st.booleans()):
        _dispute(draw, walk)
    for _ in range(draw(st.integers(0, steps)) if walk.case is not None else 0):
        _step(draw, walk)
    return walk


def _dispute(draw: st.DrawFn, walk: Walk) -> None:
    """Go straight to the platform's intervention, so that walks come to rulings and appeals."""
    merchant, buyer = Actor(role=Role.MERCHANT, id="m"), Actor(role=Role.BUYER, id="b")
    walk.do(Act(action="reject", by=merchant, payload={"reason": "不符"}))
    walk.do(Act(action="escalate", by=buyer, payload={"reason": "不服"}))
    if draw(st.booleans()):
        walk.wait_until_due()


def _step(draw: st.DrawFn, walk: Walk) -> None:
    kind = draw(
        st.sampled_from(
            ("act", "act", "act", "act", "wait", "nap", "pay", "find", "show", "bargain")
        )
    )
    assert walk.case is not None
    if kind == "wait":
        walk.wait_until_due()
    elif kind == "nap":
        walk.now += timedelta(seconds=draw(st.integers(1, 10 * 86400)))
    elif kind == "pay" and walk.case.grants:
        grant = draw(st.sampled_from(walk.case.grants))
        walk.do(
            ReportPayment(
                number=grant.number,
                outcome=draw(st.sampled_from(("sent", "confirmed", "failed"))),
                amount_fen=grant.net_fen(Party.BUYER),
                external_ref="p",
                by=Actor(role=Role.OPERATOR, id="pay"),
            )
        )
    elif kind == "find":
        _find(draw, walk)
    elif kind == "show":
        _show(draw, walk)
    elif kind == "bargain":
        bargain(draw, walk)
    else:
        _act(draw, walk)


def _act(draw: st.DrawFn, walk: Walk) -> None:
    case = walk.case
    assert case is not None
    offers = [
        (role, action)
        for role in PEOPLE
        for action in allowed_actions(case, role, BOOKS.running(case, walk.now), walk.now)
    ]
    if not offers:
        return
    going_on = [o for o in offers if "withdraw" not in o[1].name]
    rare = draw(st.integers(0, 5)) == 0
    if draw(st.booleans()):
        main = [o for o in going_on if o[1].track in {"after_sale", "dispute"}]
        going_on = main or going_on
    role, action = draw(st.sampled_from(offers if rare or not going_on else going_on))
    payload: dict[str, bool | int | str] = {name: NEEDS.get(name, "x") for name in action.needs}
    if "ground" in payload:
        payload["ground"] = GROUNDS.get(action.track, NEEDS["ground"])
    if action.name == "correct" and draw(st.booleans()):
        payload["refund_fen"] = draw(st.integers(0, case.requested_fen))
        payload["compensation_fen"] = draw(st.integers(0, 100_000))
    if action.name == "ship_return" and draw(st.booleans()):
        payload["return_freight_fen"] = draw(st.integers(0, 3000))
    if action.rules and draw(st.booleans()):
        payload |= {
            "remedy": draw(
                st.sampled_from(
                    (
                        "refund_only",
                        "return_refund",
                        "partial_refund",
                        "compensate",
                        "dismiss",
                        "exchange",
                        "reship",
                        "repair",
                        "negotiate",
                        "not_accepted",
                    )
                )
            ),
            "liable": draw(st.sampled_from(("buyer", "merchant", "none"))),
            "outbound_freight": draw(st.sampled_from(("buyer", "merchant", "shared", "none"))),
            "return_freight": draw(st.sampled_from(("buyer", "merchant", "shared", "carrier"))),
            "compensation_fen": draw(st.integers(0, 100_000)),
            "overrule_reason": "理由",
        }
        if draw(st.booleans()):
            payload["refund_fen"] = draw(st.integers(0, case.requested_fen))
    if role is Role.MERCHANT:
        payload |= ADDRESS
    who = Actor(role=role, id=f"{role.value}{draw(st.integers(0, 1))}")
    walk.do(Act(action=action.name, by=who, track=action.track, payload=payload))


def _find(draw: st.DrawFn, walk: Walk) -> None:
    assert walk.case is not None
    books = BOOKS.running(walk.case, walk.now).books
    book = books[draw(st.sampled_from(sorted(books)))]
    if not book.facts:
        return
    fact = book.facts[draw(st.sampled_from(sorted(book.facts)))]
    value: bool | int | str
    if fact.type.kind is Kind.BOOLEAN:
        value = draw(st.booleans())
    elif fact.type.kind is Kind.ENUM and fact.type.enum in book.enums:
        value = draw(st.sampled_from(sorted(book.enums[fact.type.enum].members)))
    elif fact.type.kind is Kind.INTEGER:
        value = draw(st.integers(0, 100))
    else:
        return
    walk.do(RecordFinding(name=fact.name, value=value, by=Actor(role=Role.ARBITRATOR, id="a")))


def _show(draw: st.DrawFn, walk: Walk) -> None:
    assert walk.case is not None
    by = draw(st.sampled_from((Role.BUYER, Role.MERCHANT)))
    item = EvidenceItem(
        id=f"e{len(walk.case.evidence)}",
        by=by,
        kind="photo",
        digest="0" * 64,
        media_type="image/png",
        size_bytes=1,
        name="a.png",
        note="",
        at=walk.now,
    )
    walk.do(SubmitEvidence(item=item, by=Actor(role=by, id=by.value)))


def confirmed(case: Case) -> bool:
    return all(g.state in (MoneyState.CONFIRMED, MoneyState.VOID) for g in case.grants)
