"""Retention (保存期限): personal data goes when no appeal can need it and no law asks for it more.

A case's words and files are kept until the last appeal window after its end has passed, and a
margin; nothing of an order younger than the law demands is touched (电子商务法 31: three years).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongdao.app.erase import forget_files
from gongdao.store.blobs import remove_blob
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import all_marketplaces
from gongdao.store.messages import count_old_conversations, erase_old_conversations
from gongdao.store.personal_keys import (
    cases_of_orders,
    erase_order_keys,
    retention_due,
)

#: Longer than any appeal, complaint or correction window of the rulebooks; a test holds it so.
APPEAL_WINDOW = timedelta(days=60)
MARGIN = timedelta(days=30)
#: E-commerce law, article 31: what was traded is kept for at least three years.
ORDER_KEPT = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long personal data is kept."""

    appeal_window: timedelta = APPEAL_WINDOW
    margin: timedelta = MARGIN
    order_kept: timedelta = ORDER_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReport:
    """What was erased in a marketplace, or would be."""

    marketplace_id: str
    orders: int
    keys: int
    files: int
    conversations: int
    """Keys of conversations, one a side, that ended before the orders kept began."""


def run_retention(
    rule: RetentionRule, *, dry_run: bool, now: datetime | None = None
) -> tuple[RetentionReport, ...]:
    """Erase what has been kept long enough, marketplace by marketplace; a dry run only counts.

    Repeating it, or going on after an interruption, erases nothing twice.
    """
    with transaction() as on:
        names = [marketplace.id for marketplace in all_marketplaces(on)]
    return tuple(_run(name, rule, now, dry_run=dry_run) for name in names)


def _run(
    marketplace_id: str, rule: RetentionRule, now: datetime | None, *, dry_run: bool
) -> RetentionReport:
    orders = keys = files = 0
    after = ("", "")
    while True:
        with transaction() as on:
            at = now or marketplace_now(on, marketplace_id)
            due = retention_due(
                on,
                marketplace_id,
                closed_before=at - rule.appeal_window - rule.margin,
                placed_before=at - rule.order_kept,
                after=after,
            )
            if not due:
                break
            cases = cases_of_orders(on, due)
            if dry_run:
                gone: tuple[str, ...] = ()
                files += len({(c.shop_id, e.digest) for c in cases for e in c.evidence})
            else:
                gone = forget_files(on, cases)
                erase_order_keys(on, due)
                files += len(gone)
        for digest in gone:
            remove_blob(digest)
        orders += len(due)
        keys += sum(order.keys for order in due)
        after = (due[-1].shop_id, due[-1].order_id)
    return RetentionReport(
        marketplace_id=marketplace_id,
        orders=orders,
        keys=keys,
        files=files,
        conversations=_conversations(marketplace_id, rule, now, dry_run=dry_run),
    )


def _conversations(
    marketplace_id: str, rule: RetentionRule, now: datetime | None, *, dry_run: bool
) -> int:
    with transaction() as on:
        before = (now or marketplace_now(on, marketplace_id)) - rule.order_kept
        run = count_old_conversations if dry_run else erase_old_conversations
        return run(on, marketplace_id, before)
