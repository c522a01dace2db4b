"""Reading decision tables (判定表解析): rows, cells in their short forms, outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.draft import Draft
from gongdao.core.rulebook.expression import Constant, Expression
from gongdao.core.rulebook.literal import how_to_write, read_literal
from gongdao.core.rulebook.model import Cell, HitPolicy, Kind, Operator, Row, Table, TypeOf
from gongdao.core.rulebook.reading import Path, shown
from gongdao.core.rulebook.typed import unknown_name

_PARTIES = ("buyer", "merchant", "platform", "carrier", "insurer")
_COMPARING = (Operator.GE, Operator.LE, Operator.NE, Operator.EQ, Operator.GT, Operator.LT)
_ORDERING = (Operator.GE, Operator.LE, Operator.GT, Operator.LT)
_UNORDERED = (Kind.BOOLEAN, Kind.ENUM, Kind.TEXT)


def declare_outputs(draft: Draft, name: str, data: object) -> dict[str, TypeOf]:
    """Read the `gives` of a table and declare `table.output` for each."""
    path = ("tables", name, "gives")
    raw_table = cast("dict[object, object]", data) if isinstance(data, dict) else {}
    raw = raw_table.get("gives")
    # Several rows of a `collect` table may apply: it has no one output that others could read.
    readable = raw_table.get("hit") != HitPolicy.COLLECT
    gives: dict[str, TypeOf] = {}
    for output, type_data in draft.reader.mapping(raw, path).items():
        if not draft.reader.name(output, (*path, output)):
            continue
        type_ = draft.type_of(type_data, (*path, output))
        if type_ is not None:
            gives[output] = type_
        if type_ is not None and readable:
            draft.declare(f"{name}.{output}", type_, (*path, output))
    _note_months(draft, name, gives, raw_table.get("rows"))
    return gives


def _note_months(draft: Draft, name: str, gives: Mapping[str, TypeOf], rows: object) -> None:
    """Remember the span outputs given in months or working days, before anything compares them."""
    spans = [o for o, t in gives.items() if t.kind is Kind.SPAN]
    for row in cast("list[object]", rows) if spans and isinstance(rows, list) else ():
        then = cast("dict[object, object]", row).get("then") if isinstance(row, dict) else None
        for output in spans if isinstance(then, dict) else ():
            value = cast("dict[object, object]", then).get(output)
            if isinstance(value, str) and ("mo" in value or "workday" in value):
                draft.monthly.add(f"{name}.{output}")


def parse_table(draft: Draft, name: str, data: object, gives: Mapping[str, TypeOf]) -> Table | None:
    """Read one table; None when nothing of it can be used."""
    path: Path = ("tables", name)
    reader = draft.reader
    found = reader.mapping(
        data,
        path,
        allowed=("title", "hit", "gives", "order", "rows"),
        required=("title", "hit", "gives", "rows"),
    )
    title = reader.title(found.get("title"), (*path, "title"))
    hit = reader.one_of(found.get("hit"), (*path, "hit"), HitPolicy)
    rows: list[Row] = []
    seen: set[str] = set()
    for index, raw in enumerate(reader.items(found.get("rows"), (*path, "rows"))):
        row = _row(draft, raw, (*path, "rows", index), gives)
        if row is None:
            continue
        if row.id in seen:
            reader.report(
                (*path, "rows", index, "id"),
                "rules.row_twice",
                Text(f"行号“{row.id}”重复", f"the row id `{row.id}` is used twice"),
                Text("请换一个行号", "choose another id"),
            )
        seen.add(row.id)
        rows.append(row)
    order = _order(draft, found.get("order"), (*path, "order"), gives)
    if hit is None:
        return None
    return Table(name=name, title=title, hit=hit, gives=dict(gives), rows=tuple(rows), order=order)


def _row(draft: Draft, data: object, path: Path, gives: Mapping[str, TypeOf]) -> Row | None:
    reader = draft.reader
    found = reader.mapping(
        data,
        path,
        allowed=("id", "title", "when", "then", "cite", "exempt"),
        required=("id", "when", "then", "cite"),
    )
    row_id = draft.identifier(found.get("id"), (*path, "id"))
    alternatives = _when(draft, found.get("when"), (*path, "when"))
    then = _then(draft, found.get("then"), (*path, "then"), gives)
    cite = draft.cite(found.get("cite"), (*path, "cite"))
    title = found.get("title")
    if row_id is None:
        return None
    return Row(
        id=row_id,
        alternatives=alternatives,
        then=then,
        cite=cite,
        title=None if title is None else reader.title(title, (*path, "title")),
        exempt=reader.words(found.get("exempt", []), (*path, "exempt")),
        line=reader.line(path),
    )


def _when(draft: Draft, data: object, path: Path) -> tuple[tuple[Cell, ...], ...]:
    if isinstance(data, list):
        options = cast("list[object]", data)
        if not options:
            draft.reader.wrong(path, options, Text("至少一个条件表", "at least one mapping"))
        return tuple(_cells(draft, o, (*path, i)) for i, o in enumerate(options))
    return (_cells(draft, data, path),)


def _cells(draft: Draft, data: object, path: Path) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for name, raw in draft.reader.mapping(data, path).items():
        here = (*path, name)
        type_ = draft.names.get(name)
        if type_ is None:
            fault = unknown_name(name, draft.names)
            draft.reader.report(here, "rules.unknown_name", fault.text, fault.cure)
            continue
        cell = _cell(draft, name, raw, type_, here)
        if cell is not None:
            cells.append(cell)
    return tuple(cells)


def _cell(draft: Draft, name: str, data: object, type_: TypeOf, path: Path) -> Cell | None:
    """Read one condition in any of its short forms."""
    if isinstance(data, list):
        return _members(draft, name, Operator.IN, cast("list[object]", data), type_, path)
    if isinstance(data, str):
        text = data.strip()
        if text in (Operator.KNOWN, Operator.UNKNOWN):
            return Cell(name=name, operator=Operator(text), operands=())
        for prefix, operator in (("not in", Operator.NOT_IN), ("in", Operator.IN)):
            rest = text.removeprefix(prefix).strip()
            if text.startswith(prefix) and rest.startswith("[") and rest.endswith("]"):
                members: list[object] = [m.strip() for m in rest[1:-1].split(",")]
                return _members(draft, name, operator, members, type_, path)
        for operator in _COMPARING:
            if text.startswith(operator):
                rest = text.removeprefix(operator).strip()
                cell = Cell(name=name, operator=operator, operands=())
                return _compared(draft, cell, rest, type_, path)
    operand = _constant(draft, data, type_, path)
    return operand and Cell(name=name, operator=Operator.EQ, operands=(operand,))


def _members(
    draft: Draft, name: str, operator: Operator, data: list[object], type_: TypeOf, path: Path
) -> Cell | None:
    if not data:
        draft.reader.wrong(path, data, Text("至少一个词", "at least one word"))
    if type_.kind in (Kind.SPAN, Kind.MONEY, Kind.INSTANT) and name in draft.monthly:
        draft.reader.wrong(path, data, Text("比较", "a comparison"))
    found = [_constant(draft, d, type_, (*path, i)) for i, d in enumerate(data)]
    operands = tuple(o for o in found if o is not None)
    return Cell(name=name, operator=operator, operands=operands) if operands else None


def _compared(draft: Draft, cell: Cell, text: str, type_: TypeOf, path: Path) -> Cell | None:
    """Read the right side of a comparison: a literal of the type, or an expression."""
    if cell.operator in _ORDERING and type_.kind in _UNORDERED:
        draft.reader.report(
            path,
            "rules.no_order",
            Text(f"“{cell.name}”没有大小之分", f"`{cell.name}` has no order"),
            Text("请用 == 或 !=", "use == or !="),
        )
        return None
    value = read_literal(_truth(text), type_, draft.enums)
    months = isinstance(value, Span) and any(value.of_calendar)
    if value is not None and not months and cell.name not in draft.monthly:
        operand: Expression | None = Constant(value, type_.kind)
    else:
        # Checked as the whole comparison, so that months and mixed types are refused alike.
        whole = draft.expression(f"{cell.name} {cell.operator} ({text})", path, None)
        operand = getattr(whole, "right", None)
    return operand and Cell(name=cell.name, operator=cell.operator, operands=(operand,))


def _truth(text: str) -> object:
    """Read `true` and `false` inside a comparison as the booleans they are."""
    return {"true": True, "false": False}.get(text, text)


def _constant(draft: Draft, data: object, type_: TypeOf, path: Path) -> Constant | None:
    value = read_literal(data, type_, draft.enums)
    if value is None:
        draft.reader.report(
            path,
            "rules.bad_value",
            Text(f"“{shown(data)}”不是合适的值", f"`{shown(data)}` is not a value that fits here"),
            how_to_write(type_, draft.enums),
        )
        return None
    return Constant(value, type_.kind)


def _then(
    draft: Draft, data: object, path: Path, gives: Mapping[str, TypeOf]
) -> dict[str, Expression]:
    then: dict[str, Expression] = {}
    for output, raw in draft.reader.mapping(data, path, allowed=tuple(gives)).items():
        here = (*path, output)
        type_ = gives[output]
        if isinstance(raw, str) and raw.lstrip().startswith("="):
            found = draft.expression(raw.lstrip()[1:], here, type_)
        else:
            found = _constant(draft, raw, type_, here)
        if found is not None:
            then[output] = found
    return then


def _order(
    draft: Draft, data: object, path: Path, gives: Mapping[str, TypeOf]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Read, per party and output, the values from worst to best."""
    order: dict[str, dict[str, tuple[str, ...]]] = {}
    if data is None:
        return order
    for party, outputs in draft.reader.mapping(data, path, allowed=_PARTIES).items():
        order[party] = {}
        here = (*path, party)
        for output, raw in draft.reader.mapping(outputs, here, allowed=tuple(gives)).items():
            words = draft.reader.words(raw, (*here, output))
            type_ = gives[output]
            if type_.kind is Kind.ENUM:
                for index, word in enumerate(words):
                    _constant(draft, word, type_, (*here, output, index))
            order[party][output] = words
    return order
