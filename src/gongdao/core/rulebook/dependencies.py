"""What depends on what (依赖): names in expressions, and cycles among formulas and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Formula, Rulebook, Table
from gongdao.core.rulebook.reading import Reader


def names_in(node: Expression) -> Iterator[str]:
    """Yield every name of an expression, left to right."""
    match node:
        case Constant():
            return
        case Name():
            yield node.name
        case Unary():
            yield from names_in(node.operand)
        case Binary():
            yield from names_in(node.left)
            yield from names_in(node.right)
        case Call():
            for argument in node.arguments:
                yield from names_in(argument)
        case Choice():
            yield from names_in(node.condition)
            yield from names_in(node.then)
            yield from names_in(node.otherwise)


def names_of_table(table: Table) -> Iterator[str]:
    """Yield every name that a table's cells and outputs read, in row order."""
    for row in table.rows:
        for cells in row.alternatives:
            for cell in cells:
                yield cell.name
                for operand in cell.operands:
                    yield from names_in(operand)
        for output in row.then.values():
            yield from names_in(output)


def facts_behind(book: Rulebook, name: str) -> tuple[str, ...]:
    """Return the facts and parameters that a name rests on, in order, without repetition."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    _walk(book, name, found, seen)
    return tuple(found)


def _walk(book: Rulebook, name: str, found: dict[str, None], seen: set[str]) -> None:
    if name in seen:
        return
    seen.add(name)
    if name in book.facts or name in book.parameters:
        found[name] = None
    elif name in book.formulas:
        for inner in names_in(book.formulas[name].expression):
            _walk(book, inner, found, seen)
    elif name.partition(".")[0] in book.tables:
        for inner in names_of_table(book.tables[name.partition(".")[0]]):
            _walk(book, inner, found, seen)


def report_cycles(
    reader: Reader, formulas: Mapping[str, Formula], tables: Mapping[str, Table | None]
) -> None:
    """Report formulas and tables that need their own answer."""
    # A fact may bear the name of a table, so tables are told apart by the dot of their outputs.
    edges = {f.name: [_node(n) for n in names_in(f.expression)] for f in formulas.values()}
    for name, table in tables.items():
        if table is not None:
            edges[f"{name}."] = [_node(n) for n in names_of_table(table)]
    done: set[str] = set()
    for node in edges:
        if _returns(node, edges, [], done):
            name = node.removesuffix(".")
            path = ("tables" if node.endswith(".") else "formulas", name)
            reader.report(
                path,
                "rules.cycle",
                Text(f"“{name}”依赖自身的结果", f"`{name}` depends on its own answer"),
                Text("请断开循环", "break the cycle"),
            )


def _node(name: str) -> str:
    table, dot, _ = name.partition(".")
    return f"{table}{dot}"


def _returns(name: str, edges: Mapping[str, list[str]], trail: list[str], done: set[str]) -> bool:
    """Tell whether following the edges from `name` meets a name on the trail."""
    if name in trail:
        return True
    if name in done or name not in edges:
        return False
    trail.append(name)
    found = any(_returns(inner, edges, trail, done) for inner in edges[name])
    trail.pop()
    done.add(name)
    return found
