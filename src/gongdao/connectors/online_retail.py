"""Online Retail (英国零售公开数据): invoices as orders, cancelling invoices as partial returns.

One row an invoice line. An invoice that begins with C cancels; each of its lines is matched to
earlier purchases of the same customer and stock code, those at the same price and the latest first.
What matches becomes a request for return and refund, one an order; what does not is an error of its
row. Amounts are pence and are taken as fen, one for one. Times are local time of London; all of
them are moved by whole weeks, so that they fall under rules in force and keep their weekday.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from gongdao.app.intake_requests import RequestTold
from gongdao.connectors.batch import BATCH_ROWS, Batch, RowFinding, RowRead
from gongdao.core.cases.commands import LineAsked
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import FEN_PER_YUAN
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Reason

if TYPE_CHECKING:
    from pathlib import Path

LONDON = ZoneInfo("Europe/London")
#: The record begins on 2010-12-01; moved, it begins on 2024-04-03.
SHIFT = timedelta(weeks=696)
#: Codes of carriage, charged with the invoice: freight of its order.
_FREIGHT = frozenset({"POST", "DOT", "C2"})
#: Codes of what is no merchandise: manual entries, discounts, fees, samples, gift vouchers.
_NOT_GOODS = frozenset({"M", "D", "S", "B", "AMAZONFEE", "BANK CHARGES", "CRUK", "PADS"})
_COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
    "Country",
)  # fmt: skip
Row = dict[str, Any]
_Group = list[tuple[int, Row]]


@dataclass(slots=True)
class _Bought:
    """What is left of a purchased line that no cancellation has taken."""

    order_id: str
    line_id: str
    unit_fen: int
    at: datetime
    left: int


@dataclass(slots=True)
class _Purchases:
    """Lines by customer and stock code."""

    lines: dict[tuple[str, str], list[_Bought]] = field(
        default_factory=lambda: defaultdict(list[_Bought])
    )

    def add(self, order: Order) -> None:
        """Remember an order's lines."""
        for line in order.lines:
            stock = line.line_id.partition("#")[0]
            unit = line.paid_fen // line.quantity
            self.lines[order.buyer_id, stock].append(
                _Bought(order.order_id, line.line_id, unit, order.placed_at, line.quantity)
            )

    def take(
        self, customer: str, stock: str, quantity: int, unit_fen: int, before: datetime
    ) -> list[tuple[_Bought, int]]:
        """Return (purchase, quantity) pairs that make up the quantity; none if they cannot."""
        found = [b for b in self.lines.get((customer, stock), []) if b.left and b.at <= before]
        found.sort(key=lambda b: (b.unit_fen == unit_fen, b.at), reverse=True)
        taken: list[tuple[_Bought, int]] = []
        for bought in found:
            part = min(quantity, bought.left)
            taken.append((bought, part))
            quantity -= part
            if not quantity:
                break
        if quantity:
            return []
        for bought, part in taken:
            bought.left -= part
        return taken


def read_invoices(
    path: Path, marketplace_id: str, platform: str, *, skip_rows: int = 0
) -> Iterator[Batch[Order]]:
    """Yield the invoices as orders, after `skip_rows` rows; cancelling ones are passed over.

    Raises BadInput `online_retail.not_found`, `online_retail.missing_column`.
    """
    items: list[RowRead[Order]] = []
    findings: list[RowFinding] = []
    emitted = last = skip_rows
    for group, upto in _groups(path):
        first = group[0][0]
        if first > skip_rows and not _cancels(group):
            order, wrong = _order(group, marketplace_id, platform)
            findings.extend(wrong)
            if order is not None:
                items.append(RowRead(first, order))
        if upto - emitted >= BATCH_ROWS:
            yield Batch(items=tuple(items), findings=tuple(findings), rows_done=upto)
            items, findings, emitted = [], [], upto
        last = upto
    if last > emitted:
        yield Batch(items=tuple(items), findings=tuple(findings), rows_done=last)


