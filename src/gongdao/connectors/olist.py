"""Olist (巴西电商公开数据): nine Parquet tables read as one stream of orders.

One order per (order, seller), because a shop is the unit of every rule. Amounts are Brazilian
cents and are taken as fen of the marketplace's currency, one for one: nothing is converted.
Times carry no offset in the files; they are local time of São Paulo.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gongdao.connectors.batch import BATCH_ROWS, Batch, RowFinding, RowRead
from gongdao.core.cases.model import Order, OrderLine
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import FEN_PER_YUAN
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gongdao.core.cases.model import Plain

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ORDERS = "orders.parquet"
_COLUMNS = {
    ORDERS: (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    "order_items.parquet": (
        "order_id",
        "order_item_id",
        "product_id",
        "seller_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    ),
    "order_payments.parquet": ("order_id", "payment_type", "payment_value"),
    "order_reviews.parquet": ("order_id", "review_score", "review_answer_timestamp"),
    "customers.parquet": ("customer_id", "customer_unique_id", "customer_state"),
    "products.parquet": ("product_id", "product_category_name"),
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the orders are to go: which marketplace, and whose rules it follows."""

    marketplace_id: str
    platform: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the other tables hold about the orders of one batch."""

    items: Mapping[str, list[Row]]
    payments: Mapping[str, list[Row]]
    reviews: Mapping[str, list[Row]]
    customers: Mapping[str, list[Row]]
    categories: Mapping[str, list[Row]]


def count_orders(folder: Path) -> int:
    """Return the number of rows of the orders table. Raises BadInput `olist.not_found`."""
    _check(folder)
    return pq.ParquetFile(folder / ORDERS).metadata.num_rows


def read_olist(
    folder: Path, destination: Destination, *, skip_rows: int = 0, batch_rows: int = BATCH_ROWS
) -> Iterator[Batch[Order]]:
    """Yield the orders of `folder` in the order of its orders table, after `skip_rows` rows.

    Raises BadInput `olist.not_found`, `olist.missing_column` before the first batch.
    """
    _check(folder)
    tables = {
        name: pq.read_table(folder / name, columns=list(columns))
        for name, columns in _COLUMNS.items()
        if name != ORDERS
    }
    done = 0
    file = pq.ParquetFile(folder / ORDERS)
    for chunk in file.iter_batches(batch_size=batch_rows, columns=list(_COLUMNS[ORDERS])):
        start, done = done, done + chunk.num_rows
        if done <= skip_rows:
            continue
        skipped = max(0, skip_rows - start)
        rows = chunk.slice(skipped).to_pylist()
        parts = _parts_of(rows, tables)
        orders: list[RowRead[Order]] = []
        findings: list[RowFinding] = []
        for number, row in enumerate(rows, start + skipped + 1):
            made, wrong = _orders_of(row, parts, destination)
            orders.extend(RowRead(number, order) for order in made)
            findings.extend(RowFinding(row=number, finding=finding) for finding in wrong)
        yield Batch(items=tuple(orders), findings=tuple(findings), rows_done=done)


def _check(folder: Path) -> None:
    findings: list[Finding] = []
    for name, columns in _COLUMNS.items():
        path = folder / name
        if not path.is_file():
            findings.append(
                Finding(
                    code="olist.not_found",
                    field=name,
                    message=Text(f"找不到 {path}", f"there is no {path}"),
                    cure=Text(
                        "请指明存放 Olist Parquet 文件的文件夹",
                        "name the folder that holds the Olist Parquet files",
                    ),
                )
            )
            continue
        findings.extend(
            Finding(
                code="olist.missing_column",
                field=f"{name}.{column}",
                message=Text(f"{name} 缺少列 {column}", f"{name} has no column `{column}`"),
            )
            for column in set(columns) - set(pq.read_schema(path).names)
        )
    if findings:
        raise BadInput(*findings)


def _parts_of(rows: list[Row], tables: Mapping[str, pa.Table]) -> _Parts:
    """Look up what belongs to these orders; columnar, so only a batch is ever Python objects."""
    ids = pa.array([row["order_id"] for row in rows], pa.large_string())
    customers = pa.array([row["customer_id"] for row in rows], pa.large_string())
    items = _pick(tables["order_items.parquet"], "order_id", ids)
    products = {item["product_id"] for group in items.values() for item in group}
    return _Parts(
        items=items,
        payments=_pick(tables["order_payments.parquet"], "order_id", ids),
        reviews=_pick(tables["order_reviews.parquet"], "order_id", ids),
        customers=_pick(tables["customers.parquet"], "customer_id", customers),
        categories=_pick(
            tables["products.parquet"],
            "product_id",
            pa.array(sorted(products), pa.large_string()),
        ),
    )


def _pick(
    table: pa.Table, key: str, wanted: pa.Array[pa.LargeStringScalar]
) -> Mapping[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    column = table[key].cast(pa.large_string())
    for row in table.filter(pc.is_in(column, value_set=wanted)).to_pylist():
        groups[row[key]].append(row)
    return groups


def _orders_of(
    row: Row, parts: _Parts, destination: Destination
) -> tuple[list[Order], list[Finding]]:
    items = parts.items.get(row["order_id"], [])
    if not items:
        return [], [_no_items(row)]
    sellers = sorted({item["seller_id"] for item in items})
    findings = _payment_findings(row, items, parts.payments.get(row["order_id"], []))
    orders: list[Order] = []
    for number, seller in enumerate(sellers, 1):
        own = [item for item in items if item["seller_id"] == seller]
        suffix = f".{number}" if len(sellers) > 1 else ""
        orders.append(_order(row, own, parts, destination, row["order_id"] + suffix))
    return orders, findings


def _order(
    row: Row, items: list[Row], parts: _Parts, destination: Destination, order_id: str
) -> Order:
    customer = parts.customers.get(row["customer_id"], [{}])[0]
    return Order(
        order_id=order_id,
        shop_id=f"{destination.marketplace_id}:{items[0]['seller_id']}",
        buyer_id=str(customer.get("customer_unique_id") or row["customer_id"]),
        platform=destination.platform,
        payment="online",
        placed_at=instant(row["order_purchase_timestamp"]),
        paid_at=_known(row["order_approved_at"]),
        promised_ship_at=max(instant(item["shipping_limit_date"]) for item in items),
        shipped_at=_known(row["order_delivered_carrier_date"]),
        promised_delivery_at=end_of_day(row["order_estimated_delivery_date"]),
        signed_at=_known(row["order_delivered_customer_date"]),
        lines=_lines(items, parts.categories),
        freight_fen=sum(fen(item["freight_value"]) for item in items),
        region=customer.get("customer_state"),
        attributes=_attributes(row, parts),
    )


def _lines(items: list[Row], categories: Mapping[str, list[Row]]) -> tuple[OrderLine, ...]:
    """Equal items at an equal price are one line with a quantity."""
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for item in sorted(items, key=lambda i: i["order_item_id"]):
        groups[item["product_id"], fen(item["price"])].append(item)
    return tuple(
        OrderLine(
            line_id=str(group[0]["order_item_id"]),
            title=(categories.get(product, [{}])[0].get("product_category_name") or product),
            quantity=len(group),
            paid_fen=price * len(group),
        )
        for (product, price), group in groups.items()
    )


def _attributes(row: Row, parts: _Parts) -> dict[str, Plain]:
    """Keep what an `Order` has no place for and the simulation later reads as proof."""
    kept: dict[str, Plain] = {"record_status": row["order_status"]}
    payments = parts.payments.get(row["order_id"], [])
    if payments:
        kept["record_payment_types"] = ",".join(sorted({p["payment_type"] for p in payments}))
    reviews = parts.reviews.get(row["order_id"], [])
    if reviews:
        lowest = min(reviews, key=lambda r: (r["review_score"], r["review_answer_timestamp"]))
        kept["review_score"] = lowest["review_score"]
        kept["review_answered_at"] = instant(lowest["review_answer_timestamp"]).isoformat()
    return kept


def _no_items(row: Row) -> Finding:
    return Finding(
        code="olist.no_items",
        field=f"order_items.order_id={row['order_id']}",
        message=Text(
            f"订单 {row['order_id']}（状态 {row['order_status']}）没有商品，无法确定店铺",
            f"order {row['order_id']} (status {row['order_status']}) has no item, so no shop",
        ),
        cure=Text(
            "补上该订单的 order_items 行后重新导入", "add its order_items rows, import again"
        ),
    )


def _payment_findings(row: Row, items: list[Row], payments: list[Row]) -> list[Finding]:
    """The lines are what was bought; a payment that differs is told, and does not stop the row."""
    bought = sum(fen(item["price"]) + fen(item["freight_value"]) for item in items)
    paid = sum(fen(payment["payment_value"]) for payment in payments)
    if paid == bought:
        return []
    return [
        Finding(
            code="olist.payment_differs",
            field=f"order_payments.order_id={row['order_id']}",
            message=Text(
                f"订单 {row['order_id']}：付款合计 {paid}，商品与运费合计 {bought}（分）",
                f"order {row['order_id']}: payments come to {paid}, items and freight to {bought}",
            ),
            cure=Text(
                "已按商品与运费导入；差额多为分期利息",
                "imported by items and freight; most differences are interest on instalments",
            ),
            severity="warning",
        )
    ]


def fen(amount: float) -> int:
    """Return a Brazilian amount as cents, exactly as it is written; one cent counts as one fen."""
    return int((Decimal(repr(amount)) * FEN_PER_YUAN).to_integral_value())


def instant(local: datetime) -> datetime:
    """Return a local time of São Paulo as UTC; in the repeated hour of autumn, the first."""
    return local.replace(tzinfo=SAO_PAULO).astimezone(UTC)


def end_of_day(day: datetime) -> datetime:
    """Return the last second of a day: the estimate is a date, and the whole of it is in time."""
    return instant(datetime.combine(day.date(), time(23, 59, 59)))


def _known(local: datetime | None) -> datetime | None:
    return None if local is None else instant(local)
