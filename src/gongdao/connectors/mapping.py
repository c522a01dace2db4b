"""Mapping (字段映射): which column of somebody's export is which field of an order.

A mapping is a strict YAML file: unknown keys, unknown fields, unknown types and missing fields are
findings with a place and a cure. `docs/how-to/import-orders.md` shows one line by line.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.library.strict_yaml import Document, read_yaml

#: Mappings that come with the product.
SHIPPED = Path(__file__).parent / "mappings"
Kind = Literal["text", "integer", "money", "instant", "boolean"]
Plain = bool | int | str

#: Field of an order or of its line -> type, and whether every order must have it.
FIELDS: dict[str, tuple[Kind, bool]] = {
    "order_id": ("text", True),
    "shop_id": ("text", True),
    "buyer_id": ("text", True),
    "payment": ("text", True),
    "placed_at": ("instant", True),
    "paid_at": ("instant", False),
    "promised_ship_at": ("instant", False),
    "shipped_at": ("instant", False),
    "promised_delivery_at": ("instant", False),
    "signed_at": ("instant", False),
    "succeeded_at": ("instant", False),
    "cancelled_at": ("instant", False),
    "freight": ("money", False),
    "freight_prepaid_by": ("text", False),
    "tracking_number": ("text", False),
    "region": ("text", False),
    "line_id": ("text", False),
    "line_title": ("text", False),
    "line_quantity": ("integer", False),
    "line_paid": ("money", True),
    "line_own_price": ("money", False),
    "line_gift": ("boolean", False),
}
LINE_FIELDS = frozenset(name for name in FIELDS if name.startswith("line_"))


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a value comes from: a column, or a constant that every row shares."""

    column: str | None = None
    constant: Plain | None = None
    default: Plain | None = None
    """Used where the cell is empty."""
    type: Kind | None = None
    """For attributes; a field of an order has its own type."""
    unit: Literal["yuan", "fen"] | None = None
    """For money: what the number in the cell counts."""
    format: str | None = None
    """For instants: a strptime format; without it ISO 8601, also `2020-02-21 00:00:02`."""
    words: MappingOf[str, Plain] | None = None
    """Words of the export -> our words. A cell not listed is a finding."""
    prefix: str = ""
    """For text: put before the value, for example to make an identifier of a row number."""


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bilingual title."""

    zh: str
    en: str


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to read one kind of export."""

    mapping: str
    title: Title
    platform: str
    """Whose rules the shop follows: `tmall`, `douyin`, `kuaishou`, …"""
    time_zone: str
    """For times written without an offset, for example `Asia/Shanghai`."""
    rows: Literal["orders", "lines"] = "orders"
    """One row per order, or consecutive rows per order, one for each line."""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    sheet: str | None = None
    """For Excel; None: the first."""
    fields: MappingOf[str, Source]
    attributes: MappingOf[str, Source] = {}
    """Further facts of the order, by the name that a rulebook asks for."""
    ignore: tuple[str, ...] = ()
    """Columns that are known and left out; any other unread column is reported."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without an offset."""
        return ZoneInfo(self.time_zone)

    def columns(self) -> set[str]:
        """Return every column that is read."""
        sources = (*self.fields.values(), *self.attributes.values())
        return {source.column for source in sources if source.column is not None}


def find_mapping(named: Path) -> Path:
    """Return a mapping file: the one at this path, or the shipped one of this name."""
    shipped = SHIPPED / f"{named.name}.yaml"
    return shipped if not named.exists() and shipped.is_file() else named


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises BadInput (mapping.*, yaml.*) with every finding."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise BadInput(
            Finding(
                code="mapping.not_found",
                field="mapping",
                message=Text(f"打不开映射文件 {path}", f"cannot open the mapping {path}"),
                cure=Text(str(fault.strerror), str(fault.strerror)),
            )
        ) from fault
    document = read_yaml(content, str(path))
    try:
        mapping = msgspec.convert(document.data, Mapping)
    except msgspec.ValidationError as fault:
        found = _misformed_sources(document) or [_misformed(str(fault), (), document)]
        raise BadInput(*found) from fault
    if findings := _findings(mapping, document):
        raise BadInput(*findings)
    return mapping


