"""Tell an invoice (登记发票): the merchant or the marketplace says what was issued for an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import uuid_utils

from gongdao.app.audit_call import audited
from gongdao.app.invoices.visible import visible_order
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.invoices.model import Invoice, Medium
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection
from gongdao.store.invoices import add_invoice, find_invoice, invoices_of
from gongdao.store.orders import KnownOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An invoice as it was told."""

    shop_id: str
    order_id: str
    number: str
    medium: Medium
    amount_fen: int
    issued_at: datetime


def tell_invoice(caller: Caller, told: Told) -> Invoice:
    """Note an invoice; the same one again changes nothing. Refunds made before are followed too.

    Raises NotVisible for an order that is not the caller's; BadInput `invoice.bad_number`,
    `invoice.bad_amount` (not above 0, or all invoices together above what was paid); Conflict
    `invoice.number_reused`.
    """
    number = told.number.strip()
    check_text(number, "number")
    if not number:
        raise _bad("number", Text("请填写发票号码", "give the number of the invoice"))
    with audited(caller, Verb.TELL_INVOICE, told.shop_id, key=number) as on:
        known = visible_order(on, caller, told.shop_id, told.order_id, "order_id")
        before = find_invoice(on, told.shop_id, number)
        if before is not None:
            return _same(before, told)
        _check_amount(on, known, told)
        invoice = Invoice(
            id=str(uuid_utils.uuid7()),
            shop_id=told.shop_id,
            order_id=told.order_id,
            number=number,
            medium=told.medium,
            amount_fen=told.amount_fen,
            issued_at=told.issued_at,
        )
        add_invoice(on, known.marketplace_id, invoice, caller.user_id)
        return invoice


def _same(before: Invoice, told: Told) -> Invoice:
    same = (before.order_id, before.medium, before.amount_fen, before.issued_at) == (
        told.order_id,
        told.medium,
        told.amount_fen,
        told.issued_at,
    )
    if same:
        return before
    raise Conflict(
        Finding(
            code="invoice.number_reused",
            field="number",
            message=Text(
                "该发票号码已登记，内容不同", "an invoice of this number is known, and is another"
            ),
            cure=Text(
                "请核对号码、订单、金额和开票时间", "check number, order, amount and instant"
            ),
        )
    )


def _check_amount(on: Connection, known: KnownOrder, told: Told) -> None:
    standing = sum(i.left_fen for i in invoices_of(on, told.shop_id, told.order_id))
    most = known.order.paid_fen - standing
    if not 0 < told.amount_fen <= most:
        raise _bad(
            "amount_fen",
            Text(
                f"开票金额须大于 0，且不超过尚未开票的 {yuan(max(0, most))} 元",
                f"an invoice is above 0 and at most the {yuan(max(0, most))} yuan not invoiced yet",
            ),
        )


def _bad(field: str, message: Text) -> BadInput:
    return BadInput(
        Finding(code=f"invoice.bad_{field.removesuffix('_fen')}", field=field, message=message)
    )
