"""An appeal that is granted: the ruling anew says who owes, and nobody pays or gets twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gongdao.core.cases.commands import Act, Actor, OpenCase, ReportPayment
from gongdao.core.cases.decide import decide
from gongdao.core.cases.evolve import replay
from gongdao.core.cases.model import Case, Order, OrderLine
from gongdao.core.cases.playbook import Playbook
from gongdao.core.kernel.words import Claim, Party, Reason, Role
from gongdao.library.shelf import Shelf

DAY = datetime(2024, 2, 1, 2, tzinfo=UTC)
BUYER = Actor(role=Role.BUYER, id="b1")
MERCHANT = Actor(role=Role.MERCHANT, id="m1")
ARBITRATOR = Actor(role=Role.ARBITRATOR, id="a1")
REVIEWER = Actor(role=Role.REVIEWER, id="r1")
SYSTEM = Actor(role=Role.OPERATOR, id="payments")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    shelf = Shelf()
    after_sale = shelf.exact("house/after-sale@2020-01-01")
    dispute = shelf.exact("house/dispute@2020-01-01")
    questions = ("ruling", "on_file", "concession")
    return Playbook(
        platform="kuaishou",
        tracks={"after_sale": (after_sale,), "dispute": (dispute,)},
        questions={q: ((dispute, q),) for q in questions},
        books={b.ref: b for b in (after_sale, dispute)},
    )


def order() -> Order:
    return Order(
        order_id="o1",
        shop_id="s1",
        buyer_id="b1",
        platform="kuaishou",
        payment="online",
        placed_at=DAY - timedelta(days=5),
        paid_at=DAY - timedelta(days=5),
        shipped_at=DAY - timedelta(days=4),
        lines=(OrderLine(line_id="1", title="茶具", quantity=1, paid_fen=1000),),
        freight_fen=100,
        freight_prepaid_by=Party.MERCHANT,
    )


def overrule(remedy: str, refund_fen: int | None) -> dict[str, int | str]:
    wanted: dict[str, int | str] = {
        "remedy": remedy,
        "liable": "merchant",
        "overrule_reason": "物流记录显示未送达",
    }
    return wanted if refund_fen is None else {**wanted, "refund_fen": refund_fen}


def appealed(playbook: Playbook, first: dict[str, int | str], anew: dict[str, int | str]) -> Case:
    """Rule as `first`, have it paid, and on appeal rule anew as `anew`; all money confirmed."""
    events = []
    case: Case | None = None
    commands = [
        OpenCase(
            case_id="c1",
            order=order(),
            refundable_fen=1000,
            claim=Claim.REFUND_ONLY,
            reason=Reason.NOT_RECEIVED,
            by=BUYER,
        ),
        Act(action="reject", by=MERCHANT, payload={"reason": "已发货"}),
        Act(action="escalate", by=BUYER),
        Act(action="close_evidence", by=ARBITRATOR),
        Act(action="rule", by=ARBITRATOR, payload=first),
        None,
        Act(action="appeal", by=MERCHANT, payload={"ground": "new_evidence"}),
        Act(action="amend", by=REVIEWER, payload=anew),
        None,
    ]
    for hour, command in enumerate(commands):
        now = DAY + timedelta(hours=hour)
        for each in (command,) if command is not None else payments(case):
            made, case = decide(case, each, playbook, now)
            events.extend(made)
    assert case is not None
    assert replay(events) == case
    return case


def payments(case: Case | None) -> list[ReportPayment]:
    """Reports that confirm every grant still open."""
    assert case is not None
    return [
        ReportPayment(
            number=g.number,
            outcome="confirmed",
            amount_fen=g.net_fen(Party.BUYER),
            external_ref=f"p{g.number}",
            by=SYSTEM,
        )
        for g in case.grants
        if g.state.value == "granted"
    ]


def net(case: Case) -> dict[str, int]:
    standing = [g for g in case.grants if g.state.value != "void"]
    return {p.value: sum(g.net_fen(p) for g in standing) for p in Party if p is not Party.NONE}


@pytest.mark.parametrize(
    ("first", "anew", "buyer", "merchant", "platform"),
    [
        # ruled the same again: the merchant has paid once, the platform nothing
        (("refund_only", None), ("refund_only", None), 1000, -1000, 0),
        # more: the buyer gets the difference, the merchant pays it all
        (("partial_refund", 300), ("refund_only", None), 1000, -1000, 0),
        # less: the buyer keeps what he has; what was too much is the platform's loss
        (("refund_only", None), ("partial_refund", 300), 1000, -300, -700),
        # nothing: the platform bears its own error
        (("refund_only", None), ("dismiss", None), 1000, 0, -1000),
    ],
)
def test_a_ruling_anew_settles_who_bears_what_was_paid(
    playbook: Playbook,
    first: tuple[str, int | None],
    anew: tuple[str, int | None],
    buyer: int,
    merchant: int,
    platform: int,
) -> None:
    case = appealed(playbook, overrule(*first), overrule(*anew))
    found = net(case)
    assert (found["buyer"], found["merchant"], found["platform"]) == (buyer, merchant, platform)
    assert sum(found.values()) == 0
