"""Terms (项): values and expressions of a rulebook as solver terms.

Truth is three-valued as in evaluation: a condition is a pair (surely true, surely false). A value
is a pair (term, known). Money is an integer of fen, an instant and a span integers of seconds, an
enumeration an integer index into its members. Adding months to an instant is not linear; it is an
unknown function held between 28 and 31 days a month, exact enough because every witness is checked
against the real calendar afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, TypeAlias

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
from gongdao.core.rulebook.literal import BUILT_IN
from gongdao.core.rulebook.model import Kind, Rulebook, TypeOf, Value
from gongdao.prove.logic import (
    FALSE,
    TRUE,
    Term,
    all_of,
    any_of,
    as_real,
    boolean,
    either,
    floor_of,
    integer,
    integer_value,
    negated,
    ratio,
    real,
    text,
    text_value,
    truth_value,
    unknown_function,
)

DAY_SECONDS = 86_400
_BEIJING_SECONDS = 8 * 3600
_SHORTEST_MONTH_DAYS, _LONGEST_MONTH_DAYS = 28, 31
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Instants outside these years are not those of orders.
_FIRST_SECOND, _LAST_SECOND = 1_262_304_000, 2_208_988_800


@dataclass(frozen=True, slots=True)
class Truth:
    """A three-valued condition: surely true, surely false, or neither."""

    yes: Term
    no: Term


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and whether it is known. `months` is the calendar part of a span."""

    term: Term
    known: Term
    months: int = 0


Meaning: TypeAlias = Truth | Quantity


def conjunction(parts: list[Truth]) -> Truth:
    """All of them."""
    return Truth(
        all_of([p.yes for p in parts]) if parts else TRUE,
        any_of([p.no for p in parts]) if parts else FALSE,
    )


def disjunction(parts: list[Truth]) -> Truth:
    """Any of them."""
    return Truth(any_of([p.yes for p in parts]), all_of([p.no for p in parts]))


def literal(value: Value, type_: TypeOf, book: Rulebook) -> Meaning:
    """Return a constant of the rulebook as a term."""
    if isinstance(value, bool):
        return Truth(truth_value(value), truth_value(not value))
    if isinstance(value, datetime):
        return Quantity(integer_value(int((value - _EPOCH).total_seconds())), TRUE)
    if isinstance(value, Span):
        return Quantity(integer_value(value.seconds), TRUE, value.months)
    if isinstance(value, Fraction):
        return Quantity(ratio(value), TRUE)
    if isinstance(value, int):
        return Quantity(integer_value(value), TRUE)
    if type_.kind is Kind.ENUM and type_.enum is not None:
        return Quantity(integer_value(members(book, type_.enum).index(value)), TRUE)
    return Quantity(text_value(value), TRUE)


def members(book: Rulebook, enum: str) -> tuple[str, ...]:
    """Return the words of an enumeration in declared order."""
    declared = book.enums.get(enum)
    return tuple((declared or BUILT_IN[enum]).members)


class Vocabulary:
    """The variables of one copy of a rulebook's facts. Two copies differ by their prefix."""

    def __init__(self, book: Rulebook, prefix: str = "") -> None:
        self.book = book
        self.prefix = prefix
        self.values: dict[str, Meaning] = {}
        self.domain: list[Term] = []
        """What every case satisfies: ranges, members, declared limits."""

    def fact(self, name: str) -> Meaning:
        """Return the variable of a fact, declaring it at first use."""
        found = self.values.get(name)
        if found is None:
            found = self.values[name] = self._declare(name, self.book.facts[name].type)
            self._limit(name, found)
        return found

    def open_parameter(self, name: str) -> Meaning:
        """Return a variable for a parameter that no source sets: the operator may choose any."""
        key = f"parameter {name}"
        found = self.values.get(key)
        if found is None:
            found = self.values[key] = self._declare(key, self.book.parameters[name].type)
            if isinstance(found, Quantity):
                self.domain.append(found.known)
            else:
                self.domain.append(any_of([found.yes, found.no]))
        return found

    def _declare(self, name: str, type_: TypeOf) -> Meaning:
        label = f"{self.prefix}{name}"
        known = boolean(f"{label}?")
        if type_.kind is Kind.BOOLEAN:
            value = boolean(label)
            return Truth(all_of([known, value]), all_of([known, negated(value)]))
        if type_.kind is Kind.DECIMAL:
            return Quantity(real(label), known)
        if type_.kind is Kind.TEXT:
            return Quantity(text(label), known)
        term = integer(label)
        if type_.kind is Kind.ENUM and type_.enum is not None:
            self.domain += [term >= 0, term < len(members(self.book, type_.enum))]
        if type_.kind is Kind.INSTANT:
            self.domain += [term >= _FIRST_SECOND, term <= _LAST_SECOND]
        return Quantity(term, known)

    def _limit(self, name: str, meaning: Meaning) -> None:
        declared = self.book.facts[name]
        if isinstance(meaning, Truth):
            return
        for limit, test in ((declared.minimum, _at_least), (declared.maximum, _at_most)):
            if limit is not None:
                bound = literal(limit, declared.type, self.book)
                if isinstance(bound, Quantity):
                    self.domain.append(test(meaning.term, bound.term))


