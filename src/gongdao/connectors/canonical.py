"""Canonical orders (标准订单文件): a file whose columns are the fields of an order themselves.

One row a line of an order, the lines of one order together; amounts in fen as `freight_fen` and
`line_paid_fen`. CSV, Excel, Parquet or JSON Lines. Ids are the marketplace's own, as in the API.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gongdao.app.import_batch import ImportTarget
from gongdao.connectors.batch import Batch, fingerprint
from gongdao.connectors.import_run import ImportReport, run_import
from gongdao.connectors.mapped_orders import read_mapped_file
from gongdao.connectors.mapping import FIELDS, Mapping, Source, Title
from gongdao.connectors.tabular import check_columns, open_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def import_canonical(path: Path, marketplace_id: str, platform: str) -> ImportReport:
    """Import a file of orders; the same content again goes on where it ended.

    Raises BadInput import.* for a file that cannot be read or lacks a column that orders need.
    """
    read_as = _mapping(path, platform)
    check_columns(path, read_as)
    target = ImportTarget(marketplace_id=marketplace_id, source=f"orders:{fingerprint(path)}")

    def read(skip: int) -> Iterator[Batch]:
        for batch in read_mapped_file(path, read_as, marketplace_id, skip_rows=skip):
            yield _own_ids(batch, marketplace_id)

    return run_import(target, read)


def _mapping(path: Path, platform: str) -> Mapping:
    """Name the columns that the file must have, and those of the others that it has."""
    fields = {
        name: Source(column=f"{name}_fen", unit="fen") if kind == "money" else Source(column=name)
        for name, (kind, _) in FIELDS.items()
    }
    whole = Mapping(
        mapping="gongdao-orders",
        title=Title(zh="标准订单", en="canonical orders"),
        platform=platform,
        time_zone="Asia/Shanghai",
        rows="lines",
        fields=fields,
    )
    from_file = _columns(path, whole)
    kept = {
        name: source
        for name, source in fields.items()
        if FIELDS[name][1] or source.column in from_file
    }
    return Mapping(
        mapping=whole.mapping,
        title=whole.title,
        platform=platform,
        time_zone=whole.time_zone,
        rows="lines",
        fields=kept,
    )


def _columns(path: Path, mapping: Mapping) -> frozenset[str]:
    with open_table(path, mapping) as (columns, _):
        return frozenset(columns)


def _own_ids(batch: Batch, marketplace_id: str) -> Batch:
    """A mapped export names shops within its marketplace; here they are named as everywhere."""
    prefix = f"{marketplace_id}:"
    orders = tuple(
        replace(read, order=replace(read.order, shop_id=read.order.shop_id.removeprefix(prefix)))
        for read in batch.orders
    )
    return replace(batch, orders=orders)
