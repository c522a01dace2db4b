"""Expressions as source (内联): an expression of a rulebook as a few plain lines of Python.

The source holds only our own identifiers; every value of the book is passed in by reference.
Unknown is None. Both sides of a comparison are computed even when one is unknown, so that what an
answer read does not depend on which side stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Kind, Rulebook
from gongdao.core.rulebook.operations import BINARY, CALLS, Loose, add, moved_by, negate, subtract

_COMPARED = ("==", "!=", "<", "<=", ">", ">=")
_MOST_DAYS = 100 * 366


@dataclass(slots=True)
class Inliner:
    """Writes expressions of one rulebook as lines; they read facts by `get`, the rest of `run`."""

    book: Rulebook
    refer: Callable[[object], str]
    """Passes a value in, and returns the identifier that stands for it."""
    of: Callable[[Expression], Callable[[Any], Loose]]
    """Returns the calculation of an expression, for what is not written out."""
    lines: list[str]
    _temporaries: int = field(default=0)

    def write(self, node: Expression, indent: str) -> str:
        """Append the lines that compute `node`; return the identifier of its value."""
        match node:
            case Constant():
                return self.refer(node.value)
            case Name():
                return self._name(node, indent)
            case Unary("known"):
                return self._held(f"{self.write(node.operand, indent)} is not None", indent)
            case Unary("not"):
                inner = self.write(node.operand, indent)
                return self._held(f"None if {inner} is None else not {inner}", indent)
            case Unary():
                inner = self.write(node.operand, indent)
                return self._held(f"{self.refer(negate)}({inner})", indent)
            case Binary("and" | "or"):
                return self._joined(node, indent)
            case Binary("+" | "-") if (by := self._fixed(node)) is not None:
                inner = self.write(node.left, indent)
                return self._held(f"{self.refer(moved_by)}({inner}, {self.refer(by)})", indent)
            case Binary():
                one, two = self.write(node.left, indent), self.write(node.right, indent)
                plain = self.plain(node.left) and self.plain(node.right)
                return self._held(self.operation(node.operator, one, two, plain=plain), indent)
            case Call():
                arguments = ", ".join([self.write(a, indent) for a in node.arguments])
                return self._held(f"{self.refer(CALLS[node.function])}({arguments})", indent)
            case Choice():
                return self._choice(node, indent)

    def operation(self, operator: str, one: str, two: str, *, plain: bool) -> str:
        """Return the source of an operation; `plain`: neither side can be a span of time."""
        if operator in _COMPARED and plain:
            return f"None if {one} is None or {two} is None else {one} {operator} {two}"
        if operator in ("+", "-"):
            move = self.refer(add if operator == "+" else subtract)
            return f"{move}({one}, {two}, {self.refer(self.book.calendar)})"
        return f"{self.refer(BINARY[operator])}({one}, {two})"

    def plain(self, node: Expression) -> bool:
        """Tell whether an expression is known to have another kind than a span of time."""
        match node:
            case Constant():
                return node.kind != Kind.SPAN
            case Name():
                return kind_of(self.book, node.name) not in (Kind.SPAN, None)
            case _:
                return False

    def _fixed(self, node: Binary) -> timedelta | None:
        """Return by how much an instant moves, where every case moves it by the same length."""
        instant, span = node.left, node.right
        if not isinstance(instant, Name) or kind_of(self.book, instant.name) is not Kind.INSTANT:
            return None
        parameter = self.book.parameters.get(span.name) if isinstance(span, Name) else None
        value = span.value if isinstance(span, Constant) else parameter and parameter.value
        if not isinstance(value, Span) or value.months or value.workdays:
            return None
        length = timedelta(seconds=value.seconds)
        if not -_MOST_DAYS <= length.days <= _MOST_DAYS:
            return None
        return length if node.operator == "+" else -length

    def _name(self, node: Name, indent: str) -> str:
        parameter = self.book.parameters.get(node.name)
        if parameter is not None:
            return self.refer(parameter.value)
        if node.name in self.book.facts:
            return self._held(f"get({node.name!r})", indent)
        return self._held(f"{self.refer(self.of(node))}(run)", indent)

    def _joined(self, node: Binary, indent: str) -> str:
        """`and`, `or`: the second side is not computed where the first settles it."""
        settles, leaves = ("False", "True") if node.operator == "and" else ("True", "False")
        one = self.write(node.left, indent)
        found = self._held(settles, indent)
        self.lines.append(f"{indent}if {one} is not {settles}:")
        two = self.write(node.right, f"{indent}    ")
        either = f"{two} if {one} is {leaves} or {two} is {settles} else None"
        self.lines.append(f"{indent}    {found} = {either}")
        return found

    def _choice(self, node: Choice, indent: str) -> str:
        """Where the condition is unknown, what both ways give alike; by calculation: it is rare."""
        condition = self.write(node.condition, indent)
        found = self._held("None", indent)
        deeper = f"{indent}    "
        self.lines.append(f"{indent}if {condition}:")
        self.lines.append(f"{deeper}{found} = {self.write(node.then, deeper)}")
        self.lines.append(f"{indent}elif {condition} is not None:")
        self.lines.append(f"{deeper}{found} = {self.write(node.otherwise, deeper)}")
        self.lines.append(f"{indent}else:")
        ways = f"{self.refer(self.of(node.then))}, {self.refer(self.of(node.otherwise))}"
        self.lines.append(f"{deeper}{found} = {self.refer(_alike)}({ways}, run)")
        return found

    def _held(self, text: str, indent: str) -> str:
        self._temporaries += 1
        self.lines.append(f"{indent}t{self._temporaries} = {text}")
        return f"t{self._temporaries}"


def _alike(then: Callable[[Any], Loose], otherwise: Callable[[Any], Loose], run: object) -> Loose:
    """Return the value that both ways of a choice give; unknown when they differ."""
    value = then(run)
    return value if value is not None and value == otherwise(run) else None


def kind_of(book: Rulebook, name: str) -> Kind | None:
    """Return the kind of a fact, parameter, formula or `table.output`; None when it is none."""
    for declared in (book.facts.get(name), book.parameters.get(name), book.formulas.get(name)):
        if declared is not None:
            return declared.type.kind
    table, _, output = name.partition(".")
    given = book.tables[table].gives.get(output) if table in book.tables else None
    return given.kind if given is not None else None
