"""Planning stages (排步): which values become columns, and in which order.

A value that is read more than once, or that an operation would write several times (a minimum, a
rounding, a quotient), is computed in a column of its own; without that a short formula may become a
query of a million characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from gongdao.core.rulebook.dependencies import names_in, names_of_table
from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Rulebook


class Plan:
    """Collects expressions into layers: each rests on columns of the layers before it."""

    def __init__(self, book: Rulebook, used: Counter[str], kept: Collection[Expression]) -> None:
        self._book = book
        self._used = used
        self._kept = kept
        self._depth: dict[Expression, int] = {}
        self._layers: dict[int, list[Expression]] = {}

    def layers(self) -> Iterator[list[Expression]]:
        """Yield the layers, innermost first."""
        for depth in sorted(self._layers):
            yield self._layers[depth]

    def visit(self, node: Expression) -> int:
        """Plan what `node` rests on, and return the layer in which it can be written."""
        found = self._depth.get(node)
        if found is None:
            found = self._depth[node] = self._visit(node)
        return found

    def hold(self, node: Expression) -> int:
        """Plan `node` as a column, if it is worth one; return the layer in which it can be read."""
        depth = self.visit(node)
        if node in self._kept or not self._heavy(node):
            return depth
        held = self._layers.setdefault(depth, [])
        if node not in held:
            held.append(node)
        self._depth[node] = depth
        return depth + 1

    def _visit(self, node: Expression) -> int:
        if node in self._kept:
            return 0
        match node:
            case Constant():
                return 0
            case Name():
                return self._name(node)
            case Unary():
                return self.visit(node.operand)
            case Binary("/"):
                return max(self.hold(node.left), self.hold(node.right))
            case Binary():
                return max(self.visit(node.left), self.visit(node.right))
            case Call():
                return max(self.hold(a) for a in node.arguments)
            case Choice():
                return max(self.hold(e) for e in (node.condition, node.then, node.otherwise))

    def _name(self, node: Name) -> int:
        formula = self._book.formulas.get(node.name)
        if formula is None:
            return 0
        depth = self.visit(formula.expression)
        if self._used[node.name] > 1 and self._heavy(formula.expression):
            self._layers.setdefault(depth, []).append(node)
            return depth + 1
        return depth

    def _heavy(self, node: Expression) -> bool:
        """Tell whether writing an expression twice would cost more than a column."""
        if isinstance(node, Constant) or not any(True for _ in names_in(node)):
            return False
        if isinstance(node, Name):
            formula = self._book.formulas.get(node.name)
            staged = self._used[node.name] > 1
            return formula is not None and not staged and self._heavy(formula.expression)
        return True


def reached(book: Rulebook, names: Iterable[str]) -> tuple[str, ...]:
    """Return names and what formulas among them read, inner ones first, each once."""
    found: dict[str, None] = {}

    def walk(name: str) -> None:
        if name in found:
            return
        if name in book.formulas:
            for inner in names_in(book.formulas[name].expression):
                walk(inner)
        found[name] = None

    for name in names:
        walk(name)
    return tuple(found)


def uses(book: Rulebook, asked: str) -> Counter[str]:
    """Count how often each name is read on the way to the answer of a table."""
    used: Counter[str] = Counter()
    seen: set[str] = set()
    waiting = [f"{asked}."]
    while waiting:
        name = waiting.pop()
        table = book.tables.get(name.partition(".")[0]) if "." in name else None
        key = name.partition(".")[0] + "." if table else name
        if key in seen:
            continue
        seen.add(key)
        if table is not None:
            inner = list(names_of_table(table))
        elif name in book.formulas:
            inner = list(names_in(book.formulas[name].expression))
        else:
            continue
        used.update(inner)
        waiting.extend(inner)
    return used


def facts_read(book: Rulebook, asked: str) -> frozenset[str]:
    """Return the facts that the answer of a table may rest on."""
    return frozenset(name for name in uses(book, asked) if name in book.facts)
