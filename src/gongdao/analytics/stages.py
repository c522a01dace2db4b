"""Stages of a query (分步): columns added one layer upon another, each computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import ibis.expr.operations as ops

from gongdao.analytics.intake import Intake
from gongdao.analytics.meaning import Meaning, Moment, Writer, compared, given, missing, parameter
from gongdao.analytics.number import Column, Number, opposite
from gongdao.analytics.plan import Plan, reached, uses
from gongdao.analytics.verdict import Truths
from gongdao.core.rulebook.dependencies import names_of_table
from gongdao.core.rulebook.expression import Constant, Expression, Name
from gongdao.core.rulebook.model import Cell, Operator, Rulebook, Table

#: Columns that the compiled query adds start so; names of a rulebook start with a letter.
OWN = "_g"


class Stages:
    """A relation that grows by stages, and the values that stand in its columns."""

    def __init__(
        self, book: Rulebook, intake: Intake, asked: str, consult: Callable[[str], None]
    ) -> None:
        self.relation: Any = intake.relation
        self._book = book
        self._consult = consult
        self._kept: dict[Expression, Meaning] = {Name(n): m for n, m in intake.facts.items()}
        self._conditions: dict[Cell, Column] = {}
        self._used = uses(book, asked)
        self._writer = Writer(self._named, self._held)
        self._marks = 0

    def reads(self, name: str) -> bool:
        """Tell whether a name is read on the way to the answer."""
        return name in self._used

    def value(self, expression: Expression) -> Meaning:
        """Return an expression over the relation as it stands."""
        return self._writer.of(expression)

    def add(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """Add a stage of columns and return them."""
        if columns:
            self.relation = self.relation.mutate(**columns)
        return {name: self.relation[name] for name in columns}

    def here_all(self, truths: Truths) -> Truths:
        """Return the same truths over the relation as it stands."""
        return Truths([self._here(c) for c in truths.columns], truths.open_rows)

    def keep(self, meanings: Mapping[Expression, Meaning]) -> None:
        """Remember values that need no columns."""
        self._kept |= meanings

    def store(self, meanings: Mapping[Expression, Meaning]) -> None:
        """Add values as one stage of columns, and read them from there from now on."""
        columns: dict[str, Column] = {}
        places: dict[Expression, str] = {}
        for node, meaning in meanings.items():
            self._marks += 1
            places[node] = f"{OWN}v{self._marks}"
            columns |= {f"{places[node]}_{part}": c for part, c in _parts(meaning).items()}
        self.add(columns)
        for node, meaning in meanings.items():
            parts = {part: self.relation[f"{places[node]}_{part}"] for part in _parts(meaning)}
            self._kept[node] = _read_from(meaning, parts)

    def prepare(self, table: Table) -> None:
        """Stage what a table's rows rest on, innermost first.

        Tables that it reads are answered; formulas that are read more than once, amounts that are
        given, and operands that an operation would write several times become columns.
        """
        for name in reached(self._book, names_of_table(table)):
            if name not in self._book.formulas and "." in name:
                self._consult(name.partition(".")[0])
        plan = Plan(self._book, self._used, self._kept)
        for row in table.rows:
            for cell in (c for cells in row.alternatives for c in cells):
                plan.visit(Name(cell.name))
                for operand in cell.operands:
                    plan.visit(operand)
            for expression in row.then.values():
                plan.hold(expression)
        for layer in plan.layers():
            self.store({node: self.value(self._unfolded(node)) for node in layer})

    def _unfolded(self, node: Expression) -> Expression:
        """Return what a formula's name stands for."""
        formula = self._book.formulas.get(node.name) if isinstance(node, Name) else None
        return node if formula is None else formula.expression

    def add_conditions(self, cells: Iterable[Cell], mark: str) -> None:
        """Stage the conditions that several rows ask."""
        counted = Counter(cells)
        repeated = [c for c, times in counted.items() if times > 1 and not self._plain(c)]
        columns = {f"{mark}_c{i}": self._condition(c) for i, c in enumerate(repeated)}
        staged = self.add(columns)
        self._conditions |= dict(zip(repeated, staged.values(), strict=True))

    def condition(self, cell: Cell) -> Column:
        """Return the truth of a condition."""
        found = self._conditions.get(cell)
        return self._condition(cell) if found is None else self._here(found)

    def _plain(self, cell: Cell) -> bool:
        return cell.operator in (Operator.KNOWN, Operator.UNKNOWN)

    def _condition(self, cell: Cell) -> Column:
        value = self.value(Name(cell.name))
        if cell.operator is Operator.KNOWN:
            return given(value)
        if cell.operator is Operator.UNKNOWN:
            return missing(value)
        if cell.operator not in (Operator.IN, Operator.NOT_IN):
            return compared(cell.operator.value, value, self.value(cell.operands[0]))
        wanted = cell.operator is Operator.IN
        words = [o.value for o in cell.operands if isinstance(o, Constant)]
        if len(words) == len(cell.operands) and not isinstance(value, Number | Moment):
            return value.isin(words) if wanted else value.notin(words)
        found = _among(value, [self.value(o) for o in cell.operands])
        return found if wanted else opposite(found)

    def _held(self, node: Expression) -> Meaning | None:
        """Return what an expression was stored as, over the relation as it stands."""
        kept = self._kept.get(node)
        return None if kept is None else self._moved(kept)

    def _named(self, name: str) -> Meaning:
        """Return the value of a parameter or a formula; facts and outputs are held."""
        if name in self._book.parameters:
            return parameter(self._book.parameters[name])
        return self._writer.of(self._book.formulas[name].expression)

    def _moved(self, meaning: Meaning) -> Meaning:
        if isinstance(meaning, Moment):
            return Moment(self._moved_number(meaning.micros), meaning.months)
        if isinstance(meaning, Number):
            return self._moved_number(meaning)
        return self._here(meaning)

    def _moved_number(self, value: Number) -> Number:
        below = value.denominator
        return replace(
            value,
            numerator=self._here(value.numerator),
            denominator=below if isinstance(below, int) else self._here(below),
        )

    def _here(self, column: Column) -> Column:
        operation = column.op()
        return self.relation[operation.name] if isinstance(operation, ops.Field) else column


def _among(value: Meaning, operands: list[Meaning]) -> Column:
    tests = [compared("==", value, operand) for operand in operands]
    found = tests[0]
    for test in tests[1:]:
        found = found | test
    return found


def _parts(meaning: Meaning) -> dict[str, Column]:
    """Return the columns that a value is stored in; a literal needs none."""
    if isinstance(meaning, Moment):
        return _parts(meaning.micros)
    if not isinstance(meaning, Number):
        return {"w": meaning}
    if meaning.exact is not None:
        return {}
    if isinstance(meaning.denominator, int):
        return {"n": meaning.numerator}
    return {"n": meaning.numerator, "d": meaning.denominator}


def _read_from(meaning: Meaning, parts: Mapping[str, Column]) -> Meaning:
    """Return a value as it is read from the columns it was stored in."""
    if not parts:
        return meaning
    if isinstance(meaning, Moment):
        return replace(meaning, micros=_number_from(meaning.micros, parts))
    return _number_from(meaning, parts) if isinstance(meaning, Number) else parts["w"]


def _number_from(value: Number, parts: Mapping[str, Column]) -> Number:
    return replace(value, numerator=parts["n"], denominator=parts.get("d", value.denominator))
