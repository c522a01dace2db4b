"""A small marketplace for tests: orders, callers, and shorthand for common steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from gongdao.app.intake_orders import intake
from gongdao.app.open_case import open_case
from gongdao.app.permissions import Caller
from gongdao.app.queries.verify import verify
from gongdao.app.shop_address import keep_address
from gongdao.app.submit_evidence import submit
from gongdao.core.cases.model import Case, Order, OrderLine
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.core.remedies.parcel import ReturnAddress
from gongdao.store.connection import cursor, transaction
from gongdao.store.marketplaces import MarketplaceRow, put_marketplace
from gongdao.store.return_addresses import find_return_address

MARKET = "m1"
SHOP = "shop-1"
T0 = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MARKETS = frozenset({MARKET})
BUYER = Caller(user_id="u-buyer", role=Role.BUYER, marketplace_ids=MARKETS, buyer_id="b1")
OTHER_BUYER = Caller(user_id="u-other", role=Role.BUYER, marketplace_ids=MARKETS, buyer_id="b2")
MERCHANT = Caller(
    user_id="u-merchant", role=Role.MERCHANT, marketplace_ids=MARKETS, shop_ids=frozenset({SHOP})
)
ARBITRATOR = Caller(user_id="u-arbitrator", role=Role.ARBITRATOR, marketplace_ids=MARKETS)
REVIEWER = Caller(user_id="u-reviewer", role=Role.REVIEWER, marketplace_ids=MARKETS)
OPERATOR = Caller(user_id="u-operator", role=Role.OPERATOR, marketplace_ids=MARKETS)


def an_order(number: int = 1, *, platform: str = "kuaishou", **changes: object) -> Order:
    """Return an order that was paid, shipped and signed for just before T0."""
    given: dict[str, object] = {
        "order_id": f"o{number}",
        "shop_id": SHOP,
        "buyer_id": "b1",
        "platform": platform,
        "payment": "online",
        "placed_at": T0 - 5 * DAY,
        "paid_at": T0 - 5 * DAY,
        "shipped_at": T0 - 4 * DAY,
        "signed_at": T0 - 1 * DAY,
        "tracking_number": "SF1",
        "freight_fen": 1000,
        "lines": (
            OrderLine(line_id="1", title="杯子", quantity=2, paid_fen=9000),
            OrderLine(line_id="2", title="茶叶", quantity=1, paid_fen=4001),
        ),
    } | changes
    return Order(**given)  # type: ignore[arg-type]


ADDRESS = ReturnAddress(
    return_name="收货员", return_phone="021-60000000", return_region="上海", return_address="一号库"
)


def a_marketplace(
    platform: str = "kuaishou", *, sandbox: bool = True, address: bool = True
) -> None:
    """Found the marketplace; its shop takes goods back at ADDRESS, unless `address` is false."""
    with transaction() as on:
        put_marketplace(
            on,
            MarketplaceRow(
                id=MARKET, platform=platform, title=Text("试验", "trial"), sandbox=sandbox
            ),
        )
        if address and find_return_address(on, SHOP) is None:
            keep_address(on, MARKET, SHOP, ADDRESS, "u-merchant")


def with_orders(count: int, **changes: object) -> None:
    a_marketplace(str(changes.get("platform", "kuaishou")))
    intake(MARKET, [an_order(n, **changes) for n in range(1, count + 1)])


def opened(number: int = 1, **changes: object) -> Case:
    """Open a case on order `number` at T0 and return it."""
    given: dict[str, object] = {
        "shop_id": SHOP,
        "order_id": f"o{number}",
        "claim": Claim.REFUND_ONLY,
        "reason": Reason.QUALITY,
        "key": f"open-{number}",
        "now": T0,
    } | changes
    return open_case(BUYER, **given).case  # type: ignore[arg-type]


def a_photo(caller: Caller, case_id: str, *, now: datetime, key: str = "photo") -> str:
    """Give the case a photo as evidence and return its id."""
    picture = BytesIO()
    Image.new("RGB", (4, 4), len(key)).save(picture, "PNG")
    picture.seek(0)
    done = submit(caller, case_id, name="a.png", stream=picture, kind="photo", key=key, now=now)
    return done.case.evidence[-1].id


def rows(query: str, *given: object) -> list[tuple[object, ...]]:
    """Return what the database holds."""
    with transaction() as on:
        return list(cursor(on).execute(query.encode(), given).fetchall())


def one(query: str, *given: object) -> object:
    """Return the single value that the query gives."""
    ((value,),) = rows(query, *given)
    return value


def everything_holds() -> None:
    """The audit finds no problem; the ledger sums to zero."""
    found = verify()
    assert found.problems == ()
    assert found.ledger_sum_fen == 0
