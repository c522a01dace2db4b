"""The market measured on: Kuaishou return cases, each with one clock that has run out.

Every other case waits for the merchant's answer (its clock agrees to the return and starts the next
clock), every other for the merchant to confirm the returned goods (its clock grants the refund and
closes the case: ledger entry, payment, outbox, order money).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from gongdao.app.decide_case import decide_now, decision
from gongdao.app.decide_opening import Opening
from gongdao.app.intake_orders import intake
from gongdao.app.open_many import open_many
from gongdao.core.cases.commands import Act, Actor
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.store.cases import lock_cases
from gongdao.store.connection import transaction
from gongdao.store.held import Decision, Held
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.record import record

MARKETPLACE = "bench"
SHOPS = 50
BATCH = 1000
#: When the oldest case was opened; clocks run out in the half day before `FIRING_AT`.
BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
FIRING_AT = BEGIN + timedelta(days=8)
#: Opened so late that 48 hours for the answer and 7 days for the receipt end on the same day.
_LATE_OPENING = timedelta(days=5)
_TO_AGREE = timedelta(hours=1)
_TO_SHIP = timedelta(hours=2)


def fill(cases: int) -> None:
    """Fill the database Django points at with this many cases, all due at `FIRING_AT`."""
    with transaction() as on:
        put_marketplace(
            on,
            MarketplaceRow(
                id=MARKETPLACE, platform="kuaishou", title=Text("测速", "bench"), sandbox=True
            ),
        )
    dice = random.Random(20_240_103)
    report = intake(MARKETPLACE, (_order(n, dice) for n in range(cases)))
    assert report.new == cases, report.refused[:1]
    for start in range(0, cases, BATCH):
        numbers = range(start, min(start + BATCH, cases))
        made = open_many([_opening(n) for n in numbers])
        assert len(made.opened) == len(numbers), made.refused[:1]
        _send_back([n for n in numbers if _returning(n)])


def case_id(number: int) -> UUID:
    """Return the id of a case: a UUID of version 7, as the cases of a real market have."""
    milliseconds = int((BEGIN + _opened_after(number)).timestamp() * 1000)
    mixed = random.Random(number).getrandbits(62)
    return UUID(int=milliseconds << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | mixed)


def _returning(number: int) -> bool:
    return number % 2 == 1


def _opened_after(number: int) -> timedelta:
    spread = timedelta(seconds=number % 40_000)
    return spread if _returning(number) else spread + _LATE_OPENING


def _shop(number: int) -> str:
    return f"shop-{number % SHOPS:03d}"


def _order(number: int, dice: random.Random) -> Order:
    return Order(
        order_id=f"24022{number:012d}",
        shop_id=_shop(number),
        buyer_id=f"buyer-{number % 7919:06d}",
        platform="kuaishou",
        payment="online",
        placed_at=BEGIN - timedelta(days=6),
        paid_at=BEGIN - timedelta(days=6) + timedelta(minutes=3),
        shipped_at=BEGIN - timedelta(days=5),
        signed_at=BEGIN - timedelta(days=2),
        tracking_number=f"SF{number:012d}",
        freight_fen=dice.choice((0, 600, 1000)),
        lines=(
            OrderLine(
                line_id="1", title="保温杯 500 毫升", quantity=2, paid_fen=dice.randint(990, 29_900)
            ),
            OrderLine(
                line_id="2", title="云南滇红茶", quantity=1, paid_fen=dice.randint(990, 99_900)
            ),
        ),
    )


def _opening(number: int) -> Opening:
    return Opening(
        case_id=str(case_id(number)),
        shop_id=_shop(number),
        order_id=f"24022{number:012d}",
        claim=Claim.RETURN_REFUND,
        reason=Reason.QUALITY,
        description="收到时杯盖已裂，申请退货退款",
        by=Actor(role=Role.BUYER, id=f"user-{number % 7919:06d}"),
        at=BEGIN + _opened_after(number),
    )


def _send_back(numbers: Sequence[int]) -> None:
    """The merchant agrees, then the buyer sends the goods back; two decisions on each case."""
    agree = Act(action="agree", by=Actor(role=Role.MERCHANT, id="merchant"), address_follows=True)
    ship = Act(
        action="ship_return",
        by=Actor(role=Role.BUYER, id="buyer"),
        payload={"tracking_number": "YT7700000000001"},
    )
    ids = [str(case_id(number)) for number in numbers]
    for command, later in ((agree, _TO_AGREE), (ship, _TO_SHIP)):
        with transaction() as on:
            record(on, list(_decide(lock_cases(on, ids), command, later)))


def _decide(held_cases: Sequence[Held], command: Act, later: timedelta) -> Iterator[Decision]:
    for held in held_cases:
        at = held.case.opened_at + later
        events, after = decide_now(held.case, command, at)
        yield decision(held, events, after, at)
