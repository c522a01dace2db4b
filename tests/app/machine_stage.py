"""The stage of the state machine: one marketplace of some platform, its people, orders and clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hypothesis import note
from hypothesis import strategies as st

from gongdao.app import strategies
from gongdao.app.intake_orders import intake
from gongdao.app.permissions import Caller
from gongdao.app.queries.case_page import CasePage, case_page
from gongdao.app.shop_address import keep_address
from gongdao.app.webhook_endpoints import make_endpoint
from gongdao.core.cases.model import Case, Order, OrderLine
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Role
from gongdao.library.shelf import Shelf
from gongdao.store.cases import find_case, marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from tests.app.world import (
    ADDRESS,
    ARBITRATOR,
    BUYER,
    MARKET,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    REVIEWER,
    SHOP,
    T0,
    rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

BOOKS = Path(__file__).parents[2] / "rulebooks" / "merchant"
FAST_REFUND = (BOOKS / "fast-refund" / "2020-01-01.yaml").read_text("utf-8")
AGENT = replace(MERCHANT, user_id="u-agent", agent=True)
PEOPLE: tuple[Caller, ...] = (
    BUYER,
    MERCHANT,
    AGENT,
    ARBITRATOR,
    replace(ARBITRATOR, user_id="u-arbitrator-2"),
    REVIEWER,
    replace(REVIEWER, user_id="u-reviewer-2"),
    OPERATOR,
)
ROLES = (Role.BUYER, Role.MERCHANT, Role.ARBITRATOR, Role.REVIEWER, Role.OPERATOR)
REGIONS = ("上海市浦东新区", "上海市徐汇区", None)
#: How far an order has come.
RUNGS = ("placed_at", "paid_at", "shipped_at", "signed_at", "succeeded_at")
_BOOKED: dict[str, str] = {"cod": "paid_at"}


def pick(
    data: st.DataObject, found: Sequence[T], what: str, named: Callable[[T], object] = str
) -> T:
    """Draw one of `found`, saying in a word which; better ones stand first."""
    chosen = found[data.draw(st.integers(0, len(found) - 1), label=what)]
    note(f"{what}: {named(chosen)}")
    return chosen


def name_of(caller: Caller) -> str:
    """How a person is called in a report."""
    return caller.user_id


@st.composite
def orders(draw: st.DrawFn, number: int, platform: str) -> Order:
    """An order of the stage's shop, somewhere between placed and completed."""
    lines = draw(
        st.lists(st.tuples(st.integers(1, 4), st.integers(0, 90_000)), min_size=1, max_size=3)
    )
    cod = draw(st.integers(0, 3)) == 0
    order = Order(
        order_id=f"o{number}",
        shop_id=SHOP,
        buyer_id=str((OTHER_BUYER if number == 3 else BUYER).buyer_id),
        platform=platform,
        payment="cod" if cod else "online",
        placed_at=T0 - timedelta(days=draw(st.integers(1, 20))),
        lines=tuple(
            OrderLine(line_id=str(n), title="茶", quantity=quantity, paid_fen=fen)
            for n, (quantity, fen) in enumerate(lines, start=1)
        ),
        freight_fen=draw(st.sampled_from((0, 800, 1200))),
        freight_prepaid_by=draw(st.sampled_from((Party.BUYER, Party.MERCHANT))),
        region=draw(st.sampled_from(REGIONS)),
        attributes=draw(st.sampled_from(({}, {"category": "apparel"}, {"category": "other"}))),
    )
    for rung in range(1, draw(st.sampled_from((4, 4, 4, 3, 4, 5, 4, 3, 4, 2, 1)))):
        order = climbed(order, order.placed_at + timedelta(hours=7 * rung))
    return order


def climbed(order: Order, at: datetime) -> Order:
    """Return the order one rung further, which it came to at `at`."""
    for rung in RUNGS:
        if getattr(order, rung) is None and rung != _BOOKED.get(order.payment):
            sent = {"tracking_number": "SF1"} if rung == "shipped_at" else {}
            return replace(order, **{rung: at}, **sent)
    return order


class Stage:
    """The marketplace as the machine finds it."""

    def __init__(self, platform: str, told: list[Order], *, pays: bool, fast: bool) -> None:
        self.platform = platform
        self.pays = pays
        self._offset = timedelta()
        self._put()
        self.set_clock(T0)
        self.orders = {order.order_id: order for order in told}
        make_endpoint(OPERATOR, MARKET, "https://hooks.example/g")
        intake(MARKET, told, watch=True)
        if fast:
            name, version, _ = strategies.keep(MERCHANT, SHOP, FAST_REFUND, lambda _book: ())
            strategies.dry_run(MERCHANT, SHOP, name, version)
            strategies.switch(MERCHANT, SHOP, name, version, to=True)
        with transaction() as on:
            keep_address(on, MARKET, SHOP, ADDRESS, MERCHANT.user_id)

    def _put(self) -> None:
        with transaction() as on:
            put_marketplace(
                on,
                MarketplaceRow(
                    id=MARKET,
                    platform=self.platform,
                    title=Text("试验", "trial"),
                    sandbox=True,
                    clock_offset=self._offset,
                    sandbox_pays=self.pays,
                ),
            )

    def let_it_pay(self, *, pays: bool) -> None:
        """Let the sandbox confirm payments by itself, or leave them to the machine."""
        self.pays = pays
        self._put()

    def now(self) -> datetime:
        """Return the marketplace's time."""
        with transaction() as on:
            return marketplace_now(on, MARKET)

    def set_clock(self, to: datetime) -> None:
        """Let it be `to` there, or up to a second later."""
        real = self.now() - self._offset
        self._offset = timedelta(seconds=-int((real - to).total_seconds() // 1))
        self._put()

    def cases(self, *, is_open: bool = False) -> list[str]:
        """Return the ids of the cases, oldest first."""
        which = "WHERE closed_at IS NULL" if is_open else ""
        return [str(i) for (i,) in rows(f"SELECT id::text FROM cases {which} ORDER BY id")]

    def case(self, case_id: str) -> Case:
        """Return a case as it is written."""
        with transaction() as on:
            held = find_case(on, case_id, lock=False)
        assert held is not None
        return held.case

    def next_due(self) -> datetime | None:
        """Return when the next running clock runs out."""
        found = rows("SELECT min(due_at) FROM deadline WHERE NOT paused")[0][0]
        assert found is None or isinstance(found, datetime)
        return found

    def overdue(self) -> bool:
        """Whether a clock has run out that nobody has seen to."""
        due = self.next_due()
        return due is not None and due <= self.now()

    def pages(self, case_id: str) -> Iterator[tuple[Caller, CasePage]]:
        """Yield every person who sees the case, with the page he sees."""
        for caller in (*PEOPLE, OTHER_BUYER):
            if caller.role is not Role.BUYER or caller.buyer_id == self.buyer_of(case_id):
                yield caller, case_page(caller, case_id)

    def buyer_of(self, case_id: str) -> str:
        """Return the marketplace's id of the case's buyer."""
        ((buyer,),) = rows("SELECT buyer_id FROM cases WHERE id = %s", case_id)
        return str(buyer)

    def buyer(self, case_id: str) -> Caller:
        """Return the case's buyer."""
        return BUYER if self.buyer_of(case_id) == BUYER.buyer_id else OTHER_BUYER


PLATFORMS = Shelf().platform_names()
