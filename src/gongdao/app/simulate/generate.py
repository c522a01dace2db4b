"""Generation (生成): a marketplace of orders and stories; same seed and instant, same place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from gongdao.app.simulate.names import PRODUCTS, REGIONS, SHOPS, buyer_name
from gongdao.app.simulate.story import Standing, Story
from gongdao.app.simulate.story_book import STORIES
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.words import Party

HISTORY = timedelta(days=60)
SUCCEEDS_AFTER = timedelta(days=7)
"""A signed order succeeds when nothing was asked about it for so long."""
SHOPS_OF_EACH = 5
BUYERS = 120
QUIET_ORDERS = 150
"""Orders of each platform about which nobody complains."""
_NAMESPACE = UUID("b7c64b0e-36a2-5b7e-8c52-7f0de9b1a4d2")
_FREIGHTS_FEN = (0, 600, 800, 1200)
_BEARERS = (Party.BUYER, Party.MERCHANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story told about an order: one case to be."""

    case_id: UUID
    story: Story
    order: Order
    lines: tuple[LineAsked, ...]
    opens_at: datetime
    together_with: UUID | None = None
    """The case that a story about a pair has joined with this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A marketplace's orders, quiet ones included, and the cases to be."""

    marketplace_id: str
    platform: str
    orders: tuple[Order, ...]
    told: tuple[Told, ...]
    settled: tuple[Order, ...] = ()
    """Orders nothing was asked about, as they stand once they have succeeded."""


def generate(platform: str, until: datetime, seed: int) -> Generated:
    """Return a marketplace of `platform` whose history ends at `until`.

    Half of the cases are placed so that `until` falls between two deeds: every stage is then
    standing open somewhere. The others lie anywhere in the history.
    """
    marketplace_id = f"demo-{platform}"
    dice = Random(f"{platform}/{seed}")  # noqa: S311  a story needs no secrecy
    told: list[Told] = []
    for story in STORIES:
        if platform not in story.platforms:
            continue
        for index in range(story.weight):
            opens_at = _opening(story, index, until, dice)
            order = _order(dice, len(told), platform, opens_at, story)
            told.append(_told(f"{marketplace_id}/{{}}/{seed}", story, order, opens_at))
            if story.pair:
                told[-1:] = _pair(told[-1], _order(dice, len(told), platform, opens_at, story))
    quiet = tuple(
        _order(dice, 10_000 + n, platform, until - HISTORY * dice.random(), None)
        for n in range(QUIET_ORDERS)
    )
    told.sort(key=lambda t: (t.opens_at, t.case_id))
    return Generated(
        marketplace_id=marketplace_id,
        platform=platform,
        orders=(*(t.order for t in told), *quiet),
        told=tuple(told),
        settled=tuple(_succeeded(order) for order in quiet if _has_succeeded(order, until)),
    )


def _told(name: str, story: Story, order: Order, opens_at: datetime) -> Told:
    return Told(
        case_id=uuid5(_NAMESPACE, name.format(order.order_id)),
        story=story,
        order=order,
        lines=_asked(order, story),
        opens_at=opens_at,
    )


def _pair(first: Told, other: Order) -> tuple[Told, Told]:
    """Return the case of the first buyer's own, and a second one that is joined with it."""
    mine = replace(first.order, buyer_id=buyer_name(0))
    also = replace(other, shop_id=mine.shop_id, buyer_id=mine.buyer_id)
    second = replace(first, case_id=uuid5(first.case_id, "second"), order=also)
    return replace(first, order=mine, together_with=second.case_id), second


def _has_succeeded(order: Order, until: datetime) -> bool:
    return order.signed_at is not None and order.signed_at + SUCCEEDS_AFTER <= until


def _succeeded(order: Order) -> Order:
    """Return a signed order as it stands when nobody asked for anything in time."""
    signed_at = order.signed_at or order.placed_at
    category = next(p.category for p in PRODUCTS if p.title == order.lines[0].title)
    return replace(
        order,
        succeeded_at=signed_at + SUCCEEDS_AFTER,
        attributes={**order.attributes, "category": category},
    )


def _opening(story: Story, index: int, until: datetime, dice: Random) -> datetime:
    if index % 2:
        return _minute(until - HISTORY * (0.4 + 0.6 * dice.random()))
    steps = [timedelta(0), *(deed.after for deed in story.deeds)]
    step = steps[(len(steps) - 1 - index // 2) % len(steps)]
    return _minute(until - step - timedelta(minutes=dice.randrange(2, 55)))


def _order(
    dice: Random, number: int, platform: str, opens_at: datetime, story: Story | None
) -> Order:
    standing: Standing = story.order if story is not None else "received"
    payment = story.payment if story is not None else "online"
    placed_at = _minute(opens_at - timedelta(days=4, hours=dice.randrange(40)))
    shipped_at = placed_at + timedelta(hours=6 + dice.randrange(20))
    signed_at = shipped_at + timedelta(hours=24 + dice.randrange(20))
    received = standing == "received"
    freight_fen = dice.choice(_FREIGHTS_FEN)
    shop = dice.randrange(SHOPS_OF_EACH) + (SHOPS_OF_EACH if platform == "kuaishou" else 0)
    return Order(
        order_id=f"{platform[:2].upper()}{placed_at:%Y%m%d}{number:05d}",
        shop_id=shop_id(platform, shop),
        buyer_id=_buyer(dice),
        platform=platform,
        payment=payment,
        placed_at=placed_at,
        lines=_lines(dice, several=story is not None and story.partial),
        freight_fen=freight_fen,
        freight_prepaid_by=dice.choice(_BEARERS) if freight_fen else Party.MERCHANT,
        paid_at=placed_at + timedelta(minutes=2) if payment == "online" else signed_at,
        promised_ship_at=placed_at + timedelta(hours=48),
        promised_delivery_at=placed_at + timedelta(days=5),
        shipped_at=None if standing == "unshipped" else shipped_at,
        signed_at=signed_at if received else None,
        tracking_number=None if standing == "unshipped" else f"SF{dice.randrange(10**12):012d}",
        region=dice.choice(REGIONS),
    )


def _buyer(dice: Random) -> str:
    """One buyer in eight cases is the first, so that his pages are worth looking at."""
    return buyer_name(0 if dice.randrange(8) == 0 else dice.randrange(BUYERS))


def shop_id(platform: str, number: int) -> str:
    """Return the id of a generated shop."""
    return f"demo-{platform}:shop-{number + 1}"


def shop_title(number: int) -> str:
    """Return the name over a generated shop's door."""
    return SHOPS[number % len(SHOPS)]


def _lines(dice: Random, *, several: bool) -> tuple[OrderLine, ...]:
    count = 2 if several else dice.choice((1, 1, 1, 2))
    lines: list[OrderLine] = []
    for number, product in enumerate(dice.sample(PRODUCTS, count), 1):
        quantity = 3 if several and number == 1 else dice.choice((1, 1, 2))
        discount_fen = dice.choice((0, 0, 100, 333))
        lines.append(
            OrderLine(
                line_id=str(number),
                title=product.title,
                quantity=quantity,
                paid_fen=product.price_fen * quantity - discount_fen,
            )
        )
    return tuple(lines)


def _asked(order: Order, story: Story) -> tuple[LineAsked, ...]:
    line = order.lines[0]
    if story.price_drop:
        seen_fen = line.paid_fen // line.quantity * 9 // 10
        asked = LineAsked(line_id=line.line_id, quantity=line.quantity, seen_price_fen=seen_fen)
        return (asked,)
    return (LineAsked(line_id=line.line_id, quantity=1),) if story.partial else ()


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
