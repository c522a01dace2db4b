"""What is wanting (还缺什么): the unknown facts that keep something open, and no others.

Branches not taken, tests whether a fact `is known`, and parts already settled want nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from gongdao.core.rulebook.calculate import Run, settled
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.program import Program


def wanting(program: Program, run: Run, parts: Iterable[Expression]) -> tuple[str, ...]:
    """Return the unknown facts and unset parameters behind what is open in `parts`, in order."""
    search = _Search(program, run)
    for part in parts:
        search.expression(part)
    return tuple(search.found)


class _Search:
    def __init__(self, program: Program, run: Run) -> None:
        self.found: dict[str, None] = {}
        self._program = program
        self._run = run
        self._seen: set[str] = set()

    def expression(self, node: Expression) -> None:
        match node:
            case Constant() | Unary("known"):
                return
            case Name():
                self._name(node.name)
            case Unary():
                self.expression(node.operand)
            case Binary("and" | "or"):
                for side in (node.left, node.right):
                    if self._truth(side) is None:
                        self.expression(side)
            case Binary():
                self.expression(node.left)
                self.expression(node.right)
            case Call():
                for argument in node.arguments:
                    self.expression(argument)
            case Choice():
                self._choice(node)

    def _choice(self, node: Choice) -> None:
        taken = self._truth(node.condition)
        if taken is None:
            self.expression(node.condition)
        if taken is not False:
            self.expression(node.then)
        if taken is not True:
            self.expression(node.otherwise)

    def _truth(self, condition: Expression) -> object:
        return self._program.condition(condition)(self._run)

    def _name(self, name: str) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        book = self._program.book
        if name in book.facts:
            if self._run.get(name) is None:
                self.found[name] = None
        elif name in book.parameters:
            if book.parameters[name].value is None:
                self.found[name] = None
        elif settled(self._program.value(name, self._run)) is None:
            if name in book.formulas:
                self.expression(book.formulas[name].expression)
                return
            verdict = self._program.tables[name.partition(".")[0]].judge(self._run)
            for part in verdict.open_parts(self._run):
                self.expression(part)
