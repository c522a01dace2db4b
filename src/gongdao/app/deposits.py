"""Merchant deposits (保证金): paid in, taken out, recouped from, and held for what may be owed.

A hold is no entry of the ledger: it is what cases now open may yet take, as the rules (question
`deposit_hold`) reckon it, and ends with them. What a deposit cannot cover the shop lacks, and
later settlements make it good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.app.playbooks import playbooks
from gongdao.core.cases.ask import clauses
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import LARGEST_FEN, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.ledger import DEPOSIT, pair
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.model import Rulebook
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.marketplaces import find_marketplace, shop_marketplace
from gongdao.store.payments import (
    Movement,
    add_deposit_movement,
    known_deposit_movement,
    lock_shop,
)
from gongdao.store.reserves import (
    Funds,
    HoldRow,
    ReserveRow,
    ShortfallRow,
    deposit_holds,
    funds_of,
    reserves_of,
    shortfalls,
)

MOST_LISTED = 500
#: What holds a deposit, for people.
MATTERS = {
    "dispute": Text("平台介入中的纠纷", "dispute before the platform"),
    "payout": Text("商家待支付的款项", "payout due from the merchant"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a case may yet take from the deposit."""

    case_id: str
    order_id: str
    matter: str
    """`dispute`: the platform decides; `payout`: the merchant must pay himself."""
    amount_fen: int
    since: datetime
    reason: Text
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A shop's deposit, in fen."""

    balance_fen: int
    """Negative: more was recouped than was paid in; the merchant owes it."""
    held_fen: int
    """What open cases may yet cost, at most the balance."""
    reserve_fen: int
    """What is kept back of settled orders; recoupments take it first."""
    holds: tuple[Hold, ...]

    @property
    def free_fen(self) -> int:
        """What may be taken out."""
        return self.balance_fen - self.held_fen

    @property
    def owed_fen(self) -> int:
        """What the merchant must pay in again."""
        return max(0, -self.balance_fen)


def deposit(caller: Caller, shop_id: str) -> Deposit:
    """Return how the shop's deposit stands. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_LEDGER)
    with transaction() as on:
        marketplace_id = _check_shop(caller, shop_id, shop_marketplace(on, shop_id))
        return _standing(on, shop_id, marketplace_id)


def reserves(caller: Caller, shop_id: str) -> tuple[ReserveRow, ...]:
    """Return what is kept back of the shop's settled orders, the earliest released first.

    At most `MOST_LISTED`. Raises NotAllowed, NotVisible.
    """
    allow(caller, Verb.SEE_LEDGER)
    with transaction() as on:
        _check_shop(caller, shop_id, shop_marketplace(on, shop_id))
        return reserves_of(on, shop_id, MOST_LISTED)


def lacking(caller: Caller) -> tuple[ShortfallRow, ...]:
    """Return the shops of the caller's marketplaces whose deposit lacks something, most first.

    At most `MOST_LISTED`. Raises NotAllowed.
    """
    allow(caller, Verb.VERIFY)
    with transaction() as on:
        return shortfalls(on, caller.marketplace_ids, MOST_LISTED)


def move_deposit(
    caller: Caller,
    shop_id: str,
    amount_fen: int,
    external_ref: str,
    *,
    now: datetime | None = None,
) -> Deposit:
    """Note that the merchant paid in (positive) or took out (negative); a reference counts once.

    Raises NotVisible; BadInput `payment.bad_amount`; Conflict `deposit.not_free` when more would be
    taken out than is free, `payment.reference_reused`.
    """
    check_text(external_ref, "external_ref")
    if not external_ref.strip() or not 0 < abs(amount_fen) <= LARGEST_FEN:
        raise BadInput(
            Finding(
                code="payment.bad_amount",
                field="amount_fen",
                message=Text("请写明金额与流水号", "an amount and its reference are wanted"),
            )
        )
    with audited(caller, Verb.MOVE_DEPOSIT, shop_id, key=external_ref) as on:
        marketplace_id = _check_shop(caller, shop_id, lock_shop(on, shop_id))
        before = known_deposit_movement(on, shop_id, external_ref)
        if before is None:
            _check_free(_standing(on, shop_id, marketplace_id), amount_fen)
            movement = Movement(
                shop_id=shop_id,
                order_id="",
                external_ref=external_ref,
                amount_fen=amount_fen,
                reported_by=caller.user_id,
                at=now or marketplace_now(on, marketplace_id),
            )
            entry = pair(Party.MERCHANT, DEPOSIT, amount_fen, "deposit")
            add_deposit_movement(on, movement, entry)
        elif before != amount_fen:
            raise Conflict(
                Finding(
                    code="payment.reference_reused",
                    field="external_ref",
                    message=Text(
                        "该流水号已按另一金额上报", "this reference was reported for another amount"
                    ),
                )
            )
        return _standing(on, shop_id, marketplace_id)


def _standing(on: Connection, shop_id: str, marketplace_id: str) -> Deposit:
    funds = funds_of(on, [shop_id]).get(shop_id, Funds())
    holds = _holds(on, shop_id, marketplace_id)
    held = sum(hold.amount_fen for hold in holds)
    return Deposit(
        balance_fen=funds.deposit_fen,
        held_fen=max(0, min(funds.deposit_fen, held)),
        reserve_fen=funds.reserve_fen,
        holds=holds,
    )


def _holds(on: Connection, shop_id: str, marketplace_id: str) -> tuple[Hold, ...]:
    rows = deposit_holds(on, shop_id)
    marketplace = find_marketplace(on, marketplace_id) if rows else None
    if marketplace is None:
        return ()
    asked = playbooks().standing(marketplace.platform, marketplace_now(on, marketplace_id))
    return tuple(_hold(row, asked.questions.get("deposit_hold", ())) for row in rows)


def _hold(row: HoldRow, tables: Sequence[tuple[Rulebook, str]]) -> Hold:
    """Return the hold as the first table that decides reckons it; where none does, all of it."""
    amount, reason, cite = row.amount_fen, MATTERS[row.matter], ()
    for book, table in tables:
        answer = evaluate(book, table, {"matter": row.matter, "asked": row.amount_fen})
        held = answer.outputs.get("hold")
        if isinstance(held, int):
            amount, reason, cite = held, clauses(book, answer), answer.cite
            break
    return Hold(
        case_id=row.case_id,
        order_id=row.order_id,
        matter=row.matter,
        amount_fen=amount,
        since=row.since,
        reason=reason,
        cite=cite,
    )


def _check_free(standing: Deposit, amount_fen: int) -> None:
    if amount_fen < 0 and -amount_fen > standing.free_fen:
        raise Conflict(
            Finding(
                code="deposit.not_free",
                field="amount_fen",
                message=Text(
                    f"可提取 {yuan(max(0, standing.free_fen))} 元",
                    f"{yuan(max(0, standing.free_fen))} yuan may be taken out",
                ),
                cure=Text("待纠纷了结或补缴后再提取", "wait for disputes to end, or pay in first"),
            )
        )


def _check_shop(caller: Caller, shop_id: str, marketplace_id: str | None) -> str:
    if marketplace_id is None or not caller.sees(
        marketplace_id=marketplace_id, shop_id=shop_id, buyer_id=""
    ):
        raise not_visible(SHOP, "shop_id")
    return marketplace_id
