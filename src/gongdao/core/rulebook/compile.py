"""Compiling tables (编译): one Python function a table, straight down its rows.

Every distinct condition is computed once, at the first row that asks it; rows then branch on plain
locals, and are left at the second condition that is false. Rows stay in order, a `first` table
returns at the row that applies, and rows that failed by exactly one condition are noted on the way
with the value that is in hand, so that the explanation costs almost nothing.
The source holds only our own identifiers; every value of the book is passed in by reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongdao.core.rulebook.answer import NearMiss
from gongdao.core.rulebook.calculate import Calculation, Calculator, Run, settled
from gongdao.core.rulebook.expression import Constant, Name
from gongdao.core.rulebook.inline import Inliner
from gongdao.core.rulebook.model import Cell, HitPolicy, Kind, Operator, Row, Rulebook, Table
from gongdao.core.rulebook.operations import BINARY
from gongdao.core.rulebook.written import write_condition

#: Rows that applied, rows left open, near misses (none when they are not asked for).
Judged = tuple[list[int], list[int], list[NearMiss]]

_DEEPEST = 40
"""Conditions of a row that may branch one within another: Python allows 100 levels."""

_INLINE = (Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.INSTANT, Kind.ENUM, Kind.TEXT)


@dataclass(slots=True)
class _Writer:
    book: Rulebook
    calculator: Calculator
    lines: list[str] = field(default_factory=list[str])
    globals: dict[str, Any] = field(default_factory=dict[str, Any])
    words: dict[str, str] = field(default_factory=dict[str, str])
    """Text passed in -> the identifier that stands for it."""
    locals: dict[str, str] = field(default_factory=dict[str, str])
    """Name of the book -> local variable that holds its value."""
    conditions: dict[Cell, str] = field(default_factory=dict[Cell, str])
    noting: str | None = None
    """The table whose near misses are noted; None: they are not."""
    inliner: Inliner = field(init=False)

    def __post_init__(self) -> None:
        self.inliner = Inliner(self.book, self.refer, self.calculator.of, self.lines)

    def refer(self, value: object) -> str:
        """Pass a value in, and return the identifier that stands for it."""
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        name = f"k{len(self.globals)}"
        self.globals[name] = value
        if isinstance(value, str):
            self.words[value] = name
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

    def near(self, row: Row, cell: Cell) -> str | None:
        """Return the statement that notes that `row` failed by `cell` alone."""
        if self.noting is None:
            return None
        was = self.locals[cell.name]
        formula = self.book.formulas.get(cell.name)
        if formula is not None and formula.type.kind is Kind.SPAN:
            was = f"settled({was})"
        parts = (self.noting, row.id, cell.name, write_condition(cell))
        named = ", ".join(self.refer(part) for part in parts)
        return f"near.append(new(Near, ({named}, {was})))"

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
        inliner, wanted = self.inliner, cell.operands[0]
        plain = inliner.plain(Name(cell.name)) and inliner.plain(wanted)
        return inliner.operation(
            cell.operator.value, value, inliner.write(wanted, "    "), plain=plain
        )


def compile_table(
    table: Table, book: Rulebook, calculator: Calculator, *, near: bool
) -> Callable[[Run], Judged]:
    """Return a function that says which rows of `table` apply, stay open, or came `near`.

    Near misses take time: a table that another one consults is judged without them.
    """
    writer = _Writer(book, calculator, noting=table.name if near else None)
    writer.globals |= {"new": tuple.__new__, "Near": NearMiss, "settled": settled}  # pyright: ignore[reportUnknownMemberType]
    writer.lines += ["def judge(run):", "    get = run.get", "    hit, open_, near = [], [], []"]
    for index, row in enumerate(table.rows):
        applies = f"hit.append({index})"
        if table.hit is HitPolicy.FIRST:
            applies = f"{applies}; return hit, open_, near"
        if () in row.alternatives:
            writer.lines.append(f"    {applies}")
        elif len(row.alternatives) == 1 and len(row.alternatives[0]) <= _DEEPEST:
            truths = [writer.condition(cell) for cell in row.alternatives[0]]
            _one(writer, index, list(zip(row.alternatives[0], truths, strict=True)), row, applies)
        else:
            _several(writer, index, row, applies)
    writer.lines.append("    return hit, open_, near")
    source = "\n".join(writer.lines)
    exec(compile(source, f"<table {table.name}>", "exec"), writer.globals)  # noqa: S102  our own source
    return writer.globals["judge"]


def _one(
    writer: _Writer,
    index: int,
    tests: list[tuple[Cell, str]],
    row: Row,
    applies: str,
    indent: str = "    ",
) -> None:
    """A row of one conjunction: applies, stays open, or is ruled out by one test or by more.

    Writes what becomes of the row when every test before `tests` is true.
    """
    (cell, truth), rest = tests[0], tests[1:]
    writer.lines.append(f"{indent}if {truth}:")
    if rest:
        _one(writer, index, rest, row, applies, f"{indent}    ")
    else:
        writer.lines.append(f"{indent}    {applies}")
    missed = writer.near(row, cell)
    if missed is not None:
        whole = " and ".join(t for _, t in rest) or "True"
        writer.lines.append(f"{indent}elif {truth} is False:")
        writer.lines.append(f"{indent}    if {whole}: {missed}")
    possible = " and ".join([f"{truth} is None", *(f"{t} is not False" for _, t in rest)])
    writer.lines.append(f"{indent}elif {possible}: open_.append({index})")


def _several(writer: _Writer, index: int, row: Row, applies: str) -> None:
    """A row of several alternatives: applies when any does, is ruled out when all are."""
    truths = [[writer.condition(cell) for cell in cells] for cells in row.alternatives]
    whole = " or ".join(f"({' and '.join(t)})" for t in truths)
    possible = " or ".join(f"({' and '.join(f'{x} is not False' for x in t)})" for t in truths)
    writer.lines.append(f"    if {whole}: {applies}")
    writer.lines.append(f"    elif {possible}: open_.append({index})")
    if writer.noting is None:
        return
    writer.lines.append("    else:")
    for cells, option in zip(row.alternatives, truths, strict=True):
        writer.lines.append(f"        if {' + '.join(f'(not {t})' for t in option)} == 1:")
        for place, (cell, truth) in enumerate(zip(cells, option, strict=True)):
            keyword = "elif" if place else "if"
            writer.lines.append(f"            {keyword} not {truth}: {writer.near(row, cell)}")


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
