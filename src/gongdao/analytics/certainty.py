"""Certainty in bulk (确知): which values are known in every case of a relation.

A fact whose column holds no null is known in all cases; what is computed from known values alone
is known too. A row of a table that rests on known values is never left open, so that the query need
not ask whether it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Cell, Operator, Row, Rulebook


@dataclass(slots=True)
class Certainty:
    """Tells what is known in every case, given the facts that are."""

    book: Rulebook
    facts: frozenset[str]
    _names: dict[str, bool] = field(default_factory=dict[str, bool])

    def name(self, name: str) -> bool:
        """Tell whether a fact, parameter or formula is known in every case; outputs never are."""
        found = self._names.get(name)
        if found is None:
            book = self.book
            if name in book.facts:
                found = name in self.facts
            elif name in book.parameters:
                found = book.parameters[name].value is not None
            elif name in book.formulas:
                found = self.expression(book.formulas[name].expression)
            else:
                found = False
            self._names[name] = found
        return found

    def expression(self, node: Expression) -> bool:
        """Tell whether an expression has a value in every case."""
        match node:
            case Constant():
                return True
            case Name():
                return self.name(node.name)
            case Unary():
                return node.operator == "known" or self.expression(node.operand)
            case Binary():
                if node.operator == "/" and not (
                    isinstance(node.right, Constant) and node.right.value
                ):
                    return False  # division by zero is unknown
                return self.expression(node.left) and self.expression(node.right)
            case Call():
                return all(self.expression(a) for a in node.arguments)
            case Choice():
                return all(self.expression(e) for e in (node.condition, node.then, node.otherwise))

    def cell(self, cell: Cell) -> bool:
        """Tell whether a condition is true or false in every case."""
        if cell.operator in (Operator.KNOWN, Operator.UNKNOWN):
            return True
        return self.name(cell.name) and all(self.expression(o) for o in cell.operands)

    def row(self, row: Row) -> bool:
        """Tell whether a row applies or does not in every case, and is never open."""
        return all(self.cell(cell) for cells in row.alternatives for cell in cells)
