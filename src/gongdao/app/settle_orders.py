"""Settle orders (结算): what is kept back and taken when an order's money becomes the merchant's.

An order is settled when it has succeeded, once. First its money makes good what the shop owes its
deposit; then a part of it, by category, is kept in reserve until its time is over. Which part and
how long is asked of the platform's rules (question `reserve`); an order whose category nobody told
leaves no reserve.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from gongdao.app.playbooks import playbooks
from gongdao.core.cases.model import Order
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, beijing
from gongdao.core.remedies.reserve import settle
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.literal import read_literal
from gongdao.core.rulebook.model import Rulebook, Value
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection
from gongdao.store.reserves import (
    Key,
    SettledOrder,
    add_settlements,
    funds_of,
    lock_shops,
    unsettled,
)

CATEGORY = "category"
_OTHER = "other"


def settle_orders(
    on: Connection,
    marketplace_id: str,
    orders: Sequence[Order],
    told: Collection[Key],
    now: datetime | None = None,
) -> int:
    """Settle those of `orders` that `told` names, that succeeded and were not settled before.

    Inside the caller's transaction; returns how many had something kept or taken.
    """
    done = [o for o in orders if (o.shop_id, o.order_id) in told and _is_over(o)]
    owed = {
        shop: -funds.deposit_fen
        for shop, funds in funds_of(on, {o.shop_id for o in done}).items()
        if funds.deposit_fen < 0
    }
    found = {
        (o.shop_id, o.order_id): o for o in done if o.shop_id in owed or CATEGORY in o.attributes
    }
    if not found:
        return 0
    if owed:
        lock_shops(on, owed)
        owed = {shop: max(0, -f.deposit_fen) for shop, f in funds_of(on, owed).items()}
    at = now or marketplace_now(on, marketplace_id)
    settled: list[SettledOrder] = []
    for key, left_fen in unsettled(on, found).items():
        one = _settled(found[key], left_fen, owed.get(key[0], 0), at)
        if one is not None:
            owed[key[0]] = owed.get(key[0], 0) - one.settled.recouped_fen
            settled.append(one)
    return len(add_settlements(on, marketplace_id, settled)) if settled else 0


def _is_over(order: Order) -> bool:
    return order.succeeded_at is not None and order.settled_at is not None


def _settled(order: Order, left_fen: int, owed_fen: int, now: datetime) -> SettledOrder | None:
    begun = order.succeeded_at or now
    category, wanted, hold, book, answer = _asked(order, left_fen, now)
    release_at = hold.after(begun, calendar=book.calendar) if book is not None else begun
    # What was told only after its time was over is not kept back any more.
    settled = settle(left_fen, owed_fen, wanted if release_at > now else 0)
    if not settled.recouped_fen and not settled.reserved_fen:
        return None
    cite = answer.cite if answer is not None else ()
    return SettledOrder(
        shop_id=order.shop_id,
        order_id=order.order_id,
        at=now,
        settled_fen=left_fen,
        settled=settled,
        category=category,
        reason=_reason(book, category, hold, begun, cite),
        cite=cite,
        release_at=release_at,
    )


def _asked(
    order: Order, left_fen: int, now: datetime
) -> tuple[str, int, Span, Rulebook | None, Answer | None]:
    """Return category, amount to keep, for how long, and the rule that says so."""
    for book, table in playbooks().opening(order, now).questions.get("reserve", ()):
        facts: dict[str, Value] = {"settled": left_fen}
        category = _category(order, book)
        if category:
            facts[CATEGORY] = category
        answer = evaluate(book, table, facts)
        amount, hold = answer.outputs.get("reserve"), answer.outputs.get("hold_for")
        if isinstance(amount, int) and isinstance(hold, Span):
            return category, amount, hold, book, answer
    return "", 0, Span(), None, None


def _category(order: Order, book: Rulebook) -> str:
    """Return the order's category in the words of the book: one it does not know is another."""
    declared, told = book.facts.get(CATEGORY), order.attributes.get(CATEGORY)
    if declared is None or told is None:
        return ""
    word = read_literal(str(told), declared.type, book.enums)
    return str(word) if word is not None else _OTHER


def _reason(
    book: Rulebook | None, category: str, hold: Span, begun: datetime, cite: tuple[str, ...]
) -> Text:
    """Say why: `生鲜：3 天，自 2024-03-01 10:00:00 起（HOUSE-SETTLE-1）`."""
    if book is None or not category:
        return Text("抵扣保证金欠款", "taken for what the deposit lacks")
    name = book.enums[CATEGORY].members.get(category, Text(category, category))
    span, since = hold.in_words(), beijing(begun)
    return Text(
        f"{name.zh}：{span.zh}，自 {since} 起（{'、'.join(cite)}）",
        f"{name.en}: {span.en} from {since} (Beijing) ({', '.join(cite)})",
    )