def read_returns(
    path: Path, marketplace_id: str, platform: str, *, skip_rows: int = 0
) -> Iterator[Batch[RequestTold]]:
    """Yield the cancelling invoices as requests, after `skip_rows` rows. Raises as `read_invoices`.

    The whole file is gone through in any case, because what an earlier cancellation took is gone.
    """
    bought = _Purchases()
    items: list[RowRead[RequestTold]] = []
    findings: list[RowFinding] = []
    emitted = last = skip_rows
    for group, upto in _groups(path):
        if _cancels(group):
            requests, wrong = _requests(group, bought, marketplace_id)
            if group[0][0] > skip_rows:
                items.extend(requests)
                findings.extend(wrong)
        else:
            order, _ = _order(group, marketplace_id, platform)
            if order is not None:
                bought.add(order)
        if upto - emitted >= BATCH_ROWS:
            yield Batch(items=tuple(items), findings=tuple(findings), rows_done=upto)
            items, findings, emitted = [], [], upto
        last = upto
    if last > emitted:
        yield Batch(items=tuple(items), findings=tuple(findings), rows_done=last)


def _groups(path: Path) -> Iterator[tuple[_Group, int]]:
    """Yield each invoice's numbered rows, wherever they stand, at its first; and the rows done.

    Done are the rows before the next invoice's first: from there a later run goes on.
    """
    table = _read(path)
    columns = [table.column(name).to_pylist() for name in _COLUMNS]
    places: dict[str, list[int]] = defaultdict(list)
    for place, invoice in enumerate(columns[0]):
        places[str(invoice)].append(place)
    starts = [*(rows[0] for rows in places.values()), table.num_rows]
    for number, rows in enumerate(places.values()):
        whole = [
            (place + 1, {n: cells[place] for n, cells in zip(_COLUMNS, columns, strict=True)})
            for place in rows
        ]
        yield whole, starts[number + 1]


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise _refused("not_found", "file", Text(f"找不到 {path}", f"there is no {path}"))
    names = pq.ParquetFile(path).schema_arrow.names
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        listed = ", ".join(missing)
        raise _refused(
            "missing_column", missing[0], Text(f"缺少列 {listed}", f"columns missing: {listed}")
        )
    return pq.read_table(path, columns=list(_COLUMNS))


def _cancels(group: _Group) -> bool:
    return str(group[0][1]["InvoiceNo"]).startswith("C")


def _order(
    group: _Group, marketplace_id: str, platform: str
) -> tuple[Order | None, list[RowFinding]]:
    """Return the order of an invoice without the lines that are no sale, and why they are none."""
    wrong: list[RowFinding] = []
    counted: dict[tuple[str, int], int] = defaultdict(int)
    titles: dict[str, str] = {}
    freight = 0
    for number, row in group:
        stock, quantity = str(row["StockCode"]).strip(), int(row["Quantity"])
        fen = _fen(row["UnitPrice"])
        if (fault := _no_sale(stock, quantity, fen)) is not None:
            wrong.append(RowFinding(row=number, finding=fault))
        elif stock in _FREIGHT:
            freight += quantity * (fen or 0)
        else:
            counted[stock, fen or 0] += quantity
            titles.setdefault(stock, str(row["Description"] or stock).strip())
    if not counted:
        return None, wrong
    first = group[0][1]
    at = min(_instant(row["InvoiceDate"]) for _, row in group)
    invoice = str(first["InvoiceNo"])
    order = Order(
        order_id=invoice,
        shop_id=f"{marketplace_id}:online-retail",
        buyer_id=_customer(first) or f"guest-{invoice}",
        platform=platform,
        payment="online",
        placed_at=at,
        paid_at=at,
        lines=_lines(counted, titles),
        freight_fen=freight,
        region=str(first["Country"]),
    )
    return order, wrong


def _lines(counted: dict[tuple[str, int], int], titles: dict[str, str]) -> tuple[OrderLine, ...]:
    """Equal goods at an equal price are one line; at another price, another line of the code."""
    lines: list[OrderLine] = []
    seen: dict[str, int] = defaultdict(int)
    for (stock, unit_fen), quantity in counted.items():
        seen[stock] += 1
        suffix = f"#{seen[stock]}" if seen[stock] > 1 else ""
        lines.append(
            OrderLine(
                line_id=stock + suffix,
                title=titles[stock],
                quantity=quantity,
                paid_fen=quantity * unit_fen,
            )
        )
    return tuple(lines)


