"""The ledger (账本): what everything sums to, who bears what, and a shop's statement of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.core.kernel.time import BEIJING
from gongdao.core.kernel.words import Role
from gongdao.store.connection import transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.standing import StatementLine, ledger_statement, ledger_totals

#: Purpose of the entries of orders themselves, as against those of cases.
ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The ledger of some marketplaces."""

    sum_fen: int
    """Of every line: 0, or money came from nowhere."""
    orders_fen: int
    """What buyers paid for orders."""
    by_bearer_fen: Mapping[str, int]
    """Account -> what cases gave it (positive) or took from it (negative). `payable` is decided
    and not yet paid."""
    by_purpose_fen: Mapping[str, int]
    """Purpose -> what buyers got (positive) or gave (negative) for it, paid, in cases."""


def balance(caller: Caller) -> Balance:
    """Return the balance of the caller's marketplaces. Raises NotAllowed; operators only."""
    allow(caller, Verb.VERIFY)
    return balance_of(caller.marketplace_ids)


def balance_of(marketplace_ids: frozenset[str]) -> Balance:
    """Return the balance of these marketplaces; for the command line, which has no caller."""
    with transaction() as on:
        totals = ledger_totals(on, marketplace_ids)
    bearers: dict[str, int] = defaultdict(int)
    purposes: dict[str, int] = defaultdict(int)
    orders = 0
    for total in totals:
        if total.purpose == ORDER:
            orders += max(0, total.amount_fen)
            continue
        bearers[total.account] += total.amount_fen
        if total.account == Role.BUYER:
            purposes[total.purpose] += total.amount_fen
    return Balance(
        sum_fen=sum(total.amount_fen for total in totals),
        orders_fen=orders,
        by_bearer_fen=dict(bearers),
        by_purpose_fen=dict(purposes),
    )


def statement(caller: Caller, shop_id: str, day: date) -> tuple[StatementLine, ...]:
    """Return the shop's ledger lines of one day, Beijing time. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_LEDGER)
    since = datetime.combine(day, time(0), BEIJING).astimezone(UTC)
    with transaction() as on:
        marketplace_id = shop_marketplace(on, shop_id)
        if marketplace_id is None or not caller.sees(
            marketplace_id=marketplace_id, shop_id=shop_id, buyer_id=""
        ):
            raise not_visible(SHOP, "shop_id")
        return ledger_statement(on, shop_id, since, since + timedelta(days=1))
