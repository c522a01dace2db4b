"""Encoder (编码): expressions of one rulebook as terms over one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gongdao.core.rulebook.expression import (
    Binary,
    Call,
    Choice,
    Constant,
    Expression,
    Name,
    Unary,
)
from gongdao.core.rulebook.model import Kind, Rulebook, TypeOf
from gongdao.prove.logic import (
    TRUE,
    all_of,
    as_real,
    either,
    floor_of,
    integer_value,
    ratio,
    text_value,
)
from gongdao.prove.terms import (
    DAY_SECONDS,
    Meaning,
    Quantity,
    Truth,
    arithmetic,
    chosen,
    compare,
    conjunction,
    disjunction,
    extreme,
    known_truth,
    literal,
    members,
    same_truth,
)
from gongdao.prove.vocabulary import Vocabulary

_BEIJING_SECONDS = 8 * 3600
_ARITHMETIC = ("+", "-", "*", "/")


@dataclass(slots=True)
class Encoder:
    """Turns expressions of one rulebook into terms over one vocabulary."""

    vocabulary: Vocabulary
    output: Callable[[str], Meaning]
    """Meaning of a `table.output`."""

    @property
    def book(self) -> Rulebook:
        """The rulebook being encoded."""
        return self.vocabulary.book

    def name(self, name: str) -> Meaning:
        """Return what a fact, parameter, formula or `table.output` means."""
        book = self.book
        if name in book.facts:
            return self.vocabulary.fact(name)
        if name in book.parameters:
            parameter = book.parameters[name]
            if parameter.value is None:
                return self.vocabulary.open_parameter(name)
            return literal(parameter.value, parameter.type, book)
        if name in book.formulas:
            formula = book.formulas[name]
            return self.given_as(formula.expression, formula.type.enum)
        return self.output(name)

    def given_as(self, node: Expression, enum: str | None) -> Meaning:
        """Return an expression's meaning where words are members of `enum`."""
        if enum is not None and _is_word(node):
            return self.word(node, enum)
        if enum is not None and isinstance(node, Choice):
            then, otherwise = self.given_as(node.then, enum), self.given_as(node.otherwise, enum)
            return chosen(self.truth(node.condition), then, otherwise)
        return self.meaning(node)

    def truth(self, node: Expression) -> Truth:
        """Return the meaning of a condition."""
        meaning = self.meaning(node)
        if isinstance(meaning, Quantity):
            raise TypeError("a condition is expected here")
        return meaning

    def quantity(self, node: Expression) -> Quantity:
        """Return the meaning of a value that is not a condition."""
        meaning = self.meaning(node)
        if isinstance(meaning, Truth):
            raise TypeError("a value is expected here")
        return meaning

    def meaning(self, node: Expression) -> Meaning:
        """Return the meaning of any expression."""
        match node:
            case Constant():
                return self._constant(node)
            case Name():
                return self.name(node.name)
            case Unary():
                return self._unary(node)
            case Binary("and"):
                return conjunction([self.truth(node.left), self.truth(node.right)])
            case Binary("or"):
                return disjunction([self.truth(node.left), self.truth(node.right)])
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Choice():
                return self._choice(node)

    def _constant(self, node: Constant) -> Meaning:
        if node.kind == Kind.ENUM:
            # Which enumeration a word belongs to is seen only where it is compared.
            return Quantity(text_value(str(node.value)), TRUE)
        return literal(node.value, TypeOf(kind=Kind(node.kind)), self.book)

    def _unary(self, node: Unary) -> Meaning:
        if node.operator == "known":
            return known_truth(self.meaning(node.operand))
        if node.operator == "not":
            inner = self.truth(node.operand)
            return Truth(inner.no, inner.yes)
        value = self.quantity(node.operand)
        return Quantity(-value.term, value.known, -value.months, -value.workdays)

    def _binary(self, node: Binary) -> Meaning:
        left, right = self.meaning(node.left), self.meaning(node.right)
        if isinstance(left, Truth) or isinstance(right, Truth):
            return same_truth(node.operator, left, right)
        if node.operator in _ARITHMETIC:
            return arithmetic(node.operator, left, right)
        left, right = self._as_words(node.left, left, node.right, right)
        return compare(node.operator, left, right)

    def _as_words(
        self, left_node: Expression, left: Quantity, right_node: Expression, right: Quantity
    ) -> tuple[Quantity, Quantity]:
        """Give a quoted word the index it has in the enumeration of the other side."""
        if _is_word(left_node) and not _is_word(right_node):
            return self.word(left_node, self.enum_of(right_node)), right
        if _is_word(right_node) and not _is_word(left_node):
            return left, self.word(right_node, self.enum_of(left_node))
        return left, right

    def word(self, node: Expression, enum: str | None) -> Quantity:
        """Return a quoted word as a member of `enum`, or as text."""
        value = str(node.value) if isinstance(node, Constant) else ""
        if enum is None:
            return Quantity(text_value(value), TRUE)
        return Quantity(integer_value(members(self.book, enum).index(value)), TRUE)

    def enum_of(self, node: Expression) -> str | None:
        """Return the enumeration that a name's values come from, if any."""
        return type_of_name(self.book, node.name).enum if isinstance(node, Name) else None

    def _call(self, node: Call) -> Meaning:
        arguments = [self.quantity(a) for a in node.arguments]
        known = all_of([a.known for a in arguments])
        first = arguments[0].term
        match node.function:
            case "round":
                half, exact = ratio(Fraction(1, 2)), as_real(first)
                rounded = either(exact >= 0, floor_of(exact + half), -floor_of(-exact + half))
                return Quantity(rounded, known)
            case "floor":
                return Quantity(floor_of(first), known)
            case "ceil":
                return Quantity(-floor_of(-first), known)
            case "abs":
                return Quantity(either(first >= 0, first, -first), known)
            case "next_midnight":
                days = (first + _BEIJING_SECONDS) / DAY_SECONDS
                return Quantity((days + 1) * DAY_SECONDS - _BEIJING_SECONDS, known)
            case _:
                return Quantity(extreme(node.function, arguments), known)

    def _choice(self, node: Choice) -> Meaning:
        then, otherwise = self.meaning(node.then), self.meaning(node.otherwise)
        if isinstance(then, Quantity) and isinstance(otherwise, Quantity):
            then, otherwise = self._as_words(node.then, then, node.otherwise, otherwise)
        return chosen(self.truth(node.condition), then, otherwise)


def type_of_name(book: Rulebook, name: str) -> TypeOf:
    """Return the declared type of a name of the rulebook."""
    declared: Mapping[str, Any]
    for declared in (book.facts, book.parameters, book.formulas):
        if name in declared:
            return declared[name].type
    table, _, output = name.partition(".")
    return book.tables[table].gives[output]


def _is_word(node: Expression) -> bool:
    return isinstance(node, Constant) and node.kind == Kind.ENUM
