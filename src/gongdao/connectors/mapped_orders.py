"""Mapped orders (按映射读取订单): rows of any export become orders; what cannot is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar, cast

from gongdao.connectors.batch import BATCH_ROWS, Batch, RowFinding, RowRead
from gongdao.connectors.cells import read_cell
from gongdao.connectors.mapping import FIELDS, LINE_FIELDS
from gongdao.connectors.tabular import SURPLUS, open_table
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party

if TYPE_CHECKING:
    from pathlib import Path

    from gongdao.connectors.mapping import Mapping
    from gongdao.connectors.tabular import Row
    from gongdao.core.cases.model import Plain

_T = TypeVar("_T")
Values = dict[str, "Plain | datetime | None"]
_PAYMENTS = ("online", "cod")


def read_mapped(
    rows: Iterable[Row],
    mapping: Mapping,
    marketplace_id: str,
    *,
    skip_rows: int = 0,
    batch_rows: int = BATCH_ROWS,
    as_told: bool = False,
) -> Iterator[Batch[Order]]:
    """Yield orders after the first `skip_rows` rows; an order's rows are never parted.

    An instant before the order itself is refused, for it betrays a wrong column or time zone of the
    mapping; with `as_told` it is taken, as the API takes it.
    """
    orders: list[RowRead[Order]] = []
    findings: list[RowFinding] = []
    done, emitted = 0, skip_rows
    seen: set[str] = set()
    for group in _groups(rows, mapping):
        done = group[-1][0]
        key = _key(group[0][1], mapping)
        repeated, _ = key in seen, seen.add(key)
        if done <= skip_rows:
            continue
        try:
            if repeated:
                raise _repeated(key)
            order = _order(group, mapping, marketplace_id)
            if not as_told:
                _check_times(group[0][0], order)
            orders.append(RowRead(group[0][0], order))
        except BadRow as fault:
            findings.extend(RowFinding(row=fault.row, finding=f) for f in fault.findings)
        except BadInput as fault:
            findings.extend(RowFinding(row=group[0][0], finding=f) for f in fault.findings)
        if done - emitted >= batch_rows:
            yield Batch(items=tuple(orders), findings=tuple(findings), rows_done=done)
            orders, findings, emitted = [], [], done
    if done > emitted:
        yield Batch(items=tuple(orders), findings=tuple(findings), rows_done=done)


def read_mapped_file(
    path: Path,
    mapping: Mapping,
    marketplace_id: str,
    *,
    skip_rows: int = 0,
    as_told: bool = False,
) -> Iterator[Batch[Order]]:
    """Yield the orders of a file, as `read_mapped`. Raises BadInput when it is unreadable."""
    with open_table(path, mapping) as (_, rows):
        yield from read_mapped(rows, mapping, marketplace_id, skip_rows=skip_rows, as_told=as_told)


class BadRow(BadInput):
    """A row cannot be read; `row` says which."""

    def __init__(self, row: int, *findings: Finding) -> None:
        self.row = row
        super().__init__(*findings)


def _groups(rows: Iterable[Row], mapping: Mapping) -> Iterator[list[tuple[int, Row]]]:
    numbered = enumerate(rows, 1)
    if mapping.rows == "orders":
        for pair in numbered:
            yield [pair]
        return
    for _, group in groupby(numbered, key=lambda pair: _key(pair[1], mapping)):
        yield list(group)


def _key(row: Row, mapping: Mapping) -> str:
    """Return shop and order number as they stand in the file: what one order is known by."""
    return "\0".join(
        str(row.get(source.column, "") if source.column else source.constant).strip()
        for source in (mapping.fields["shop_id"], mapping.fields["order_id"])
    )


def _order(group: list[tuple[int, Row]], mapping: Mapping, marketplace_id: str) -> Order:
    number, first = group[0]
    values = _values(number, first, mapping)
    lines = [_line(number, 1, values)]
    for later, (row_number, row) in enumerate(group[1:], 2):
        lines.append(_line(row_number, later, _values(row_number, row, mapping, only=LINE_FIELDS)))
    payment = str(values["payment"])
    if payment not in _PAYMENTS:
        raise _bad_word(number, mapping, "payment", payment, _PAYMENTS)
    bearer = str(values["freight_prepaid_by"] or Party.BUYER)
    if bearer not in {Party.BUYER, Party.MERCHANT}:
        raise _bad_word(number, mapping, "freight_prepaid_by", bearer, ("buyer", "merchant"))
    return Order(
        order_id=_of(str, values["order_id"]),
        shop_id=f"{marketplace_id}:{values['shop_id']}",
        buyer_id=_of(str, values["buyer_id"]),
        platform=mapping.platform,
        payment=payment,
        lines=tuple(lines),
        freight_fen=_maybe(int, values["freight"]) or 0,
        freight_prepaid_by=Party(bearer),
        placed_at=_of(datetime, values["placed_at"]),
        paid_at=_maybe(datetime, values["paid_at"]),
        promised_ship_at=_maybe(datetime, values["promised_ship_at"]),
        shipped_at=_maybe(datetime, values["shipped_at"]),
        promised_delivery_at=_maybe(datetime, values["promised_delivery_at"]),
        signed_at=_maybe(datetime, values["signed_at"]),
        succeeded_at=_maybe(datetime, values["succeeded_at"]),
        cancelled_at=_maybe(datetime, values["cancelled_at"]),
        tracking_number=_maybe(str, values["tracking_number"]),
        region=_maybe(str, values["region"]),
        attributes=_attributes(first, mapping),
    )


def _values(
    number: int, row: Row, mapping: Mapping, *, only: frozenset[str] | None = None
) -> Values:
    """Read every field of a row, and report every cell that is wrong, not just the first."""
    findings: list[Finding] = []
    values: Values = dict.fromkeys(FIELDS)
    if SURPLUS in row:
        findings.append(surplus_cells(cast("int", row[SURPLUS])))
    for name, source in mapping.fields.items():
        if only is not None and name not in only:
            continue
        kind, needed = FIELDS[name]
        try:
            values[name] = read_cell(row, name, kind, source, mapping)
        except BadInput as fault:
            findings.extend(fault.findings)
            continue
        if needed and values[name] is None:
            findings.append(empty_cell(source.column or name))
    if findings:
        raise BadRow(number, *findings)
    return values


def _attributes(row: Row, mapping: Mapping) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for name, source in mapping.attributes.items():
        value = read_cell(row, name, source.type or "text", source, mapping)
        if isinstance(value, datetime):
            found[name] = value.isoformat()
        elif value is not None:
            found[name] = value
    return found


def _line(row: int, number: int, values: Values) -> OrderLine:
    quantity = _maybe(int, values["line_quantity"])
    if quantity is not None and quantity < 1:
        raise BadRow(row, _no_quantity(quantity))
    return OrderLine(
        line_id=_maybe(str, values["line_id"]) or str(number),
        title=_maybe(str, values["line_title"]) or "商品",
        quantity=1 if quantity is None else quantity,
        paid_fen=_of(int, values["line_paid"]),
        own_price_fen=_maybe(int, values["line_own_price"]),
        gift=_maybe(bool, values["line_gift"]) or False,
    )


def _of(kind: type[_T], value: Plain | datetime | None) -> _T:
    """Narrow the value of a required field to the type it was read as."""
    del kind
    return cast("_T", value)


def _maybe(kind: type[_T], value: Plain | datetime | None) -> _T | None:
    """Narrow the value of an optional field."""
    del kind
    return cast("_T | None", value)


def _check_times(number: int, order: Order) -> None:
    for name in ("paid_at", "shipped_at", "signed_at", "succeeded_at", "cancelled_at"):
        later = getattr(order, name)
        if later is not None and later < order.placed_at:
            raise BadRow(
                number,
                Finding(
                    code="import.before_order",
                    field=name,
                    message=Text(
                        f"{name} 早于下单时间", f"`{name}` is before the order was placed"
                    ),
                    cure=Text("检查两列的时间与时区", "check both columns and the time zone"),
                ),
            )


def _bad_word(
    number: int, mapping: Mapping, name: str, word: str, allowed: tuple[str, ...]
) -> BadRow:
    words = ", ".join(allowed)
    return BadRow(
        number,
        Finding(
            code="import.unknown_word",
            field=mapping.fields[name].column or name,
            message=Text(f"{name} 不能是“{word}”", f"`{name}` cannot be `{word}`"),
            cure=Text(
                f"须为 {words}；可在映射里写 words", f"one of {words}; the mapping may list `words`"
            ),
        ),
    )


def _no_quantity(quantity: int) -> Finding:
    return Finding(
        code="import.bad_cell",
        field="line_quantity",
        message=Text(f"数量不能是 {quantity}", f"a quantity cannot be {quantity}"),
        cure=Text("须为正整数；退货行请另行导入", "a positive whole number; returns are no orders"),
    )


def empty_cell(column: str) -> Finding:
    """Return the finding for a required cell that is empty."""
    return Finding(
        code="import.empty_cell",
        field=column,
        message=Text(f"“{column}”为空", f"`{column}` is empty"),
        cure=Text("补上，或在映射里写 default", "fill it in, or give a default in the mapping"),
    )


def surplus_cells(count: int) -> Finding:
    """Return the finding for a row with more cells than the header."""
    return Finding(
        code="import.surplus_cells",
        field=None,
        message=Text(f"该行比表头多 {count} 格", f"the row has {count} cells more than the header"),
        cure=Text("检查分隔符与引号", "check delimiters and quotes"),
    )


def _repeated(key: str) -> BadInput:
    order = key.rpartition("\0")[2]
    return BadInput(
        Finding(
            code="import.repeated_order",
            field="order_id",
            message=Text(f"订单 {order} 在前面已出现", f"order {order} stands earlier in the file"),
            cure=Text(
                "一行一单的文件里删去重复行；一单多行的须相邻，并在映射里写 rows: lines",
                "remove the repetition; lines of one order stand together, with `rows: lines`",
            ),
        )
    )
