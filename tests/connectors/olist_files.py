# ruff: noqa: DTZ001  the files hold local times without an offset
"""A small Olist folder, written as the real one is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

REAL = Path(__file__).parents[3] / "shared" / "data"
needs_real_data = pytest.mark.skipif(
    not (REAL / "olist").is_dir(), reason="the real data folder ../shared/data is absent"
)

PLACED = datetime(2018, 1, 10, 9, 0, 0)
_TIMES = (
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
)


def order_row(number: int, **changes: Any) -> dict[str, Any]:
    """An order delivered in time, unless changed."""
    return {
        "order_id": f"order{number:04d}",
        "customer_id": f"customer{number:04d}",
        "order_status": "delivered",
        "order_purchase_timestamp": PLACED,
        "order_approved_at": datetime(2018, 1, 10, 10, 0, 0),
        "order_delivered_carrier_date": datetime(2018, 1, 12, 8, 0, 0),
        "order_delivered_customer_date": datetime(2018, 1, 15, 18, 30, 0),
        "order_estimated_delivery_date": datetime(2018, 1, 20),
    } | changes


def item_row(number: int, item: int = 1, **changes: Any) -> dict[str, Any]:
    """An item for 199.00 with 17.87 of freight."""
    return {
        "order_id": f"order{number:04d}",
        "order_item_id": item,
        "product_id": "lamp",
        "seller_id": "seller-a",
        "shipping_limit_date": datetime(2018, 1, 13, 14, 48, 30),
        "price": 199.0,
        "freight_value": 17.87,
    } | changes


def write_olist(
    folder: Path,
    orders: list[dict[str, Any]],
    items: list[dict[str, Any]],
    reviews: list[dict[str, Any]] = [],  # noqa: B006  never changed
    payments: list[dict[str, Any]] | None = None,
) -> Path:
    """Write a folder with these rows; without `payments`, each order was paid exactly."""
    folder.mkdir(parents=True, exist_ok=True)
    if payments is None:
        payments = [
            {
                "order_id": i["order_id"],
                "payment_type": "boleto",
                "payment_value": i["price"] + i["freight_value"],
            }
            for i in items
        ]
    stamp = pa.timestamp("us")
    _write(folder / "orders.parquet", orders, dict.fromkeys(_TIMES, stamp))
    _write(
        folder / "order_items.parquet",
        items,
        {"shipping_limit_date": stamp, "price": pa.float64(), "freight_value": pa.float64()},
        item_row(0),
    )
    _write(
        folder / "order_payments.parquet",
        payments,
        {"payment_value": pa.float64()},
        {"order_id": "", "payment_type": "", "payment_value": 0.0},
    )
    _write(
        folder / "order_reviews.parquet",
        reviews,
        {"review_answer_timestamp": stamp, "review_score": pa.int64()},
        {"order_id": "", "review_score": 0, "review_answer_timestamp": PLACED},
    )
    customers = [
        {
            "customer_id": o["customer_id"],
            "customer_unique_id": f"person-{o['customer_id'][-4:]}",
            "customer_state": "SP",
        }
        for o in orders
    ]
    _write(folder / "customers.parquet", customers, {})
    _write(
        folder / "products.parquet",
        [{"product_id": "lamp", "product_category_name": "iluminacao"}],
        {},
    )
    return folder


def _write(
    path: Path,
    rows: list[dict[str, Any]],
    types: dict[str, pa.DataType],
    example: dict[str, Any] | None = None,
) -> None:
    names = list((rows[0] if rows else example or {}).keys())
    columns = {
        name: pa.array(
            [row[name] for row in rows],
            types.get(
                name,
                pa.large_string()
                if not isinstance((rows[0] if rows else example or {})[name], int)
                else pa.int64(),
            ),
        )
        for name in names
    }
    pq.write_table(pa.table(columns), path)
