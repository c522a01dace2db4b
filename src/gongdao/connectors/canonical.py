"""Canonical files (标准文件): their columns are the fields of orders, parcels, requests, messages.

CSV (also .gz), Excel, Parquet or JSON Lines. Ids are the marketplace's own, as in the API; amounts
are fen, in columns that end in `_fen`. The how-to page lists every column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from gongdao.app.import_batch import ImportTarget, Take, take_orders
from gongdao.app.permissions import Caller, Verb
from gongdao.connectors.batch import Batch, fingerprint
from gongdao.connectors.forms import FORMS
from gongdao.connectors.import_run import ImportReport, run_import
from gongdao.connectors.mapped_orders import read_mapped_file
from gongdao.connectors.mapping import FIELDS, Kind, Mapping, Source, Title
from gongdao.connectors.read_form import form_mapping, read_form
from gongdao.connectors.tabular import check_columns, open_table
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from gongdao.store.imports import Progress

Subject = Literal["orders", "parcels", "requests", "messages"]
VERBS: dict[Subject, Verb] = {
    "orders": Verb.INTAKE_ORDERS,
    "parcels": FORMS["parcels"].verb,
    "requests": FORMS["requests"].verb,
    "messages": FORMS["messages"].verb,
}
#: Before a column of further facts: `attribute.fresh:boolean`; text where no type is named.
_ATTRIBUTE = "attribute."
_TYPES: tuple[Kind, ...] = ("text", "integer", "boolean")
_NO_COLUMNS = Mapping(
    mapping="gongdao",
    title=Title(zh="标准文件", en="canonical file"),
    platform="",
    time_zone="Asia/Shanghai",
    fields={},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalFile:
    """A file about to be imported, its columns checked."""

    subject: Subject
    source: str
    """Subject and digest: the same content again is the same import."""
    read: Callable[[int], Iterator[Batch[Any]]]
    """Yields what stands after so many rows."""
    take: Take[Any]
    unread: tuple[Finding, ...]
    """A warning for each column that nothing reads."""


def open_canonical(
    subject: Subject, path: Path, marketplace_id: str, platform: str
) -> CanonicalFile:
    """Look at a file of `subject`.

    Raises BadInput import.* for a file that cannot be read or lacks a column that is needed.
    """
    with open_table(path, _NO_COLUMNS) as (columns, _):
        have = columns
    source = f"{subject}:{fingerprint(path)}"
    if subject == "orders":
        orders = _orders_mapping(have, platform)

        def read_orders(skip: int) -> Iterator[Batch[Any]]:
            for batch in read_mapped_file(
                path, orders, marketplace_id, skip_rows=skip, as_told=True
            ):
                yield _own_ids(batch, marketplace_id)

        unread = tuple(check_columns(path, orders))
        return CanonicalFile(
            subject=subject, source=source, read=read_orders, take=take_orders, unread=unread
        )
    form = FORMS[subject]
    mapping = form_mapping(form, subject, have)
    return CanonicalFile(
        subject=subject,
        source=source,
        read=lambda skip: read_form(path, form, mapping, skip_rows=skip),
        take=form.take,
        unread=tuple(check_columns(path, mapping)),
    )


def import_canonical(
    file: CanonicalFile,
    marketplace_id: str,
    *,
    by: Caller | None = None,
    again: bool = False,
    batch_done: Callable[[Progress], None] = lambda _progress: None,
) -> ImportReport:
    """Import a file; the same content again goes on where it ended."""
    target = ImportTarget(
        marketplace_id=marketplace_id, source=file.source, by=by, verb=VERBS[file.subject]
    )
    return run_import(target, file.read, take=file.take, again=again, batch_done=batch_done)


def _orders_mapping(columns: tuple[str, ...], platform: str) -> Mapping:
    """Name the columns that the file must have, and those of the others that it has."""
    fields = {
        name: Source(column=f"{name}_fen", unit="fen") if kind == "money" else Source(column=name)
        for name, (kind, _) in FIELDS.items()
    }
    return Mapping(
        mapping="gongdao-orders",
        title=Title(zh="标准订单", en="canonical orders"),
        platform=platform,
        time_zone="Asia/Shanghai",
        rows="lines",
        fields={
            name: source
            for name, source in fields.items()
            if FIELDS[name][1] or source.column in columns
        },
        attributes=dict(_attribute(column) for column in columns if column.startswith(_ATTRIBUTE)),
    )


def _attribute(column: str) -> tuple[str, Source]:
    name, _, kind = column.removeprefix(_ATTRIBUTE).partition(":")
    if not name or kind not in {"", *_TYPES}:
        raise BadInput(
            Finding(
                code="import.bad_column",
                field=column,
                message=Text(f"列“{column}”的写法不对", f"`{column}` is not a way to name a fact"),
                cure=Text(
                    f"写 attribute.名字 或 attribute.名字:类型，类型为 {'、'.join(_TYPES)}",
                    f"write attribute.NAME or attribute.NAME:TYPE, one of {', '.join(_TYPES)}",
                ),
            )
        )
    return name, Source(column=column, type=cast("Kind", kind or "text"))


def _own_ids(batch: Batch[Any], marketplace_id: str) -> Batch[Any]:
    """A mapped export names shops within its marketplace; here they are named as everywhere."""
    prefix = f"{marketplace_id}:"
    items = tuple(
        replace(read, value=replace(read.value, shop_id=read.value.shop_id.removeprefix(prefix)))
        for read in batch.items
    )
    return replace(batch, items=items)