def _requests(
    group: _Group, bought: _Purchases, marketplace_id: str
) -> tuple[list[RowRead[RequestTold]], list[RowFinding]]:
    wrong: list[RowFinding] = []
    asked: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    amounts: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = {}
    invoice = str(group[0][1]["InvoiceNo"])
    at = min(_instant(row["InvoiceDate"]) for _, row in group)
    for number, row in group:
        stock, quantity = str(row["StockCode"]).strip(), -int(row["Quantity"])
        fen = _fen(row["UnitPrice"])
        fault = _no_sale(stock, quantity, fen) or _no_merchandise(stock)
        customer = _customer(row)
        if fault is None and customer is None:
            fault = _fault("no_customer", "CustomerID", _NO_CUSTOMER)
        taken = [] if fault else bought.take(customer or "", stock, quantity, fen or 0, at)
        if not taken:
            fault = fault or _fault("unmatched", "StockCode", _UNMATCHED)
            wrong.append(RowFinding(row=number, finding=fault))
        for purchase, part in taken:
            asked[purchase.order_id][purchase.line_id] += part
            amounts[purchase.order_id] += part * (fen or 0)
            rows.setdefault(purchase.order_id, number)
    requests = [
        RowRead(
            rows[order_id],
            RequestTold(
                request_id=f"{invoice}/{order_id}",
                shop_id=f"{marketplace_id}:online-retail",
                order_id=order_id,
                claim=Claim.RETURN_REFUND,
                reason=Reason.OTHER,
                lines=tuple(LineAsked(line_id=li, quantity=q) for li, q in lines.items()),
                requested_fen=amounts[order_id],
                asked_at=at,
            ),
        )
        for order_id, lines in asked.items()
    ]
    return requests, wrong


_UNMATCHED = Text(
    "找不到同一顾客此前买过这么多该商品", "the customer bought no such quantity of it before"
)
_NO_CUSTOMER = Text("没有顾客号，无法找到购买记录", "no customer, so no purchase to match")
_NOT_GOODS_SAID = Text("不是商品：手工、折扣、费用或样品", "no merchandise: manual, discount, fee")


def _no_sale(stock: str, quantity: int, fen: int | None) -> Finding | None:
    """Return why a line is no sale; cancellations are judged with their sign turned."""
    if stock.upper() in _NOT_GOODS or stock.startswith("gift_"):
        return _fault("not_goods", "StockCode", _NOT_GOODS_SAID)
    if quantity <= 0:
        return _fault(
            "no_quantity",
            "Quantity",
            Text("数量不为正，也不是取消单", "a quantity not positive, and no cancellation"),
        )
    if fen is None or fen <= 0:
        return _fault(
            "no_price", "UnitPrice", Text("单价不为正，或不到一便士", "no price of whole pence")
        )
    return None


def _no_merchandise(stock: str) -> Finding | None:
    """Return why a cancelled line cannot be goods sent back: carriage is not."""
    return _fault("not_goods", "StockCode", _NOT_GOODS_SAID) if stock in _FREIGHT else None


def _fault(code: str, field: str, message: Text) -> Finding:
    return Finding(code=f"online_retail.{code}", field=field, message=message)


def _refused(code: str, field: str, message: Text) -> BadInput:
    return BadInput(_fault(code, field, message))


def _fen(price: float) -> int | None:
    """Return a price as pence, exactly; None where it is no whole number of them."""
    pence = Decimal(repr(price)) * FEN_PER_YUAN
    return int(pence) if pence == pence.to_integral_value() else None


def _customer(row: Row) -> str | None:
    known = row["CustomerID"]
    return None if known is None or known != known else str(int(known))  # noqa: PLR0124  NaN


def _instant(local: datetime) -> datetime:
    return local.replace(tzinfo=LONDON).astimezone(UTC) + SHIFT
