"""Calculating (求值): a rulebook's expressions as plain Python functions of one set of facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.expression import Constant, Expression, Name
from gongdao.core.rulebook.inline import Inliner
from gongdao.core.rulebook.model import Formula, Kind, Rulebook, Value
from gongdao.core.rulebook.operations import Loose

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
    _made: dict[Expression, Calculation] = field(default_factory=dict[Expression, Calculation])

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
        """A formula is computed once in a run."""
        return self._function(
            formula.expression,
            before=(
                "    values = run.values",
                f"    if {formula.name!r} in values: return values[{formula.name!r}]",
            ),
            after=f"values[{formula.name!r}] = ",
            exactly=formula.type.kind is Kind.DECIMAL,
        )

    def of(self, node: Expression) -> Calculation:
        """Return the calculation of an expression, written out once as a function."""
        match node:
            case Constant():
                value = node.value
                return lambda run: value  # noqa: ARG005  every calculation takes the run
            case Name():
                return self.of_name(node.name)
            case _:
                found = self._made.get(node)
                if found is None:
                    found = self._made[node] = self._function(node)
                return found

    def _function(
        self,
        node: Expression,
        *,
        before: tuple[str, ...] = (),
        after: str = "",
        exactly: bool = False,
    ) -> Calculation:
        known: dict[str, Any] = {"Fraction": Fraction}

        def refer(value: object) -> str:
            name = f"k{len(known)}"
            known[name] = value
            return name

        lines = ["def calculate(run):", *before, "    get = run.get"]
        found = Inliner(self.book, refer, self.of, lines).write(node, "    ")
        if exactly:
            lines.append(f"    exact = None if {found} is None else Fraction({found})")
            found = "exact"
        lines += [f"    result = {after}{found}", "    return result"]
        exec(compile("\n".join(lines), "<expression>", "exec"), known)  # noqa: S102  our own source
        return known["calculate"]


def settled(value: Loose) -> Value | None:
    """Return a calculated value as a value of the book: spans in whole seconds."""
    if isinstance(value, timedelta):
        return Span(0, value // timedelta(seconds=1))
    return value