def _misformed_sources(document: Document) -> list[Finding]:
    """Return what is wrong with each field and attribute by itself, so that each is named."""
    found: list[Finding] = []
    whole = _keys(document.data)
    for group in ("fields", "attributes"):
        for name, source in _keys(whole.get(group)).items():
            try:
                msgspec.convert(source, Source)
            except msgspec.ValidationError as fault:
                found.append(_misformed(str(fault), (group, str(name)), document))
    return found


def _keys(data: object) -> MappingOf[object, object]:
    return cast("MappingOf[object, object]", data) if isinstance(data, dict) else {}


def _misformed(said: str, inside: tuple[str, ...], document: Document) -> Finding:
    problem, _, place = said.partition(" - at ")
    rest = place.strip("`").removeprefix("$").lstrip(".")
    path = (*inside, *rest.split(".")) if rest else inside
    return Finding(
        code="mapping.bad_form",
        field=".".join(path) or None,
        message=Text(f"映射文件格式不对：{problem}", f"the mapping: {problem}"),
        cure=Text("对照 docs/how-to/import-orders.md", "compare docs/how-to/import-orders.md"),
        where=document.where(path),
    )


def _findings(mapping: Mapping, document: Document) -> list[Finding]:
    found: list[Finding] = []
    try:
        ZoneInfo(mapping.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(
            _finding(
                "mapping.bad_time_zone",
                ("time_zone",),
                document,
                Text(f"没有时区 {mapping.time_zone}", f"no time zone `{mapping.time_zone}`"),
                Text("例如 Asia/Shanghai", "for example Asia/Shanghai"),
            )
        )
    for name in mapping.fields:
        if name not in FIELDS:
            allowed = ", ".join(FIELDS)
            found.append(
                _finding(
                    "mapping.unknown_field",
                    ("fields", name),
                    document,
                    Text(f"订单没有字段 {name}", f"an order has no field `{name}`"),
                    Text(f"可用字段：{allowed}", f"fields: {allowed}"),
                )
            )
    for name, (_, needed) in FIELDS.items():
        if needed and name not in mapping.fields:
            found.append(
                _finding(
                    "mapping.missing_field",
                    ("fields",),
                    document,
                    Text(f"缺少字段 {name}", f"the field `{name}` is missing"),
                    Text("写明它来自哪一列或固定值", "say which column or constant it comes from"),
                )
            )
    for group, sources in (("fields", mapping.fields), ("attributes", mapping.attributes)):
        for name, source in sources.items():
            found.extend(_source_findings((group, name), source, document))
    return found


def _source_findings(place: tuple[str, str], source: Source, document: Document) -> list[Finding]:
    group, name = place
    found: list[Finding] = []
    if (source.column is None) == (source.constant is None):
        found.append(
            _finding(
                "mapping.no_source",
                place,
                document,
                Text(f"{name} 须且只须写 column 或 constant", f"`{name}`: one of column, constant"),
                Text("二选一", "write exactly one of them"),
            )
        )
    kind = FIELDS[name][0] if group == "fields" and name in FIELDS else source.type
    if group == "fields" and source.type is not None:
        found.append(
            _finding(
                "mapping.type_is_given",
                (*place, "type"),
                document,
                Text(f"字段 {name} 的类型是固定的", f"the type of field `{name}` is fixed"),
                Text("删去 type", "remove `type`"),
            )
        )
    if group == "attributes" and kind is None:
        found.append(
            _finding(
                "mapping.no_type",
                place,
                document,
                Text(f"属性 {name} 没有类型", f"attribute `{name}` has no type"),
                Text(
                    "加上 type: text、integer、money、instant 或 boolean",
                    "add type: text, integer, money, instant or boolean",
                ),
            )
        )
    if kind == "money" and source.column is not None and source.unit is None:
        found.append(
            _finding(
                "mapping.no_unit",
                place,
                document,
                Text(f"金额 {name} 没有单位", f"the amount `{name}` has no unit"),
                Text("加上 unit: yuan 或 unit: fen", "add unit: yuan or unit: fen"),
            )
        )
    return found


def _finding(
    code: str, path: tuple[str, ...], document: Document, message: Text, cure: Text
) -> Finding:
    return Finding(
        code=code, field=".".join(path), message=message, cure=cure, where=document.where(path)
    )
