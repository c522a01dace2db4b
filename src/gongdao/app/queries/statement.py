"""Statements (对账单): a shop's day by account: what it opened with, moved and closed with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.app.queries.ledger import statement
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Party
from gongdao.store.connection import fetch_all, transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.standing import StatementLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDay:
    """An account over one day, in fen."""

    account: str
    opening_fen: int
    moved_fen: int

    @property
    def closing_fen(self) -> int:
        """What the account stood at when the day ended."""
        return self.opening_fen + self.moved_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatement:
    """A shop's statement of one day, Beijing time; its lines add up to its accounts."""

    shop_id: str
    day: date
    accounts: tuple[AccountDay, ...]
    lines: tuple[StatementLine, ...]


def day_statement(caller: Caller, shop_id: str, day: date) -> DayStatement:
    """Return the shop's statement of `day`. Raises NotAllowed, NotVisible."""
    since = _begins(day)
    with transaction() as on:
        lines = statement(caller, shop_id, day)
        opening = {
            r[0]: r[1] for r in fetch_all(on, "ledger_opening", shop_id=shop_id, since=since)
        }
    moved: dict[str, int] = defaultdict(int)
    for line in lines:
        moved[line.account] += line.amount_fen
    return DayStatement(
        shop_id=shop_id,
        day=day,
        accounts=tuple(
            AccountDay(account=name, opening_fen=opening.get(name, 0), moved_fen=moved[name])
            for name in sorted({*opening, *moved})
        ),
        lines=lines,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMoved:
    """How the merchant's account moved in one day, in fen."""

    day: date
    moved_fen: int


def days_moved(caller: Caller, shop_id: str, last: date, days: int) -> tuple[DayMoved, ...]:
    """Return each of the `days` up to `last`, quiet ones too. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_LEDGER)
    first = last - timedelta(days=days - 1)
    with transaction() as on:
        marketplace_id = shop_marketplace(on, shop_id)
        if marketplace_id is None or not caller.sees(
            marketplace_id=marketplace_id, shop_id=shop_id, buyer_id=""
        ):
            raise not_visible(SHOP, "shop_id")
        moved = dict(
            fetch_all(
                on,
                "ledger_days",
                shop_id=shop_id,
                account=Party.MERCHANT,
                since=_begins(first),
                until=_begins(last + timedelta(days=1)),
            )
        )
    every = (first + timedelta(days=n) for n in range(days))
    return tuple(DayMoved(day=day, moved_fen=moved.get(day, 0)) for day in every)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(0), BEIJING).astimezone(UTC)