def _at_least(left: Term, right: Term) -> Term:
    return left >= right


def _at_most(left: Term, right: Term) -> Term:
    return left <= right


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
            return _chosen(self.truth(node.condition), then, otherwise)
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
        return Quantity(-value.term, value.known, -value.months)

    def _binary(self, node: Binary) -> Meaning:
        left, right = self.meaning(node.left), self.meaning(node.right)
        if isinstance(left, Truth) or isinstance(right, Truth):
            return _same_truth(node.operator, left, right)
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
                return Quantity(_extreme(node.function, arguments), known)

    def _choice(self, node: Choice) -> Meaning:
        then, otherwise = self.meaning(node.then), self.meaning(node.otherwise)
        if isinstance(then, Quantity) and isinstance(otherwise, Quantity):
            then, otherwise = self._as_words(node.then, then, node.otherwise, otherwise)
        return _chosen(self.truth(node.condition), then, otherwise)


def _chosen(condition: Truth, then: Meaning, otherwise: Meaning) -> Meaning:
    """Return `then` or `otherwise`; with the condition unknown, what both agree on."""
    if isinstance(then, Truth) and isinstance(otherwise, Truth):
        return disjunction(
            [
                conjunction([condition, then]),
                conjunction([Truth(condition.no, condition.yes), otherwise]),
            ]
        )
    if isinstance(then, Truth) or isinstance(otherwise, Truth):
        raise TypeError("both branches of a choice are of one type")
    known = any_of(
        [
            all_of([condition.yes, then.known]),
            all_of([condition.no, otherwise.known]),
            all_of([then.known, otherwise.known, then.term == otherwise.term]),
        ]
    )
    return Quantity(either(condition.yes, then.term, otherwise.term), known)


def known_truth(meaning: Meaning) -> Truth:
    """Return whether a value was given; that itself is always known."""
    known = any_of([meaning.yes, meaning.no]) if isinstance(meaning, Truth) else meaning.known
    return Truth(known, negated(known))


def compare(operator: str, left: Quantity, right: Quantity) -> Truth:
    """Return a comparison of two values; unknown when either is."""
    known = all_of([left.known, right.known])
    test = _COMPARE[operator](left.term, right.term)
    return Truth(all_of([known, test]), all_of([known, negated(test)]))


def arithmetic(operator: str, left: Quantity, right: Quantity) -> Quantity:
    """Return `left operator right`; division by zero is unknown."""
    known = all_of([left.known, right.known])
    sign = -1 if operator == "-" else 1
    months = left.months + sign * right.months
    if operator == "/":
        exact = as_real(left.term) / as_real(right.term)
        return Quantity(exact, all_of([known, right.term != 0]))
    if operator == "*":
        return Quantity(left.term * right.term, known, 0)
    total = left.term + right.term if operator == "+" else left.term - right.term
    if left.months == 0 and right.months == 0:
        return Quantity(total, known)
    if left.months and right.months:
        return Quantity(total, known, months)
    return _moved_by_months(total, known, months)


def _moved_by_months(total: Term, known: Term, months: int) -> Quantity:
    """An instant moved by calendar months: between 28 and 31 days for each."""
    shift = unknown_function(f"months_{months}", total)
    low, high = sorted(
        (months * _SHORTEST_MONTH_DAYS * DAY_SECONDS, months * _LONGEST_MONTH_DAYS * DAY_SECONDS)
    )
    bounded = either(shift < low, low, either(shift > high, high, shift))
    return Quantity(total + bounded, known)


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


def _same_truth(operator: str, left: Meaning, right: Meaning) -> Truth:
    if not isinstance(left, Truth) or not isinstance(right, Truth):
        raise TypeError("conditions compare with conditions")
    same = disjunction([conjunction([left, right]), conjunction([_not(left), _not(right)])])
    return same if operator == "==" else _not(same)


def _not(truth: Truth) -> Truth:
    return Truth(truth.no, truth.yes)


def _extreme(function: str, arguments: list[Quantity]) -> Term:
    best = arguments[0].term
    for other in arguments[1:]:
        better = other.term > best if function == "max" else other.term < best
        best = either(better, other.term, best)
    return best


_ARITHMETIC = ("+", "-", "*", "/")
_COMPARE: dict[str, Callable[[Term, Term], Term]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
