"""Calculating (求值): a rulebook's expressions as plain Python closures over one set of facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

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
from gongdao.core.rulebook.model import Formula, Kind, Rulebook, Value
from gongdao.core.rulebook.operations import BINARY, CALLS, Loose, add, negate, subtract

if TYPE_CHECKING:
    from gongdao.core.rulebook.answer import RowHit


class Run:
    """One evaluation: the facts given, and what was worked out from them so far."""

    __slots__ = ("get", "hits", "outputs", "values")

    def __init__(self, facts: Mapping[str, Value]) -> None:
        self.get = facts.get
        self.values: dict[str, Loose] = {}
        """Formulas already computed and `table.output`s already asked for, by name."""
        self.outputs: dict[str, Mapping[str, Loose]] = {}
        """Outputs of tables already consulted; None for those not certain."""
        self.hits: list[RowHit] = []


Calculation: TypeAlias = Callable[[Run], Loose]


@dataclass(slots=True)
class Calculator:
    """Turns expressions of one rulebook into calculations."""

    book: Rulebook
    consult: Callable[[str, Run], Mapping[str, Loose]]
    """Answers a table by name, remembering it in the run."""
    _named: dict[str, Calculation] = field(default_factory=dict[str, Calculation])

    def of_name(self, name: str) -> Calculation:
        """Return the calculation of a fact, parameter, formula or `table.output`."""
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = self._of_name(name)
        return found

    def _of_name(self, name: str) -> Calculation:
        book = self.book
        if name in book.parameters:
            value = book.parameters[name].value
            return lambda run: value  # noqa: ARG005  every calculation takes the run
        if name in book.formulas:
            return self._formula(book.formulas[name])
        table, dot, output = name.partition(".")
        if dot:
            return self._output(name, table, output)
        return lambda run: run.get(name)

    def _output(self, name: str, table: str, output: str) -> Calculation:
        consult = self.consult

        def remembered(run: Run) -> Loose:
            values = run.values
            if name in values:
                return values[name]
            value = values[name] = consult(table, run).get(output)
            return value

        return remembered

    def _formula(self, formula: Formula) -> Calculation:
        name = formula.name
        calculation = self.of(formula.expression)
        is_decimal = formula.type.kind is Kind.DECIMAL

        def remembered(run: Run) -> Loose:
            values = run.values
            if name in values:
                return values[name]
            value = calculation(run)
            if is_decimal and value is not None:
                value = Fraction(value)
            values[name] = value
            return value

        return remembered

    def of(self, node: Expression) -> Calculation:
        """Return the calculation of an expression."""
        match node:
            case Constant():
                value = node.value
                return lambda run: value  # noqa: ARG005  every calculation takes the run
            case Name():
                return self.of_name(node.name)
            case Unary():
                return self._unary(node)
            case Binary("and"):
                return _both(self.of(node.left), self.of(node.right))
            case Binary("or"):
                return _either(self.of(node.left), self.of(node.right))
            case Binary("+" | "-"):
                move = add if node.operator == "+" else subtract
                left, right = self.of(node.left), self.of(node.right)
                calendar = self.book.calendar
                return lambda run: move(left(run), right(run), calendar)
            case Binary():
                operation = BINARY[node.operator]
                left, right = self.of(node.left), self.of(node.right)
                return lambda run: operation(left(run), right(run))
            case Call():
                function = CALLS[node.function]
                arguments = [self.of(a) for a in node.arguments]
                return lambda run: function(*[a(run) for a in arguments])
            case Choice():
                return self._choice(node)

    def _unary(self, node: Unary) -> Calculation:
        operand = self.of(node.operand)
        if node.operator == "known":
            return lambda run: operand(run) is not None
        if node.operator == "not":
            return lambda run: None if (value := operand(run)) is None else not value
        return lambda run: negate(operand(run))

    def _choice(self, node: Choice) -> Calculation:
        condition, then, otherwise = (
            self.of(node.condition),
            self.of(node.then),
            self.of(node.otherwise),
        )

        def choose(run: Run) -> Loose:
            truth = condition(run)
            if truth is None:
                value = then(run)
                return value if value is not None and value == otherwise(run) else None
            return then(run) if truth else otherwise(run)

        return choose


def _both(left: Calculation, right: Calculation) -> Calculation:
    def both(run: Run) -> bool | None:
        one = left(run)
        if one is False:
            return False
        other = right(run)
        return other if one or other is False else None

    return both


def _either(left: Calculation, right: Calculation) -> Calculation:
    def either(run: Run) -> bool | None:
        one = left(run)
        if one is True:
            return True
        other = right(run)
        return other if one is False or other is True else None

    return either


def settled(value: Loose) -> Value | None:
    """Return a calculated value as a value of the book: spans in whole seconds."""
    if isinstance(value, timedelta):
        return Span(0, value // timedelta(seconds=1))
    return value
