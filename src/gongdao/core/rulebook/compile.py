"""Compiling tables (编译): one Python function a table, straight down its rows.

Every distinct condition is computed once, at the first row that asks it; rows then combine plain
locals. Rows stay in order, a `first` table returns at the row that applies, and rows that failed by
exactly one condition are noted on the way, so that the explanation costs almost nothing.
The source holds only our own identifiers; every value of the book is passed in by reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongdao.core.rulebook.calculate import Calculation, Calculator, Run
from gongdao.core.rulebook.expression import Constant
from gongdao.core.rulebook.model import Cell, HitPolicy, Kind, Operator, Rulebook, Table
from gongdao.core.rulebook.operations import BINARY

#: Rows that applied, rows left open, near misses as (row, alternative, cell).
Judged = tuple[list[int], list[int], list[tuple[int, int, int]]]

_INLINE = (Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.INSTANT, Kind.ENUM, Kind.TEXT)


@dataclass(slots=True)
class _Writer:
    book: Rulebook
    calculator: Calculator
    lines: list[str] = field(default_factory=list[str])
    globals: dict[str, Any] = field(default_factory=dict[str, Any])
    locals: dict[str, str] = field(default_factory=dict[str, str])
    """Name of the book -> local variable that holds its value."""
    conditions: dict[Cell, str] = field(default_factory=dict[Cell, str])

    def refer(self, value: object) -> str:
        """Pass a value in, and return the identifier that stands for it."""
        name = f"k{len(self.globals)}"
        self.globals[name] = value
        return name

    def value(self, name: str) -> str:
        """Return the local that holds the value of a name, computing it at first use."""
        found = self.locals.get(name)
        if found is None:
            found = self.locals[name] = f"v{len(self.locals)}"
            if name in self.book.facts:
                self.lines.append(f"    {found} = get({name!r})")
            else:
                calculation = self.refer(self.calculator.of_name(name))
                self.lines.append(f"    {found} = {calculation}(run)")
        return found

    def condition(self, cell: Cell) -> str:
        """Return the local that holds a cell's truth: True, False or None."""
        found = self.conditions.get(cell)
        if found is None:
            text = self._test(cell)
            found = self.conditions[cell] = f"c{len(self.conditions)}"
            self.lines.append(f"    {found} = {text}")
        return found

    def _test(self, cell: Cell) -> str:
        value = self.value(cell.name)
        if cell.operator is Operator.KNOWN:
            return f"{value} is not None"
        if cell.operator is Operator.UNKNOWN:
            return f"{value} is None"
        plain = all(isinstance(o, Constant) and o.kind in _INLINE for o in cell.operands)
        if cell.operator in (Operator.IN, Operator.NOT_IN):
            if not plain:
                return f"{self.refer(cell_truth(cell, self.calculator))}(run)"
            members = frozenset(o.value for o in cell.operands if isinstance(o, Constant))
            return (
                f"None if {value} is None else {value} {cell.operator.value} {self.refer(members)}"
            )
        if plain and isinstance(cell.operands[0], Constant):
            constant = cell.operands[0].value
            operand = repr(constant) if type(constant) in (int, str) else self.refer(constant)
            return f"None if {value} is None else {value} {cell.operator.value} {operand}"
        operation = self.refer(BINARY[cell.operator.value])
        calculation = self.refer(self.calculator.of(cell.operands[0]))
        return f"{operation}({value}, {calculation}(run))"


def compile_table(table: Table, book: Rulebook, calculator: Calculator) -> Callable[[Run], Judged]:
    """Return a function that says which rows of `table` apply, stay open, or nearly applied."""
    writer = _Writer(book, calculator)
    writer.lines += ["def judge(run):", "    get = run.get", "    hit, open_, near = [], [], []"]
    for index, row in enumerate(table.rows):
        if len(row.alternatives) == 1 or () in row.alternatives:
            cells = () if () in row.alternatives else row.alternatives[0]
            _single(writer, index, cells, first=table.hit is HitPolicy.FIRST)
        else:
            _several(writer, index, row.alternatives, first=table.hit is HitPolicy.FIRST)
    writer.lines.append("    return hit, open_, near")
    source = "\n".join(writer.lines)
    exec(compile(source, f"<table {table.name}>", "exec"), writer.globals)  # noqa: S102  our own source
    return writer.globals["judge"]


def _applies(index: int, *, first: bool) -> str:
    found = f"hit.append({index})"
    return f"{found}; return hit, open_, near" if first else found


def _single(writer: _Writer, index: int, cells: tuple[Cell, ...], *, first: bool) -> None:
    """A row of one conjunction: applies, stays open, or is ruled out."""
    truths = [writer.condition(cell) for cell in cells]
    if not truths:
        writer.lines.append(f"    {_applies(index, first=first)}")
        return
    writer.lines.append(f"    if {' and '.join(truths)}: {_applies(index, first=first)}")
    possible = " and ".join(f"{t} is not False" for t in truths)
    writer.lines.append(f"    elif {possible}: open_.append({index})")
    writer.lines.append(f"    {_near(index, 0, truths, 'elif')}")


def _near(index: int, option: int, truths: list[str], keyword: str) -> str:
    """Note a conjunction in which one condition is false and all the others true."""
    if len(truths) == 1:
        condition, cell = f"{truths[0]} is False", "0"
    else:
        condition = f"{' + '.join(f'(not {t})' for t in truths)} == 1"
        cell = " ".join(f"{i} if not {t} else" for i, t in enumerate(truths[:-1]))
        cell = f"{cell} {len(truths) - 1}"
    return f"{keyword} {condition}: near.append(({index}, {option}, {cell}))"


def _several(
    writer: _Writer, index: int, options: tuple[tuple[Cell, ...], ...], *, first: bool
) -> None:
    """A row of several alternatives: applies when any does, is ruled out when all are."""
    truths = [[writer.condition(cell) for cell in cells] for cells in options]
    whole = [" and ".join(t) for t in truths]
    possible = [" and ".join(f"{x} is not False" for x in t) for t in truths]
    writer.lines.append(
        f"    if {' or '.join(f'({w})' for w in whole)}: {_applies(index, first=first)}"
    )
    writer.lines.append(
        f"    elif {' or '.join(f'({p})' for p in possible)}: open_.append({index})"
    )
    writer.lines.append("    else:")
    for option, alternative in enumerate(truths):
        writer.lines.append(f"        {_near(index, option, alternative, 'if')}")


def cell_truth(cell: Cell, calculator: Calculator) -> Calculation:
    """Return the truth of one cell, for the slow path that says which facts are wanting."""
    value = calculator.of_name(cell.name)
    if cell.operator is Operator.KNOWN:
        return lambda run: value(run) is not None
    if cell.operator is Operator.UNKNOWN:
        return lambda run: value(run) is None
    operands = [calculator.of(o) for o in cell.operands]
    if cell.operator in (Operator.IN, Operator.NOT_IN):
        wanted = cell.operator is Operator.IN
        same = BINARY["=="]
        return lambda run: (
            None
            if (v := value(run)) is None
            else any(same(v, member(run)) for member in operands) is wanted
        )
    operation = BINARY[cell.operator.value]
    return lambda run: operation(value(run), operands[0](run))
