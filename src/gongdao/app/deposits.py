"""Merchant deposits (保证金): paid in, taken out, recouped from, and held for open disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import LARGEST_FEN, yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party
from gongdao.core.remedies.ledger import DEPOSIT, pair
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.payments import (
    Movement,
    add_deposit_movement,
    deposit_standing,
    known_deposit_movement,
    lock_shop,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A shop's deposit, in fen."""

    balance_fen: int
    """Negative: more was recouped than was paid in; the merchant owes it."""
    held_fen: int
    """What open disputes may yet cost, at most the balance."""

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
        _check_shop(caller, shop_id, shop_marketplace(on, shop_id))
        return _standing(on, shop_id)


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
            _check_free(_standing(on, shop_id), amount_fen)
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
        return _standing(on, shop_id)


def _standing(on: Connection, shop_id: str) -> Deposit:
    balance, disputed = deposit_standing(on, shop_id)
    return Deposit(balance_fen=balance, held_fen=max(0, min(balance, disputed)))


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
